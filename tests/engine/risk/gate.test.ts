/** Every gate, with the words it shows, failing alone. */
import { describe, expect, it } from 'vitest';
import { GATES } from '../../../src/engine/decision-record.ts';
import type { Instrument, Intent, Side } from '../../../src/engine/model.ts';
import { entryRefusal, measureRisk, sizeBy, slotRefusal } from '../../../src/engine/risk/gate.ts';
import {
  breakersGate,
  calendarGate,
  dataGate,
  sizeGate,
  slotGate,
  spreadGate,
  stateGate,
} from '../../../src/engine/risk/gate-words.ts';
import type { Core } from '../../../src/engine/state.ts';
import { type Wall, wall } from '../../../src/engine/units.ts';
import { ACCOUNT, brokerPosition, EngineBench, FCPO, MORNING } from '../../support/engine.ts';
import { EAGER, fly, hold, orderOf, readyBench, relink } from '../desk.ts';

const core = (bench: EngineBench, fields: Partial<Core>) => ({
  ...bench.state,
  core: { ...bench.state.core, ...fields },
});
const instrument = (fields: Partial<Instrument>) => ({ instrument: { ...FCPO, ...fields } });
const at = (bench: EngineBench, clock: number) => ({
  ...bench.state,
  at: { ...bench.state.at, wall: clock as Wall },
});
const OPEN = readyBench();

/** What every gate of risk says now, by name. */
function words(view: Parameters<typeof entryRefusal>[0], side: Side, intent?: Intent) {
  const { config = EAGER, instrument: grid = FCPO, account } = view.core;
  const facts = measureRisk(view, config, intent, undefined);
  const terms = { config, instrument: grid, account };
  return {
    data: dataGate(facts, config),
    calendar: calendarGate(facts),
    spread: spreadGate(facts, config),
    breakers: breakersGate(facts),
    slot: slotGate(facts, config),
    size: sizeGate(sizeBy(terms, facts, side), terms),
    state: stateGate(facts),
  };
}

describe('a ready engine', () => {
  it('has no refusal, and every gate passes with its value shown', () => {
    expect(entryRefusal(OPEN.state)).toBeUndefined();
    const seen = Object.values(words(OPEN.state, 'buy'));
    expect(seen.map((one) => [one.gate, one.pass, one.value])).toEqual([
      ['data', true, 'fresh'],
      ['calendar', true, '120 min left'],
      ['spread', true, '0.04 %'],
      ['breakers', true, 'all clear'],
      ['slot', true, '0 taken'],
      ['size', true, '7 risking 490.00'],
      ['state', true, 'active'],
    ]);
    for (const one of seen) expect(GATES).toContain(one.gate);
  });
});

describe('refusals', () => {
  const end = MORNING + 2 * 3_600_000;
  const rows: readonly (readonly [string, () => Parameters<typeof entryRefusal>[0], string])[] = [
    ['nothing is configured', () => core(OPEN, { config: undefined }), 'no configuration'],
    [
      'the link is not READY (5.6)',
      () => core(OPEN, { link: { ...OPEN.state.core.link, state: 'DEGRADED' } }),
      'data: link DEGRADED',
    ],
    [
      'the quote is older than 5 s (I15)',
      () => ({
        ...OPEN.state,
        at: { ...OPEN.state.at, mono: (OPEN.state.at.mono + 5_001) as never },
      }),
      'data: quote stale or one-sided',
    ],
    [
      'no quote at all (F71)',
      () => ({ ...OPEN.state, market: { ...OPEN.state.market, quote: undefined } }),
      'data: quote stale or one-sided',
    ],
    ['the session is over (F69)', () => at(OPEN, end), 'calendar: session closed'],
    ['less than two minutes are left (F69)', () => at(OPEN, end - 119_999), 'calendar: 1 min left'],
    [
      'the calendar ends (F69 I32)',
      () => at(OPEN, MORNING + 9 * 86_400_000),
      'calendar: session unknown',
    ],
    [
      'the instrument is close-only (F52)',
      () => core(OPEN, instrument({ status: 'close-only' })),
      'state: instrument close-only',
    ],
    [
      'the account may not trade (F52)',
      () => core(OPEN, { account: { ...ACCOUNT, access: 'none' } }),
      'state: account access none',
    ],
    ['nothing is reconciled', () => core(OPEN, { reconciled: false }), 'state: not reconciled yet'],
    [
      'the day is not opened (rule 5)',
      () => core(OPEN, { day: undefined }),
      'state: the trading day is not opened',
    ],
    [
      'the person reduces',
      () => core(OPEN, { tradingState: 'reducing' }),
      'state: entries are paused',
    ],
    [
      'the balance is in doubt (F58)',
      () => core(OPEN, { unexplainedSince: wall(1) }),
      'state: the balance changed, its deals are awaited',
    ],
  ];
  it.each(rows)('when %s', (_name, view, words) => {
    expect(entryRefusal(view())).toBe(words);
  });

  it('exactly two minutes before the end is still in time (F69)', () => {
    expect(entryRefusal(at(OPEN, end - 120_000))).toBeUndefined();
  });

  it('when the indicators are not ready (F77)', () => {
    const bench = new EngineBench(EAGER);
    bench.start();
    bench.ready({ bars: [] });
    expect(words(bench.state, 'buy').data.value).toBe('indicators warming up');
  });

  it('when an outcome is unknown, whatever slots are free (T10 5.3)', () => {
    const bench = fly({ ...EAGER, maxPositions: 5 });
    relink(bench);
    const { link } = OPEN.state.core;
    const { market, at: now } = OPEN.state;
    const view = { at: now, market, core: { ...bench.state.core, link, reconciled: true } };
    expect(entryRefusal(view)).toBe('state: an order of unknown outcome');
  });

  it('when a position of ours is naked, in doubt or unconfirmed (R12 R18 R24)', () => {
    const bench = hold({ ...EAGER, maxPositions: 5 });
    expect(entryRefusal(bench.state)).toBeUndefined();
    const [position] = bench.state.core.positions;
    if (position === undefined) throw new Error('no position');
    for (const state of ['NAKED', 'OPENING', 'CLOSE_UNKNOWN', 'UNSETTLED'] as const) {
      const view = core(bench, { positions: [{ ...position, state }] });
      expect(entryRefusal(view)).toBe('state: a position is not protected or not settled');
      const foreign = core(bench, { positions: [{ ...position, state, ours: false }] });
      expect(entryRefusal(foreign)).toBeUndefined();
    }
  });
});

describe('the spread', () => {
  const spread = (bench: EngineBench) => words(bench.state, 'buy').spread;

  it('passes at three times the usual and fails above (F80)', () => {
    for (const [width, pass] of [
      [6, true],
      [7, false],
    ] as const) {
      const bench = readyBench();
      for (let index = 0; index < 20; index += 1) bench.quote(4_600, 4_602);
      bench.quote(4_600, 4_600 + width);
      expect(spread(bench)).toMatchObject({ pass, threshold: 'at most 0.13 %' });
    }
  });

  it('fails above the absolute cap, whatever is usual (F80)', () => {
    const bench = readyBench();
    for (let index = 0; index < 200; index += 1) bench.quote(4_600, 4_610);
    expect(spread(bench)).toMatchObject({
      pass: false,
      value: '0.22 %',
      threshold: 'at most 0.20 %',
    });
  });
});

describe('slots', () => {
  const slot = (bench: EngineBench) => words(bench.state, 'buy').slot;

  it('a foreign position takes a slot (F48 I03)', () => {
    const bench = readyBench();
    bench.pass({ positions: [brokerPosition()] });
    expect(slot(bench)).toMatchObject({ pass: false, value: '1 taken', threshold: 'fewer than 1' });
    expect(slotRefusal(bench.state)).toBeUndefined();
  });

  it('only one entry is under way at a time, whatever the limit (I02)', () => {
    const bench = fly({ ...EAGER, maxPositions: 5 });
    expect(slot(bench)).toMatchObject({ pass: false, value: 'an order is under way' });
  });

  it('a slot that was lost between check and bytes refuses (I03)', () => {
    const bench = fly();
    expect(slotRefusal(bench.state)).toBeUndefined();
    bench.pass({ positions: [brokerPosition()] });
    expect(slotRefusal(bench.state)).toBe('slot: no longer free');
  });

  it('a used signal is refused by name (F35)', () => {
    const bench = fly();
    const { signalId } = orderOf(bench);
    const intent = { signalId, side: 'buy', reason: 'again' } as const;
    const again = words(bench.state, 'buy', intent).slot;
    expect(again).toMatchObject({ pass: false, value: 'this signal was used already' });
  });
});

describe('the size gate', () => {
  it('says what is missing (I32)', () => {
    const size = (view: Parameters<typeof entryRefusal>[0]) => words(view, 'sell').size.value;
    expect(size(core(OPEN, { account: undefined }))).toBe('account or instrument not known');
    const blind = { ...OPEN.state, market: { ...OPEN.state.market, quote: undefined } };
    expect(size(blind)).toBe('price or equity not known');
  });
});
