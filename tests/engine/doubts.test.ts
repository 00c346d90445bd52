/** A message that cannot be true: what flies is in doubt, and nothing enters until a later look. */
import { describe, expect, it } from 'vitest';
import { brokerOrderId, positionId, volume, wall } from '../../src/engine/index.ts';
import { entryRefusal } from '../../src/engine/risk/gate.ts';
import { newestOf } from '../../src/engine/trail.ts';
import { type EngineBench, MORNING, ringgit } from '../support/engine.ts';
import {
  closingDeal,
  fly,
  hold,
  idsOf,
  orderOf,
  positionOf,
  readyBench,
  shownAs,
  waitQuoted,
} from './desk.ts';

const window = (bench: EngineBench) => ({
  historyFrom: wall(MORNING - 60_000),
  historyTo: wall(bench.now),
});

describe('a message that cannot be true', () => {
  it('about an order in flight: its outcome is unknown, and the broker is asked (F14 F25)', () => {
    const bench = fly();
    bench.orderUpdate({ ...idsOf(orderOf(bench)), side: 'sell' });
    expect(orderOf(bench).state).toBe('UNKNOWN');
    expect(bench.effects.at(-1)).toMatchObject({ type: 'query', query: { type: 'reconcile' } });
    expect(bench.effects).toContainEqual({
      type: 'record',
      barrier: false,
      record: { kind: 'note', text: expect.stringMatching(/is a buy, not a sell \(F14\)/) },
    });
    bench.pass({ positions: [shownAs(orderOf(bench))], ...window(bench) });
    expect(positionOf(bench)).toMatchObject({ ours: true, state: 'PROTECTED' });
  });

  it('a deal above the volume of its order opens nothing (F31 I13)', () => {
    const bench = fly();
    const { clientOrderId, volume: size } = idsOf(orderOf(bench));
    bench.orderUpdate({ clientOrderId, volume: size, positionId: positionId('500') });
    bench.deal({ filled: volume(size + 100) });
    expect(bench.state.core.positions).toEqual([]);
    expect(orderOf(bench).state).toBe('UNKNOWN');
  });

  it('nothing enters before a look that was asked for later (I08)', () => {
    const bench = readyBench();
    bench.deal({ brokerOrderId: brokerOrderId('77'), price: ringgit(-1) });
    expect(entryRefusal(bench.state)).toContain('its deals are awaited');
    expect(bench.state.core.passesAsked).toHaveLength(1);
    bench.jump(250);
    bench.deal({ brokerOrderId: brokerOrderId('77'), price: ringgit(-1) });
    // Which question these answer nobody can say: it may be the one before the second doubt.
    bench.pass(window(bench));
    bench.pass(window(bench));
    expect(entryRefusal(bench.state)).toContain('its deals are awaited');
    waitQuoted(bench, 11_000);
    expect(bench.state.core.passesAsked).toHaveLength(1);
    bench.pass(window(bench));
    expect(entryRefusal(bench.state)).toBeUndefined();
  });

  it('a look with one impossible number is no look (R28 I08)', () => {
    const bench = hold();
    const { core } = bench.state;
    bench.pass({ positions: [shownAs(orderOf(bench), { volume: volume(0) })] });
    expect(bench.state.core.positions).toBe(core.positions);
    expect(newestOf(bench.state.core.activity)?.text).toContain('void');
  });

  it('a position whose opening is told in part is not over with it (F31 F32 I11)', () => {
    const bench = fly();
    const { clientOrderId, volume: size } = idsOf(orderOf(bench));
    const ids = { clientOrderId, volume: size, positionId: positionId('500') };
    bench.orderUpdate({ ...ids, executed: size, status: 'filled' });
    bench.deal({ filled: volume(200) });
    bench.deal(closingDeal(bench, { id: '2', size: 200, net: -1_000 }));
    expect(bench.state.core.stats.trades).toBe(0);
    expect(positionOf(bench).volume).toBe(200);
    bench.deal({ id: '3' as never, filled: volume(size - 200) });
    expect(positionOf(bench).volume).toBe(size - 200);
    expect(bench.state.core.lossStreak).toBe(0);
  });
});
