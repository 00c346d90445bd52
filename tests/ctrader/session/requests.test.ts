// Correlation, pacing, waiting times and the ladder of reconnecting.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  block,
  blockedUntil,
  enqueue,
  expire,
  find,
  hasBudget,
  LADDER,
  ladderDelay,
  markAnswered,
  nextId,
  noRequests,
  noteSent,
  PACING,
  type Requests,
  release,
  settle,
} from '../../../src/ctrader/session/requests.ts';
import { mono } from '../../../src/engine/index.ts';

type Books = Requests<string, string>;
const books = (): Books => noRequests('g1.');
const question = (lane: 'ordinary' | 'history', message = 'm') =>
  ({ name: 'ProtoOATraderReq', lane, purpose: 'p', message }) as const;
const trade = (id: string) =>
  ({ id, name: 'ProtoOAClosePositionReq', lane: 'trading', purpose: 'p' }) as const;

describe('pacing', () => {
  it('F23 at most 40 a second, at most 4 of history, and trading keeps its share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('ordinary', 'history', 'trading'), fc.nat(80)), {
          maxLength: 300,
        }),
        (steps) => {
          let state = books();
          let now = 0;
          const sent: { readonly at: number; readonly history: boolean }[] = [];
          for (const [lane, pause] of steps) {
            now += pause;
            if (lane === 'trading') {
              if (!hasBudget(state, 'trading', now)) continue;
              state = noteSent(state, trade(`t${now}`), mono(now));
              sent.push({ at: now, history: false });
            } else {
              [state] = enqueue(state, question(lane === 'history' ? 'history' : 'ordinary'));
            }
            const [next, leaving] = release(state, mono(now));
            state = next;
            for (const each of leaving) sent.push({ at: now, history: each.lane === 'history' });
            const window = sent.filter(({ at }) => at > now - PACING.windowMs);
            expect(window.filter(({ history }) => history).length).toBeLessThanOrEqual(4);
            expect(window.filter(({ history }) => !history).length).toBeLessThanOrEqual(40);
          }
        },
      ),
    );
  });

  it('F23 a flood of questions leaves room for ten trading requests at once', () => {
    let state = books();
    for (let index = 0; index < PACING.waitingMax; index += 1) {
      [state] = enqueue(state, question('ordinary'));
    }
    [state] = release(state, mono(0));
    let room = 0;
    while (hasBudget(state, 'trading', 0)) {
      state = noteSent(state, trade(`t${room}`), mono(0));
      room += 1;
    }
    expect(room).toBe(PACING.keptForTrading);
  });

  it('the line of waiting questions is bounded and keeps its order', () => {
    let state = books();
    let taken = true;
    let count = 0;
    while (taken) {
      [state, taken] = enqueue(state, question('history', String(count)));
      count += 1;
    }
    expect(count - 1).toBe(PACING.waitingMax);
    const [, first] = release(state, mono(0));
    expect(first.map(({ message }) => message)).toEqual(['0', '1', '2', '3']);
  });

  it('F23 a blocked kind waits the longer of the hint and its own growing pause', () => {
    let state = block(books(), 'ProtoOATraderReq', 5_000, 0);
    expect(blockedUntil(state, 'ProtoOATraderReq', 4_999)).toBe(5_000);
    expect(blockedUntil(state, 'ProtoOATraderReq', 5_000)).toBeUndefined();
    expect(blockedUntil(state, 'ProtoOAAssetListReq', 0)).toBeUndefined();
    state = block(state, 'ProtoOATraderReq', undefined, 5_000);
    state = block(state, 'ProtoOATraderReq', 1_000, 9_000);
    expect(blockedUntil(state, 'ProtoOATraderReq', 9_000)).toBe(9_000 + 8_000);
  });
});

describe('correlation', () => {
  it('F19 every id is new, carries the connection, and finds only its own request', () => {
    const [first, one] = nextId(books());
    const [, two] = nextId(first, 'r-9');
    expect([one, two]).toEqual(['g1.1', 'g1.2.r-9']);
    const state = noteSent(first, trade(one), mono(0));
    expect(find(state, one)?.name).toBe('ProtoOAClosePositionReq');
    expect(find(state, 'g0.1')).toBeUndefined();
    expect(find(state, undefined)).toBeUndefined();
    expect(find(settle(state, one, true), one)).toBeUndefined();
  });

  it('deadlines: 10 s, history 20 s; an answered order stays known for a minute', () => {
    let state = noteSent(books(), trade('a'), mono(0));
    state = noteSent(state, { ...question('history'), id: 'h' }, mono(0));
    state = noteSent(state, trade('b'), mono(0));
    state = markAnswered(state, 'b');
    const ids = (now: number) => {
      const [next, expired] = expire(state, mono(now));
      state = next;
      return expired.map(({ id }) => id);
    };
    expect(ids(9_999)).toEqual([]);
    expect(ids(10_000)).toEqual(['a']);
    expect(ids(20_000)).toEqual(['h']);
    expect(find(state, 'b')).toBeDefined();
    expect(ids(60_000)).toEqual([]);
    expect(find(state, 'b')).toBeUndefined();
  });
});

describe('ladder', () => {
  it('F08 1, 2, 4 up to 60 s, with full jitter', () => {
    const ceilings = [0, 1, 2, 3, 4, 5, 6, 7, 500].map((each) => ladderDelay(each, 1));
    expect(ceilings).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((each) => each * 1_000));
    fc.assert(
      fc.property(fc.nat(60), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const delay = ladderDelay(attempt, random);
        expect(Number.isInteger(delay) && delay >= 0 && delay <= LADDER.maxMs).toBe(true);
      }),
    );
    expect(ladderDelay(3, 0)).toBe(0);
  });
});
