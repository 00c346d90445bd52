/**
 * What the terminal is told besides cells: the bell for new trouble, text for its clipboard.
 * Deliberately pure: the words and bytes are made here, `app.tsx` writes them.
 */
import type { Snapshot } from '../engine/index.ts';
import type { Env } from './look.ts';

export const BELL = '\x07';

/** Everything a person should be called for; each is a key that is there while it lasts. */
export function troubles(snapshot: Snapshot): readonly string[] {
  return [
    ...snapshot.breakers.filter((one) => one.tripped).map((one) => `breaker ${one.name}`),
    ...snapshot.positions.filter((one) => one.state === 'NAKED').map((one) => `naked ${one.id}`),
    ...snapshot.orders
      .filter((one) => one.state === 'UNKNOWN' || one.state === 'QUARANTINED')
      .map((one) => `order ${one.id}`),
    ...(snapshot.link.state === 'DISCONNECTED' ? ['link'] : []),
  ];
}

/** True when something is wrong now that was not before; the first look never rings. */
export function ringsFor(before: readonly string[] | undefined, now: readonly string[]): boolean {
  return before !== undefined && now.some((one) => !before.includes(one));
}

/** Terminals that show the sequence as rubbish or have no clipboard at all. */
const WITHOUT_CLIPBOARD = /^(|linux|dumb|vt\d+)$/;

export const canCopy = (env: Env): boolean =>
  !WITHOUT_CLIPBOARD.test(env['TERM'] ?? '') && env['TERM_PROGRAM'] !== 'Apple_Terminal';

/** The clipboard sequence (OSC 52): base 64, so that no text can end it early. */
export const copySequence = (text: string): string =>
  `\x1b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\x07`;
