// Whatever the other side says, in whatever order: no throw, bounded state, no entry sent twice.
// Failures print fast-check's seed and path.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionMachine } from '../../../src/ctrader/session/machine.ts';
import { PACING } from '../../../src/ctrader/session/requests.ts';
import { LINK_LIMITS, type SessionInput } from '../../../src/ctrader/session/state.ts';
import type { WireMessage } from '../../../src/ctrader/wire/codec.ts';
import { mono, wall } from '../../../src/engine/index.ts';
import {
  ACCOUNT_ID,
  errorAnswer,
  ORDER,
  POSITION,
  PROTECTIVE,
  SYMBOL,
  SYMBOL_ID,
  said,
  spot,
  TRADER,
  USUAL,
} from '../broker-words.ts';
import { CLOSE, CONFIG, ENTRY, FCPO, START_WALL } from './stage.ts';

const wild = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, -1, 1, 2 ** 52), fc.nat(100));
const wildDecimal = fc.oneof(fc.double(), fc.constantFrom(0, -1, 4_000, 1e300));
const id = fc.oneof(
  fc.tuple(fc.nat(3), fc.nat(40)).map(([generation, number]) => `g${generation}.${number}`),
  fc.constantFrom('g1.11.r-1', 'other', undefined),
);

const order = fc
  .record({
    side: fc.nat(3),
    status: fc.nat(7),
    type: fc.nat(7),
    executed: wild,
    stop: wildDecimal,
  })
  .map(({ side, status, type, executed, stop }) => ({
    ...ORDER,
    tradeData: { ...ORDER.tradeData, tradeSide: side },
    orderStatus: status,
    orderType: type,
    executedVolume: executed,
    stopPrice: stop,
    stopLoss: stop,
  }));
const execution = fc
  .record({ type: fc.nat(14), order: fc.option(order, { nil: undefined }), price: wildDecimal })
  .map(({ type, order: made, price }) =>
    said('ProtoOAExecutionEvent', {
      ctidTraderAccountId: ACCOUNT_ID,
      executionType: type,
      ...(made === undefined ? {} : { order: made }),
      position: { ...POSITION, stopLoss: price },
    }),
  );

const message: fc.Arbitrary<WireMessage> = fc.oneof(
  fc.tuple(fc.constantFrom(...Object.values(USUAL)), id).map(([usual, text]) => usual(text)),
  fc.tuple(wild, wild).map(([bid, ask]) => spot(bid / 100_000, ask / 100_000)),
  execution,
  fc
    .tuple(
      fc.constantFrom('NOT_ENOUGH_MONEY', 'CH_CLIENT_NOT_AUTHENTICATED', 'X', 'CANT_ROUTE_REQUEST'),
      id,
    )
    .map(([code, text]) => errorAnswer(code, text)),
  fc.nat(3_000).map((payloadType) => ({ kind: 'unknown', payloadType }) as const),
  fc.tuple(fc.constantFrom(2126, 2131, 2142, undefined), id).map(([payloadType, clientMsgId]) => ({
    kind: 'undecodable' as const,
    ...(payloadType === undefined ? {} : { payloadType }),
    ...(clientMsgId === undefined ? {} : { clientMsgId }),
    reason: 'junk',
  })),
  fc.tuple(wild, id).map(([low, text]) =>
    said(
      'ProtoOAGetTrendbarsRes',
      {
        ctidTraderAccountId: ACCOUNT_ID,
        period: 5,
        hasMore: low % 2 === 0,
        trendbar: [
          { volume: 1, low, deltaOpen: 1, deltaHigh: 2, deltaClose: 1, utcTimestampInMinutes: 5 },
        ],
      },
      text,
    ),
  ),
  fc.tuple(wild, wild, id).map(([digits, distance, text]) =>
    said(
      'ProtoOASymbolByIdRes',
      {
        ctidTraderAccountId: ACCOUNT_ID,
        symbol: [{ ...SYMBOL, digits: digits % 9, slDistance: distance, distanceSetIn: 2 }],
      },
      text,
    ),
  ),
  fc.tuple(wildDecimal, wild, id).map(([price, swap, text]) =>
    said(
      'ProtoOAReconcileRes',
      {
        ctidTraderAccountId: ACCOUNT_ID,
        position: [{ ...POSITION, price, swap, moneyDigits: Math.abs(swap % 11) }],
        order: [PROTECTIVE],
      },
      text,
    ),
  ),
  fc.constantFrom(
    said('ProtoOATraderUpdatedEvent', { ctidTraderAccountId: ACCOUNT_ID, trader: TRADER }),
    said('ProtoOAAccountDisconnectEvent', { ctidTraderAccountId: ACCOUNT_ID }),
    said('ProtoOAClientDisconnectEvent', {}),
    said('ProtoOASymbolChangedEvent', { ctidTraderAccountId: ACCOUNT_ID, symbolId: [SYMBOL_ID] }),
  ),
);

type Wish = SessionInput extends infer I ? (I extends unknown ? Omit<I, 'at'> : never) : never;

const wish: fc.Arbitrary<Wish | 'usual'> = fc.oneof(
  { weight: 6, arbitrary: fc.constant('usual' as const) },
  { weight: 6, arbitrary: message.map((each) => ({ type: 'message' as const, message: each })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Wish>(
      { type: 'tick', backlog: 0 },
      { type: 'tick', backlog: 10 },
      { type: 'opened' },
      { type: 'start' },
      { type: 'closed', reason: 'reset', random: 0 },
      { type: 'subscribe', instrumentId: FCPO },
      { type: 'query', query: { type: 'reconcile', historyFrom: undefined } },
      { type: 'query', query: { type: 'reconcile', historyFrom: wall(START_WALL - 1e9) } },
      { type: 'query', query: { type: 'bars', instrumentId: FCPO, timeframeMs: 60_000, count: 9 } },
      { type: 'send', request: ENTRY, backlog: 0 },
      { type: 'send', request: CLOSE, backlog: 0 },
    ),
  },
);

describe('junk', () => {
  it('never throws, stays bounded, never repeats an order', () => {
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 120 }), fc.nat(2_000), (wishes, pace) => {
        const machine = sessionMachine(CONFIG);
        let state = machine.initial;
        let now = 0;
        let asked: { readonly name: string; readonly id: string | undefined }[] = [];
        let sends = 0;
        let entries = 0;
        const play = (input: Wish) => {
          const at = { mono: mono(now), wall: wall(START_WALL + now) };
          const [next, outputs] = machine.step(state, { ...input, at } as SessionInput);
          state = next;
          for (const output of outputs) {
            if (output.type === 'transmit') {
              entries += output.message.name === 'ProtoOANewOrderReq' ? 1 : 0;
            }
            if (output.type === 'write') {
              const { draft, id: text } = output;
              const name = draft.type === 'plain' ? draft.message.name : draft.name;
              asked.push({ name, id: text });
            }
          }
          const close = outputs.find((each) => each.type === 'close');
          if (close !== undefined) {
            asked = [];
            play({ type: 'closed', reason: close.reason, random: 0 });
          }
        };
        play({ type: 'start' });
        play({ type: 'opened' });
        for (const each of wishes) {
          now += pace;
          if (each === 'usual') {
            const next = asked.shift();
            const usual = USUAL[next?.name as keyof typeof USUAL];
            if (usual !== undefined) play({ type: 'message', message: usual(next?.id) });
            continue;
          }
          if (each.type === 'send') sends += 1;
          play(each);
        }
        expect(entries).toBeLessThanOrEqual(sends);
        expect(state.jobs.length).toBeLessThanOrEqual(LINK_LIMITS.jobs);
        expect(state.facts.early.length).toBeLessThanOrEqual(LINK_LIMITS.early);
        expect(state.requests.pending.length).toBeLessThanOrEqual(PACING.pendingMax);
        expect(state.requests.waiting.length).toBeLessThanOrEqual(PACING.waitingMax);
        expect(JSON.parse(JSON.stringify(state))).toBeTypeOf('object');
      }),
      { numRuns: 400 },
    );
  });
});
