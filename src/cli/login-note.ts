/**
 * What is remembered of a login beside its tokens, and free of secrets: which store holds them,
 * whose they are, which account was chosen. Deliberately pure: config.ts and login-place.ts read
 * and write the file.
 */
import type { GrantScope } from '../ctrader/oauth/grant.ts';
import { STORE_NAMES, type StoreName } from '../ctrader/oauth/secret-store.ts';

export interface LoginNote {
  readonly clientId: string;
  readonly store: StoreName;
  readonly scope: GrantScope;
  /** UTC milliseconds; the end of the access token as it was last known. */
  readonly expiresAt: number;
  /** Chosen with `accounts --use`; digits. */
  readonly account: string | undefined;
}

export type LoginEnvironment = 'demo' | 'live';

/** Tokens of a simulator on this machine never share a file with those of the real broker. */
export function loginName(environment: LoginEnvironment, isLocal: boolean): string {
  return isLocal ? `login-${environment}-local` : `login-${environment}`;
}

/** Undefined for anything this program did not write: then there is simply no login. */
export function readLoginNote(text: string | undefined): LoginNote | undefined {
  if (text === undefined) return undefined;
  let fields: Readonly<Record<string, unknown>>;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    fields = parsed as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { v, clientId, store, scope, expiresAt, account } = fields;
  const name = STORE_NAMES.find((one) => one === store);
  const isScope = scope === 'accounts' || scope === 'trading';
  if (v !== 1 || typeof clientId !== 'string' || name === undefined || !isScope) return undefined;
  if (!Number.isSafeInteger(expiresAt)) return undefined;
  const chosen = typeof account === 'string' && /^\d{1,19}$/.test(account) ? account : undefined;
  return { clientId, store: name, scope, expiresAt: Number(expiresAt), account: chosen };
}

export function loginNoteText(note: LoginNote): string {
  const { clientId, store, scope, expiresAt, account } = note;
  return `${JSON.stringify({ v: 1, clientId, store, scope, expiresAt, account })}\n`;
}

/** "29 days", "5 hours", "3 minutes", or that it has ended: the countdown in words. */
export function timeLeft(expiresAt: number, now: number): string {
  const left = expiresAt - now;
  if (left <= 0) return 'ended';
  const units = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
  ] as const;
  for (const [ms, name] of units) {
    const count = Math.floor(left / ms);
    if (count >= 1) return `${count} ${name}${count === 1 ? '' : 's'}`;
  }
  return 'less than a minute';
}
