/** The paper exchange of a restarted dry run, seeded from what the engine's journal gave back. */
import { describe, expect, it } from 'vitest';
import { brokerOrderId, dealId, positionId, volume } from '../../src/engine/index.ts';
import { initialState } from '../../src/engine/state.ts';
import { FIRST_IDS } from '../../src/sim/exchange.ts';
import { SIMULATED_ACCOUNT } from '../../src/sim/fcpo.ts';
import { paperSeed } from '../../src/sim/paper-restore.ts';
import { EngineBench, ringgit } from '../support/engine.ts';

function benchWithPosition(): EngineBench {
  const bench = new EngineBench();
  bench.start();
  bench.ready();
  bench.deal({ id: dealId('9000004'), brokerOrderId: brokerOrderId('5000009') });
  bench.feed({
    type: 'protection',
    generation: bench.state.core.link.generation,
    positionId: positionId('500'),
    stop: ringgit(4_532),
    target: ringgit(4_694),
  });
  return bench;
}

describe('paper seed', () => {
  it('is the fresh account when nothing was journaled', () => {
    const seed = paperSeed(initialState(), SIMULATED_ACCOUNT);
    expect(seed).toEqual({ account: SIMULATED_ACCOUNT, ids: FIRST_IDS, positions: [] });
  });

  it('brings an open position back with its volume, entry, stop and target (F82 F46)', () => {
    const { state } = benchWithPosition();
    const seed = paperSeed(state, SIMULATED_ACCOUNT);
    expect(seed.account).toEqual(state.core.account);
    expect(seed.positions).toMatchObject([
      {
        id: '500',
        side: 'buy',
        volume: volume(700),
        entry: ringgit(4_602),
        stop: ringgit(4_532),
        target: ringgit(4_694),
      },
    ]);
  });

  it('never gives out a number that a former run may have used (I12 F57)', () => {
    const { ids } = paperSeed(benchWithPosition().state, SIMULATED_ACCOUNT);
    expect(ids.deal).toBeGreaterThan(9_000_004);
    expect(ids.position).toBeGreaterThanOrEqual(FIRST_IDS.position);
    expect(ids.order).toBeGreaterThanOrEqual(FIRST_IDS.order);
  });
});
