/**
 * What a person away from the screen must hear of, read from one picture after the other.
 * Deliberately says only what is so now; alerts.ts decides who is told and how often.
 */
import type { AlertLevel, Snapshot } from '../engine/index.ts';

export interface TriggerLimits {
  /** Without a READY link for longer than this. */
  readonly disconnectMs: number;
  /** Without a quote for longer than this in an open session. */
  readonly silenceMs: number;
  /** Before the stored login ends. */
  readonly loginMs: number;
  /** Free space where the journal is. */
  readonly freeMibLeast: number;
}

export interface Trouble {
  readonly level: AlertLevel;
  readonly key: string;
  readonly text: string;
}

export interface Seen {
  readonly now: Snapshot;
  /** Real milliseconds since the link was READY last. */
  readonly offlineMs: number;
  readonly freeMib: number | undefined;
  /** The process itself (health.ts). */
  readonly ills: readonly string[];
}

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;
const hours = (ms: number): string => `${Math.max(0, Math.round(ms / 3.6e6))} h`;
const HALTED: ReadonlySet<string> = new Set(['AUTH_HALT', 'HALTED']);

/** Everything that is wrong now; each with a key that stays the same while it lasts. */
export function troublesOf(seen: Seen, limits: TriggerLimits): readonly Trouble[] {
  const { now, offlineMs, freeMib, ills } = seen;
  const { link, quote, session, login } = now;
  const rows: (Trouble | false)[] = [
    HALTED.has(link.state) && {
      level: 'critical',
      key: 'login',
      text: `the broker refuses the login: the link is ${link.state}`,
    },
    offlineMs > limits.disconnectMs && {
      level: 'critical',
      key: 'link',
      text: `no link to the broker for ${seconds(offlineMs)}: ${link.state}`,
    },
    session.state === 'open' &&
      link.state === 'READY' &&
      (quote === undefined || quote.ageMs > limits.silenceMs) && {
        level: 'critical',
        key: 'feed',
        text: `no quote for ${quote === undefined ? 'the whole session' : seconds(quote.ageMs)}`,
      },
    login !== undefined &&
      login.expiresAt - now.wall < limits.loginMs && {
        level: 'warning',
        key: 'token',
        text: `the login ends in ${hours(login.expiresAt - now.wall)}`,
      },
    freeMib !== undefined &&
      freeMib < limits.freeMibLeast && {
        level: 'warning',
        key: 'disk',
        text: `only ${freeMib} MiB are free where the journal is`,
      },
  ];
  return [
    ...rows.filter((one) => one !== false),
    ...ills.map(
      (text) => ({ level: 'critical', key: `health:${text.slice(0, 12)}`, text }) as const,
    ),
    ...bookTroubles(now),
  ];
}

/** Breakers, positions and orders. */
function bookTroubles({ breakers, positions, orders }: Snapshot): readonly Trouble[] {
  return [
    ...breakers
      .filter((one) => one.tripped)
      .map(({ name, reason }) => {
        const level: AlertLevel =
          name === 'VOLATILITY' || name === 'SPREAD' ? 'warning' : 'critical';
        return { level, key: `breaker:${name}`, text: `breaker ${name} tripped: ${reason}` };
      }),
    ...positions
      .filter((one) => one.ours && one.state === 'NAKED')
      .map(({ id }) => {
        const text = `position ${id} has no stop at the broker`;
        return { level: 'critical', key: `naked:${id}`, text } as const;
      }),
    ...orders
      .filter((one) => one.state === 'UNKNOWN' || one.state === 'QUARANTINED')
      .map(({ id, side }) => {
        const text = `the outcome of order ${id} (${side}) is not known`;
        return { level: 'critical', key: `unknown:${id}`, text } as const;
      }),
    ...orders
      .filter((one) => one.state === 'REJECTED')
      .map(({ id, side, reason }) => {
        const text = `order ${id} (${side}) was rejected: ${reason}`;
        return { level: 'warning', key: `rejected:${id}`, text } as const;
      }),
  ];
}
