/**
 * What one check found, as a line for a person and as JSON. Deliberately without any check.
 */

export type FindingStatus = 'ok' | 'warn' | 'fail' | 'skip';

export interface Finding {
  readonly check: string;
  readonly status: FindingStatus;
  /** What is so, in one line. */
  readonly what: string;
  /** What a person does about it; absent when there is nothing to do. */
  readonly remedy?: string | undefined;
}

export const ok = (check: string, what: string): Finding => ({ check, status: 'ok', what });
export const skip = (check: string, what: string): Finding => ({ check, status: 'skip', what });
export const warn = (check: string, what: string, remedy: string): Finding => ({
  check,
  status: 'warn',
  what,
  remedy,
});
export const fail = (check: string, what: string, remedy: string): Finding => ({
  check,
  status: 'fail',
  what,
  remedy,
});

const MARKS: Readonly<Record<FindingStatus, string>> = {
  ok: 'ok  ',
  warn: 'warn',
  fail: 'FAIL',
  skip: 'skip',
};
const CHECK_WIDTH = 16;

/** One line; outside text in it can move no cursor (I24). */
export function findingLine({ check, status, what, remedy }: Finding): string {
  const rest = remedy === undefined ? what : `${what} -> ${remedy}`;
  return `${MARKS[status]}  ${check.padEnd(CHECK_WIDTH)}  ${rest}`.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu,
    ' ',
  );
}

/** The one documented shape (docs/doctor.md). */
export const findingsJson = (findings: readonly Finding[]) => ({
  version: 1,
  ok: findings.every(({ status }) => status !== 'fail'),
  checks: findings.map(({ check, status, what, remedy }) => ({
    check,
    status,
    what,
    remedy: remedy ?? null,
  })),
});
