/** Which trouble ends a headless run by itself, and with which exit code. */
import { expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { healable } from '../../src/cli/run-watch.ts';
import { order, position, quiet } from '../support/builders-snapshot.ts';

const { link, session, quote } = quiet();

it('trouble that a new start may heal has its exit code (F122 F123)', () => {
  expect(healable(quiet(), [])).toBeUndefined();
  expect(healable(undefined, [])).toBeUndefined();
  const cases = [
    [quiet(), ['the loop has not turned for 11 s'], EXIT.stuck],
    [quiet(), ['the journal does not write'], EXIT.persistence],
    [quiet(), ['the disk has not answered for 9 s'], EXIT.persistence],
    [quiet({ link: { ...link, state: 'DISCONNECTED' } }), [], EXIT.unreachable],
    [
      quiet({
        session: { ...session, state: 'open' },
        quote: quote === undefined ? undefined : { ...quote, fresh: false },
      }),
      [],
      EXIT.unreachable,
    ],
  ] as const;
  for (const [now, ills, code] of cases) expect(healable(now, ills)?.code).toBe(code);
});

it('trouble that needs a person, a login or patience does not end a run', () => {
  for (const state of ['AUTH_HALT', 'MAINTENANCE', 'HALTED'] as const) {
    expect(healable(quiet({ link: { ...link, state } }), [])).toBeUndefined();
  }
  const bare = quiet({
    positions: [position({ state: 'NAKED' })],
    orders: [order({ state: 'UNKNOWN', ageMs: 99_000 })],
  });
  expect(healable(bare, [])).toBeUndefined();
});
