/**
 * The short way of a price against the machine's own: wherever it answers, the machine would tell
 * the very same quote and do nothing else.
 */
import { expect, it } from 'vitest';
import { heardAt, liveQuote, spotKey } from '../../../src/ctrader/session/live-spot.ts';
import { sessionMachine } from '../../../src/ctrader/session/machine.ts';
import type { SessionState } from '../../../src/ctrader/session/state.ts';
import { decodeEnvelope, encodeEnvelope, readLoneSpot } from '../../../src/ctrader/wire/codec.ts';
import type { ProtoOASpotEvent } from '../../../src/ctrader/wire/schema.gen.ts';
import { mono, wall } from '../../../src/engine/index.ts';
import { createPrng } from '../../../src/sim/prng.ts';
import { ACCOUNT_ID, SYMBOL_ID, spot } from '../broker-words.ts';
import { CONFIG, START_WALL, stage } from './stage.ts';

/** A live session whose skew is measured, so that most stamps are no news. */
function live() {
  const play = stage();
  play.ready();
  for (let price = 4_000; price < 4_005; price += 1) {
    play.wait(250);
    play.hear(spot(price, price + 1));
  }
  expect(play.link()).toBe('READY');
  return play;
}

/** What `spot` carries. */
const STAMP = 1_700_000_000_000;
const KEY = spotKey(ACCOUNT_ID, SYMBOL_ID);

function randomSpot(seed: string): ProtoOASpotEvent {
  const chance = createPrng(seed);
  const side = () => 400_000_000 + chance.integer(-9, 9) * 100_000;
  return {
    ctidTraderAccountId: chance.chance(100) ? '4712' : ACCOUNT_ID,
    symbolId: chance.chance(100) ? '43' : SYMBOL_ID,
    ...(chance.chance(600) ? { bid: chance.chance(50) ? 0 : side() } : {}),
    ...(chance.chance(600) ? { ask: chance.chance(50) ? 2 ** 40 : side() } : {}),
    ...(chance.chance(800) ? { timestamp: STAMP + chance.integer(-9_000, 3_000) } : {}),
    ...(chance.chance(50) ? { sessionClose: side() } : {}),
  };
}

/** States in which more than a quote may be due. */
function states(): SessionState[] {
  const state = live().state();
  const { feed, gauges, health, trouble, facts } = state;
  const fresh = stage();
  fresh.ready();
  const gone = { ...facts, scales: undefined };
  return [
    state,
    fresh.state(),
    { ...state, stage: 'sync' },
    { ...state, stage: 'stopped', facts: gone },
    { ...state, feed: { ...feed, ask: undefined } },
    { ...state, feed: { ...feed, wanted: false } },
    { ...state, gauges: { ...gauges, rates: [] } },
    { ...state, health: { ...health, probeAt: mono(5) } },
    { ...state, trouble: { ...trouble, degraded: 'silence' } },
    { ...state, trouble: { ...trouble, degraded: 'unread' } },
  ];
}

it('tells what the machine would tell, or leaves the price to it', () => {
  const machine = sessionMachine(CONFIG);
  let short = 0;
  states().forEach((state, number) => {
    for (let index = 0; index < 300; index += 1) {
      const seed = `state ${number}, spot ${index}`;
      const frame = encodeEnvelope({ name: 'ProtoOASpotEvent', fields: randomSpot(seed) });
      expect(readLoneSpot(frame), seed).toBe(true);
      const at = { mono: mono(2_000), wall: wall(START_WALL + 2_000) };
      const key = spotKey(ACCOUNT_ID, state.facts.scales?.symbolId);
      const quote = liveQuote(state, key, at.wall);
      if (quote === undefined) continue;
      short += 1;
      const message = decodeEnvelope(frame.subarray(4));
      const [next, outputs] = machine.step(state, { type: 'message', message, at });
      expect(outputs, seed).toEqual([{ type: 'event', event: quote }]);
      expect(next, seed).toEqual(heardAt(state, at.mono));
    }
  });
  // Two of the states, and four fifths of their spots: the short way is worth having.
  expect(short).toBeGreaterThan(400);
});

it('never takes another account, another instrument or an id beyond numbers for its own', () => {
  const state = live().state();
  const put = (ctidTraderAccountId: string, symbolId: string) => {
    const fields = { ctidTraderAccountId, symbolId, bid: 400_000_000 };
    expect(readLoneSpot(encodeEnvelope({ name: 'ProtoOASpotEvent', fields }))).toBe(true);
  };
  put(ACCOUNT_ID, SYMBOL_ID);
  expect(liveQuote(state, KEY, wall(START_WALL))).toMatchObject({ bid: 400_000_000 });
  expect(liveQuote(state, spotKey(ACCOUNT_ID, undefined), wall(START_WALL))).toBeUndefined();
  for (const [account, symbol] of [
    ['4712', SYMBOL_ID],
    [ACCOUNT_ID, '43'],
  ] as const) {
    put(account, symbol);
    expect(liveQuote(state, KEY, wall(START_WALL)), `${account} ${symbol}`).toBeUndefined();
  }
});
