/** Levels of a position: read back, repaired, improved; never moved away from the market. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Price, positionId, price } from '../../src/engine/index.ts';
import { bestStop, isLooser } from '../../src/engine/protection.ts';
import { permit } from '../../src/engine/risk/egress.ts';
import { listOf } from '../../src/engine/trail.ts';
import { type EngineBench, ringgit } from '../support/engine.ts';
import { EAGER, hold, orderOf, positionOf, sent, shownAs, unanswered, waitQuoted } from './desk.ts';
import { integrity } from './reconcile-desk.ts';

/** The broker shows these levels on position 500; ringgit. */
function shows(bench: EngineBench, stop: number | undefined, target: number | undefined): void {
  bench.feed({
    type: 'protection',
    generation: bench.state.core.link.generation,
    positionId: positionId('500'),
    stop: stop === undefined ? undefined : ringgit(stop),
    target: target === undefined ? undefined : ringgit(target),
  });
}

const amends = (bench: EngineBench) =>
  bench.requests.flatMap((one) => (one.type === 'amendProtection' ? [one] : []));

/** A second of clock and quotes, the journal answering. */
function tend(bench: EngineBench, bid = 4_600, ms = 1_000): void {
  waitQuoted(bench, ms, bid);
  bench.durable();
}

/** The stop the position was sized for, in whole ringgit. */
const planned = (bench: EngineBench): number =>
  (positionOf(bench).entry - orderOf(bench).stopDistance) / 100_000;

describe('a stop changed from outside', () => {
  it('R19 F38 tightened is accepted', () => {
    const bench = hold();
    shows(bench, planned(bench) + 20, 4_694);
    tend(bench);
    expect(positionOf(bench).stop).toBe(ringgit(planned(bench) + 20));
    expect(amends(bench)).toEqual([]);
  });

  it('R20 F38 loosened within the plan: kept, with a warning', () => {
    const bench = hold();
    shows(bench, planned(bench) + 20, 4_694);
    shows(bench, planned(bench), 4_694);
    tend(bench);
    expect(amends(bench)).toEqual([]);
    expect(integrity(bench)).toBe(false);
    expect(listOf(bench.state.core.activity).some((line) => line.text.includes('R20'))).toBe(true);
  });

  it('R20 F38 loosened beyond the plan: restored with both legs, INTEGRITY, by event', () => {
    const bench = hold();
    const stop = positionOf(bench).stop;
    shows(bench, planned(bench) - 50, 4_694);
    expect(integrity(bench)).toBe(true);
    tend(bench);
    expect(amends(bench)).toMatchObject([{ stop, target: ringgit(4_694) }]);
    shows(bench, (stop ?? 0) / 100_000, 4_694);
    expect(positionOf(bench)).toMatchObject({ repair: undefined, amending: undefined });
    tend(bench, 4_600, 10_000);
    expect(amends(bench)).toHaveLength(1);
  });

  it('R20 F38 loosened beyond the plan: restored after a pass too', () => {
    const bench = hold();
    unanswered(bench);
    bench.pass({ positions: [shownAs(orderOf(bench), { stop: ringgit(4_400) })] });
    tend(bench);
    expect(integrity(bench)).toBe(true);
    expect(amends(bench)).toHaveLength(1);
  });

  it('R20 three tries, then closed: a stop beyond the plan is a larger loss (F38 F49)', () => {
    const bench = hold();
    shows(bench, 4_400, 4_694);
    const types: string[] = [];
    for (let second = 0; second < 8; second += 1) {
      const before = bench.requests.length;
      tend(bench);
      for (const one of bench.requests.slice(before)) {
        types.push(one.type);
        if (one.type !== 'amendProtection') continue;
        bench.feed({
          type: 'requestFailed',
          generation: bench.state.core.link.generation,
          requestId: one.requestId,
          definitive: true,
          code: 'TRADING_BAD_STOPS',
          description: '' as never,
        });
      }
    }
    expect(types).toEqual([
      'amendProtection',
      'amendProtection',
      'amendProtection',
      'closePosition',
    ]);
  });

  it('R21 a target changed or removed from outside is accepted', () => {
    const bench = hold();
    const { stop } = positionOf(bench);
    shows(bench, (stop ?? 0) / 100_000, undefined);
    tend(bench, 4_600, 3_000);
    expect(positionOf(bench).target).toBeUndefined();
    expect(amends(bench)).toEqual([]);
  });

  it('F49 a first stop wider than the plan is tightened to it, without an alarm', () => {
    const bench = hold();
    shows(bench, undefined, 4_694);
    shows(bench, planned(bench) - 30, 4_694);
    tend(bench);
    expect(amends(bench)).toMatchObject([{ stop: ringgit(planned(bench)) }]);
    expect(integrity(bench)).toBe(false);
  });
});

describe('our own amend', () => {
  it('F39 a target that went with it is put back, both legs again', () => {
    const bench = hold({ ...EAGER, breakEvenBps: 10 });
    tend(bench, 4_620, 2_000);
    expect(amends(bench)).toMatchObject([{ stop: ringgit(4_602), target: ringgit(4_694) }]);
    shows(bench, 4_602, undefined);
    tend(bench, 4_620, 2_000);
    expect(amends(bench).at(-1)).toMatchObject({ stop: ringgit(4_602), target: ringgit(4_694) });
    shows(bench, 4_602, 4_694);
    expect(positionOf(bench)).toMatchObject({ repair: undefined, target: ringgit(4_694) });
  });

  it('F39 is read back: without word of it for 5 s the broker is asked', () => {
    const bench = hold({ ...EAGER, breakEvenBps: 10 });
    tend(bench, 4_620, 1_000);
    sent(bench, amends(bench)[0]?.requestId ?? '');
    unanswered(bench);
    bench.effects.length = 0;
    waitQuoted(bench, 6_000, 4_620);
    expect(bench.effects).toContainEqual(expect.objectContaining({ type: 'query' }));
    expect(bench.lines.join('\n')).toContain('no word about the levels');
  });

  it('F37 a missing stop comes back together with the planned target when both are gone', () => {
    const bench = hold();
    shows(bench, undefined, undefined);
    tend(bench, 4_600, 3_000);
    expect(amends(bench)[0]).toMatchObject({ stop: ringgit(planned(bench)) });
    expect(amends(bench)[0]?.target).toBeDefined();
  });
});

describe('trailing and break-even', () => {
  it('are off unless configured', () => {
    const bench = hold();
    tend(bench, 4_690, 20_000);
    expect(amends(bench)).toEqual([]);
  });

  it('the stop follows the market at its distance and never goes back (I10 I16)', () => {
    const bench = hold({ ...EAGER, trailingStopBps: 50 });
    const stops: number[] = [];
    for (const bid of [4_600, 4_640, 4_680, 4_620, 4_610]) {
      tend(bench, bid, 7_000);
      const last = amends(bench).at(-1);
      if (last === undefined || last.stop === positionOf(bench).stop) continue;
      shows(bench, last.stop / 100_000, 4_694);
      stops.push(last.stop / 100_000);
    }
    expect(stops.length).toBeGreaterThan(1);
    expect(stops).toEqual([...stops].sort((a, b) => a - b));
    expect(positionOf(bench).stop).toBeLessThanOrEqual(ringgit(4_657));
  });

  it('a stale price improves nothing (I15)', () => {
    const bench = hold({ ...EAGER, trailingStopBps: 50 });
    bench.quote(4_680, 4_682);
    bench.jump(6_000);
    bench.feed({ type: 'clock' });
    bench.durable();
    expect(amends(bench)).toEqual([]);
  });

  it('for any price the best stop is on the grid and beyond the price (I10 F40)', () => {
    const prices = fc.integer({ min: 100, max: 9_000 });
    const bps = fc.integer({ min: 1, max: 2_000 });
    fc.assert(
      fc.property(prices, prices, bps, fc.constantFrom('buy', 'sell'), (entry, at, part, side) => {
        const position = { side, entry: ringgit(entry) } as const;
        const config = { trailingStopBps: part, breakEvenBps: 0 };
        const stop = bestStop(position, ringgit(at), config, 0) as Price;
        expect(stop % 100_000).toBe(0);
        expect(isLooser(side, stop, ringgit(at))).toBe(true);
      }),
    );
  });

  it('break-even moves it to the entry, once, when the gain is there (F40)', () => {
    const position = { side: 'sell', entry: ringgit(4_600) } as const;
    const config = { trailingStopBps: 0, breakEvenBps: 100 };
    expect(bestStop(position, ringgit(4_555), config, 0)).toBeUndefined();
    expect(bestStop(position, ringgit(4_554), config, 0)).toBe(ringgit(4_600));
  });
});

describe('the last look', () => {
  it('lets no amend out that would loosen a stop, or touch a stranger (I10 I33)', () => {
    const bench = hold();
    const stop = positionOf(bench).stop ?? price(0);
    const amend = (to: number, id = '500') =>
      permit(bench.state, {
        type: 'amendProtection',
        requestId: 'x',
        positionId: positionId(id),
        stop: price(to),
        target: undefined,
      });
    expect(amend(stop)).toMatchObject({ ok: true });
    expect(amend(stop - 100_000)).toMatchObject({ ok: false, reason: 'it would loosen the stop' });
    expect(amend(-5)).toMatchObject({ ok: false });
    expect(amend(stop, '501')).toMatchObject({ ok: false, reason: 'the position is gone' });
  });
});
