/** One record per closed bar: every gate in order, the first that blocked, and a sentence. */
import { describe, expect, it } from 'vitest';
import { GATES } from '../../src/engine/decision-record.ts';
import { shownDecision } from '../../src/engine/decision-words.ts';
import { generation, type Instrument, volume } from '../../src/engine/index.ts';
import { listOf } from '../../src/engine/trail.ts';
import { ACCOUNT, CONFIG, EngineBench, FCPO, MORNING } from '../support/engine.ts';
import { EAGER, fly, hold, intend, orderOf, readyBench } from './desk.ts';

const decisions = (bench: EngineBench) => listOf(bench.state.core.decisions);
const last = (bench: EngineBench) => {
  const decision = decisions(bench).at(-1);
  if (decision === undefined) throw new Error('no decision');
  return shownDecision(decision);
};

describe('a decision', () => {
  it('is made once per closed bar and journaled as it was made (I31 F76)', () => {
    const bench = readyBench(CONFIG);
    for (const level of [4_601, 4_602, 4_603]) bench.bar(level);
    expect(decisions(bench).map((one) => one.barTime - MORNING)).toEqual([0, 300_000, 600_000]);
    const records = bench.effects.flatMap((one) =>
      one.type === 'record' && one.record.kind === 'decision' ? [one.record.decision] : [],
    );
    expect(records).toEqual(decisions(bench));
  });

  it('asks all gates in their order, also after one failed', () => {
    const bench = readyBench(CONFIG);
    bench.command({ type: 'kill', flatten: false });
    bench.bar(4_600);
    expect(last(bench).gates.map((one) => one.gate)).toEqual([...GATES]);
    expect(last(bench).blockedBy).toBe('signal');
    expect(last(bench).gates.find((one) => one.gate === 'breakers')).toMatchObject({ pass: false });
  });

  it('says why, or what it enters, in one sentence', () => {
    const quiet = readyBench(CONFIG);
    quiet.bar(4_600);
    expect(last(quiet).sentence).toMatch(/^no entry: RSI [\d.]+, needs below 30 or above 70$/);
    const eager = readyBench();
    eager.bar(4_600);
    expect(last(eager)).toMatchObject({ side: 'buy', blockedBy: undefined });
    expect(last(eager).sentence).toMatch(/^enter buy 7: RSI [\d.]+, sentiment not asked$/);
    expect(orderOf(eager).signalId).toBe(last(eager).signalId);
  });

  it('a blocked decision begins no order (A4)', () => {
    const bench = readyBench();
    bench.command({ type: 'setTradingState', state: 'reducing' });
    bench.bar(4_600);
    expect(last(bench).blockedBy).toBe('state');
    expect(bench.state.core.orders).toEqual([]);
  });

  it('no second entry while one flies or is held (I02 I03)', () => {
    for (const bench of [fly(), hold()]) {
      bench.bar(4_600);
      bench.bar(4_601);
      expect(last(bench).blockedBy).toBe('slot');
      expect(bench.state.core.orders).toHaveLength(1);
    }
  });

  it('bars from history decide nothing (F72 F76)', () => {
    const bench = new EngineBench(EAGER);
    bench.start();
    bench.ready();
    expect(bench.state.market.barCount).toBe(150);
    expect(decisions(bench)).toEqual([]);
  });

  it('the last bar of a session is decided, and the calendar refuses it (F69)', () => {
    const bench = readyBench();
    while (bench.now < MORNING + 7_200_000 - 300_000) bench.bar(4_600);
    const before = bench.state.market.barCount;
    bench.jump(MORNING + 7_200_000 - bench.now);
    bench.wait(6_000);
    expect(bench.state.market.barCount).toBe(before + 1);
    expect(last(bench).gates.find((one) => one.gate === 'calendar')).toMatchObject({
      pass: false,
      value: 'session closed',
    });
    expect(last(bench).blockedBy).toBeDefined();
  });

  it('F78 without facts of the instrument nothing is entered, however long it lasts', () => {
    const bench = new EngineBench(EAGER);
    bench.start();
    bench.feed({ type: 'link', state: 'SYNCING', generation: generation(1) });
    bench.feed({ type: 'account', account: ACCOUNT });
    bench.pass({}, generation(1));
    bench.feed({ type: 'link', state: 'READY', generation: generation(1) });
    for (let count = 0; count < 12; count += 1) {
      bench.jump(300_000);
      bench.quote(4_600, 4_602, { generation: 1 });
      bench.wait(250);
      bench.durable();
    }
    expect(bench.state.core.orders).toEqual([]);
    expect(bench.requests).toEqual([]);
  });

  it.each([
    ['closed to new positions', { status: 'close-only' }, 'instrument close-only'],
    ['a larger smallest volume', { minVolume: volume(250_000) }, 'below'],
  ] as const)('F78 changed while it runs, %s: the next order heeds it', (_name, fields, words) => {
    const bench = readyBench();
    const changed = { ...FCPO, ...fields } as Instrument;
    bench.feed({ type: 'instrument', instrument: changed, generation: generation(1) });
    bench.bar(4_600);
    bench.durable();
    expect(bench.requests).toEqual([]);
    expect(last(bench).sentence).toContain(words);
  });

  it('F78 changed between the decision and its bytes: given up; what is open keeps working', () => {
    const held = hold();
    const closed = { ...FCPO, status: 'close-only' } as const;
    held.feed({ type: 'instrument', instrument: closed, generation: generation(1) });
    expect(held.state.core.positions[0]).toMatchObject({ state: 'PROTECTED' });
    held.command({ type: 'flatten' });
    held.durable();
    expect(held.requests.at(-1)).toMatchObject({ type: 'closePosition' });
    const bench = intend();
    bench.feed({ type: 'instrument', instrument: closed, generation: generation(1) });
    bench.durable();
    expect(bench.requests).toEqual([]);
    expect(bench.state.core.orders.at(-1)).toMatchObject({ state: 'ABORTED' });
  });

  it('a bar that is looked at long after its end is no signal (F65 F76)', () => {
    const bench = readyBench();
    bench.quote(4_600, 4_602);
    bench.jump(600_000);
    bench.quote(4_600, 4_602);
    expect(last(bench)).toMatchObject({ blockedBy: 'data' });
    expect(last(bench).sentence).toContain('bar ended 5 min ago');
    expect(bench.state.core.orders).toEqual([]);
  });

  it('keeps a bounded list (I27)', () => {
    const bench = readyBench({ ...CONFIG, timeframeMs: 60_000 });
    for (let index = 0; index < 210; index += 1) {
      bench.jump(60_000);
      bench.quote(4_600, 4_602);
    }
    expect(decisions(bench)).toHaveLength(200);
  });
});

describe('sentiment', () => {
  const asks = (score: number | undefined, ageMs: number) => {
    const bench = readyBench({ ...EAGER, sentimentMode: 'required' });
    if (score !== undefined) bench.sentiment(score);
    bench.jump(ageMs - 300_000);
    bench.bar(4_600);
    return last(bench);
  };
  it('permits a signal that it supports and vetoes one that it does not (I25)', () => {
    expect(asks(31, 300_000).blockedBy).toBeUndefined();
    expect(asks(30, 300_000).blockedBy).toBe('sentiment');
    expect(asks(-100, 300_000).blockedBy).toBe('sentiment');
  });
  it('older than 300 s, or absent, is no permission (F101 F105)', () => {
    expect(asks(90, 300_000).blockedBy).toBeUndefined();
    expect(asks(90, 301_000).gates.find((one) => one.gate === 'sentiment')).toMatchObject({
      pass: false,
      value: 'expired (301 s)',
    });
    expect(asks(undefined, 300_000).blockedBy).toBe('sentiment');
  });
  it('an abstention leaves the last reading to age (F101)', () => {
    const bench = readyBench({ ...EAGER, sentimentMode: 'required' });
    bench.sentiment(80);
    bench.feed({ type: 'sentiment', reading: undefined });
    bench.bar(4_600);
    expect(last(bench).blockedBy).toBeUndefined();
  });
  it('creates, sizes and closes nothing by itself, whatever it says (I25 F102)', () => {
    const bench = readyBench({ ...CONFIG, sentimentMode: 'required' });
    for (let score = -100; score <= 100; score += 10) bench.sentiment(score);
    bench.bar(4_600);
    bench.durable();
    expect(bench.requests).toEqual([]);
    expect(last(bench).blockedBy).toBe('signal');
  });
});
