/** An accepted command ends: done when it happened, failed with its reason when it cannot. */
import { describe, expect, it } from 'vitest';
import type { EngineBench } from '../support/engine.ts';
import { closingDeal, failed, hold, orderOf, positionOf, relink, shownAs } from './desk.ts';
import { closes, waitQuotedPass } from './reconcile-desk.ts';

const answer = (bench: EngineBench) => bench.state.core.commands.at(-1);

function flattened(): EngineBench {
  const bench = hold();
  bench.command({ type: 'flatten' });
  bench.durable();
  expect(answer(bench)).toMatchObject({ status: 'accepted' });
  return bench;
}

describe('an accepted close', () => {
  it('is done when the deals say so, not before, and both words are journaled (F114 I31)', () => {
    const bench = flattened();
    bench.deal(closingDeal(bench, { id: '2', size: positionOf(bench).volume, net: 1 }));
    expect(answer(bench)).toMatchObject({ status: 'done', reason: 'position 500 is closed' });
    const outcomes = bench.effects.flatMap((one) =>
      one.type === 'record' && one.record.kind === 'command' ? [one.record.outcome] : [],
    );
    expect(outcomes).toEqual(['accepted', 'done']);
    expect(bench.state.core.awaited).toEqual([]);
  });

  it('is failed when the broker refuses it for good, with its code (F44)', () => {
    const bench = flattened();
    failed(bench, 'close-500-1', { definitive: true, code: 'TRADING_BAD_VOLUME' });
    expect(answer(bench)).toMatchObject({
      status: 'failed',
      reason: 'position 500: TRADING_BAD_VOLUME',
    });
  });

  it('stays accepted while the reason is temporary (F44 I29)', () => {
    const bench = flattened();
    failed(bench, 'close-500-1', { definitive: true, code: 'MARKET_CLOSED' });
    expect(answer(bench)).toMatchObject({ status: 'accepted' });
    expect(positionOf(bench)).toMatchObject({
      state: 'PROTECTED',
      wanted: 'flatten by the operator',
    });
    waitQuotedPass(bench, 4_000);
    expect(closes(bench).map((one) => one.requestId)).toEqual(['close-500-1', 'close-500-2']);
    bench.deal(closingDeal(bench, { id: '2', size: positionOf(bench).volume, net: 1 }));
    expect(answer(bench)).toMatchObject({ status: 'done' });
  });

  it('F43 position not found: the deals decide, and it is done', () => {
    const bench = flattened();
    failed(bench, 'close-500-1', { definitive: true, code: 'POSITION_NOT_FOUND' });
    expect(answer(bench)?.status).not.toBe('done');
    bench.deal(closingDeal(bench, { id: '2', size: positionOf(bench).volume, net: 1 }));
    expect(bench.state.core.positions).toEqual([]);
    expect(closes(bench)).toHaveLength(1);
  });

  it('survives a lost link: still accepted, asked again, then done (F42 R24)', () => {
    const bench = flattened();
    relink(bench);
    expect(answer(bench)).toMatchObject({ status: 'accepted' });
    bench.pass({ positions: [shownAs(orderOf(bench))] });
    bench.durable();
    expect(closes(bench)).toHaveLength(2);
    bench.deal(closingDeal(bench, { id: '2', size: positionOf(bench).volume, net: 1 }));
    expect(answer(bench)).toMatchObject({ status: 'done' });
  });

  it('a part that closed is asked about before the rest is closed (F44 I13)', () => {
    const bench = flattened();
    const { volume: size } = positionOf(bench);
    bench.deal(closingDeal(bench, { id: '2', size: size - 100, net: 1 }));
    bench.effects.length = 0;
    bench.wait(3_000);
    bench.durable();
    expect(closes(bench)).toHaveLength(1);
    expect(bench.effects).toContainEqual(expect.objectContaining({ type: 'query' }));
    const rest = { volume: positionOf(bench).volume };
    bench.pass({ positions: [shownAs(orderOf(bench), rest)] });
    bench.wait(1_000);
    bench.durable();
    expect(closes(bench).at(-1)).toMatchObject({ volume: 100 });
  });
});
