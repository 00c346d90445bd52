/** Answers to what was let out, matched by our own request id and nothing else. */
import { describe, expect, it } from 'vitest';
import { generation, untrusted } from '../../src/engine/index.ts';
import { newestOf } from '../../src/engine/trail.ts';
import { failed, fly, hold, intend, orderOf, positionOf, sent } from './desk.ts';

describe('a close', () => {
  const closing = () => {
    const bench = hold();
    bench.command({ type: 'flatten' });
    bench.durable();
    sent(bench, 'close-500-1');
    return bench;
  };

  it('refused for certain: open again with its stop, and the deals are asked (F43 F44)', () => {
    const bench = closing();
    failed(bench, 'close-500-1', { definitive: true, code: 'MARKET_CLOSED' });
    expect(positionOf(bench)).toMatchObject({ state: 'PROTECTED', closing: undefined });
    expect(bench.effects.at(-1)).toMatchObject({ type: 'query', query: { type: 'reconcile' } });
    expect(bench.state.core.orders).toHaveLength(1);
  });

  it('refused in a way that proves nothing is in doubt (F42 5.4)', () => {
    const bench = closing();
    failed(bench, 'close-500-1', { definitive: false, code: 'POSITION_NOT_FOUND' });
    expect(positionOf(bench).state).toBe('CLOSE_UNKNOWN');
  });

  it('refused at the last look stays open and says why (F44)', () => {
    const bench = hold();
    bench.command({ type: 'flatten' });
    bench.feed({ type: 'link', state: 'MAINTENANCE', generation: generation(1) });
    bench.durable();
    expect(positionOf(bench)).toMatchObject({ state: 'PROTECTED', closing: undefined });
    expect(newestOf(bench.state.core.activity)?.text).toContain('link MAINTENANCE');
  });

  it('ignores answers to somebody else, and to an older close (F19)', () => {
    const bench = closing();
    const position = positionOf(bench);
    for (const id of ['close-500-0', 'close-7-1', '', 'b-301-1']) {
      failed(bench, id, { definitive: true });
      sent(bench, id);
    }
    expect(positionOf(bench)).toEqual(position);
  });
});

describe('an entry', () => {
  it('refused at the last look is aborted, its signal spent (T02)', () => {
    const bench = intend();
    bench.durable();
    bench.feed({ type: 'egressRefused', requestId: orderOf(bench).id, reason: 'cap' });
    expect(orderOf(bench)).toMatchObject({
      state: 'ABORTED',
      reason: 'refused at the last look: cap',
    });
  });

  it('a durable answer for older records lets nothing out (A5 I05)', () => {
    const bench = intend();
    const barrier = orderOf(bench).barrier ?? 0;
    bench.feed({ type: 'durable', upTo: (barrier - 1) as never });
    expect(orderOf(bench).state).toBe('INTENT');
  });

  it('the third of three entries in a minute is stopped by the cap (F50 I29)', () => {
    const bench = intend();
    const { mono } = bench.state.at;
    bench.state = { ...bench.state, core: { ...bench.state.core, entriesSent: [mono, mono] } };
    bench.durable();
    expect(bench.requests).toEqual([]);
    expect(orderOf(bench)).toMatchObject({ state: 'ABORTED' });
  });

  it('an old quote at the moment of bytes stops it (F05 I15)', () => {
    const bench = fly();
    expect(bench.requests).toHaveLength(1);
    const late = intend({ ...bench.state.core.config, quoteAgeMaxMs: 500 } as never);
    late.durableOnce();
    late.jump(600);
    late.durable();
    expect(late.requests).toEqual([]);
    expect(orderOf(late).state).toBe('ABORTED');
  });
});

describe('a broken journal', () => {
  it('trips PERSISTENCE; what was announced is aborted, nothing is sent (F85 F86 I05)', () => {
    const bench = intend();
    bench.feed({ type: 'journalFault', reason: untrusted('input/output error') });
    expect(bench.state.core.breakers.PERSISTENCE.tripped).toBe(true);
    bench.durable();
    expect(orderOf(bench).state).toBe('ABORTED');
    expect(bench.requests).toEqual([]);
  });

  it('closing still goes out as soon as something durable says so (I05)', () => {
    const bench = hold();
    bench.feed({ type: 'journalFault', reason: untrusted('input/output error') });
    bench.command({ type: 'flatten' });
    bench.durable();
    expect(bench.requests.at(-1)).toMatchObject({ type: 'closePosition' });
  });
});
