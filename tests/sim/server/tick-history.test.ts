// Ticks of the past over the wire. Numbers in the names are rows of the conformance checklist.
import { describe, expect, it } from 'vitest';
import { bench, FCPO_ID, START, toldMarket } from './bench.ts';
import { ACCOUNT, loggedIn, refusal } from './wire-client.ts';

const own = { ctidTraderAccountId: ACCOUNT, symbolId: FCPO_ID };
const WEEK = 604_800_000;

const ticks = [
  { after: 1_000, bid: 4_601 },
  { after: 2_000, ask: 4_605 },
  { after: 3_000, bid: 4_599 },
];

describe('ticks', () => {
  it('49 come newest first, the first absolute, the others as differences in both fields', () => {
    const { clock, server } = bench({ market: toldMarket(ticks) });
    const client = loggedIn(server, clock);
    clock.advanceBy(5_000);
    const window = { fromTimestamp: START + 500, toTimestamp: START + 4_000 };
    const ask = (type: number) =>
      client.get('ProtoOAGetTickDataReq', { ...own, type, ...window }, 'ProtoOAGetTickDataRes');
    expect(ask(1)).toMatchObject({
      tickData: [
        { timestamp: START + 3_000, tick: 459_900_000 },
        { timestamp: -2_000, tick: 200_000 },
      ],
      hasMore: false,
    });
    expect(ask(2).tickData).toEqual([{ timestamp: START + 2_000, tick: 460_500_000 }]);
  });

  it('49 say when there is more; the next page ends before the oldest', () => {
    const { clock, server } = bench({ market: toldMarket(ticks), switches: { ticksMax: 3 } });
    const client = loggedIn(server, clock);
    clock.advanceBy(5_000);
    const seen: number[] = [];
    let to = START + 4_000;
    for (let page = 0; page < 40; page += 1) {
      const window = { type: 1, fromTimestamp: START - 300_000, toTimestamp: to };
      const answer = client.get(
        'ProtoOAGetTickDataReq',
        { ...own, ...window },
        'ProtoOAGetTickDataRes',
      );
      clock.advanceBy(300);
      let time = 0;
      for (const tick of answer.tickData ?? []) {
        time += tick.timestamp;
        seen.push(time);
      }
      if (!answer.hasMore) break;
      to = time - 1;
    }
    expect([...seen].sort((a, b) => b - a)).toEqual(seen);
    expect(new Set(seen).size).toBe(seen.length);
    // Two of this run, and four prices of each minute before it.
    expect(seen.slice(0, 2)).toEqual([START + 3_000, START + 1_000]);
    expect(seen.length).toBeGreaterThan(18);
  });

  it('49 refuse a window of more than a week, an empty one, and unknown symbols', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    const code = (fields: object): unknown => {
      const asked = { ...own, type: 1, fromTimestamp: START - 1_000, toTimestamp: START };
      const answer = refusal(client.ask('ProtoOAGetTickDataReq', { ...asked, ...fields }));
      clock.advanceBy(300);
      return Array.isArray(answer) ? answer[1] : answer;
    };
    expect(code({ fromTimestamp: START - WEEK - 1 })).toBe('INCORRECT_BOUNDARIES');
    expect(code({ fromTimestamp: START })).toBe('INCORRECT_BOUNDARIES');
    expect(code({ symbolId: '77' })).toBe('SYMBOL_NOT_FOUND');
  });
});
