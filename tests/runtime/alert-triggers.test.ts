/** Each kind of trouble a person must hear of, and silence when there is none. */
import { describe, expect, it } from 'vitest';
import { type Snapshot, wall } from '../../src/engine/index.ts';
import { troublesOf } from '../../src/runtime/alert-triggers.ts';
import { breaker, order, position, quiet } from '../support/builders-snapshot.ts';

const LIMITS = {
  disconnectMs: 60_000,
  silenceMs: 30_000,
  loginMs: 72 * 3_600_000,
  freeMibLeast: 1_024,
};
const HOUR = 3_600_000;

const calm = quiet({ orders: [], positions: [], breakers: [breaker('FEED')] });
const keys = (fields: Partial<Snapshot>, extra: object = {}) =>
  troublesOf(
    { now: { ...calm, ...fields }, offlineMs: 0, freeMib: 9_000, ills: [], ...extra },
    LIMITS,
  ).map((one) => `${one.level} ${one.key}`);

describe('trouble', () => {
  it('is none on a quiet day', () => {
    expect(keys({})).toEqual([]);
  });

  it('has a key of its own for everything a person must hear of', () => {
    const { link, session, quote, wall: now } = calm;
    const old = quote === undefined ? undefined : { ...quote, ageMs: 31_000 };
    const open = { ...session, state: 'open' } as const;
    const login = (ms: number) => ({ login: { expiresAt: wall(now + ms) } });
    const lost = { ...link, state: 'CONNECTING' } as const;
    const id = position().id;
    const oid = order().id;
    const rows: readonly (readonly [Partial<Snapshot>, object, readonly string[]])[] = [
      [{ link: lost }, { offlineMs: 60_000 }, []],
      [{ link: lost }, { offlineMs: 60_001 }, ['critical link']],
      [{ link: { ...link, state: 'AUTH_HALT' } }, {}, ['critical login']],
      [{ session: open, quote: old }, {}, ['critical feed']],
      [{ session: { ...session, state: 'closed' }, quote: old }, {}, []],
      [login(71 * HOUR), {}, ['warning token']],
      [login(73 * HOUR), {}, []],
      [{}, { freeMib: 1_023 }, ['warning disk']],
      [{}, { freeMib: undefined }, []],
      [{}, { ills: ['the loop has not turned for 11 s'] }, ['critical health:the loop has']],
      [
        { breakers: [{ ...breaker('DAILY_LOSS'), tripped: true }] },
        {},
        ['critical breaker:DAILY_LOSS'],
      ],
      [{ positions: [position({ state: 'NAKED' })] }, {}, [`critical naked:${id}`]],
      [{ positions: [position({ state: 'NAKED', ours: false })] }, {}, []],
      [{ orders: [order({ state: 'UNKNOWN' })] }, {}, [`critical unknown:${oid}`]],
      [{ orders: [order({ state: 'REJECTED' })] }, {}, [`warning rejected:${oid}`]],
    ];
    for (const [fields, extra, expected] of rows) expect(keys(fields, extra)).toEqual(expected);
  });
});
