// The whole client as a Broker over bytes: an entry, its protection, its stop; and what never
// leaves.
import { describe, expect, it } from 'vitest';
import { createCtraderBroker } from '../../src/ctrader/broker.ts';
import { type Credentials, secret } from '../../src/ctrader/secret.ts';
import type { BrokerEvent, BrokerRequest, Permitted } from '../../src/engine/index.ts';
import { ACCOUNT_ID, ORDER, POSITION, PROTECTIVE, SYMBOL_ID, said, spot } from './broker-words.ts';
import { CREDENTIALS, links, world } from './memory-peer.ts';
import { CLOSE, ENTRY, FCPO } from './session/stage.ts';

// Only the egress gate makes a real one; here the mark is painted on to look at both destinations.
const bound = (request: BrokerRequest, destination: 'broker' | 'paper') => {
  const marked: unknown = { ...request, destination };
  return marked as Permitted<BrokerRequest>;
};

function started(trading: boolean, credentials: Credentials = CREDENTIALS) {
  const around = world();
  const events: BrokerEvent[] = [];
  const broker = createCtraderBroker({
    dial: around.dial,
    clock: around.clock,
    credentials,
    environment: 'sim',
    accountId: ACCOUNT_ID,
    instrumentName: 'FCPO',
    instrumentAliases: [],
    trading,
    random: () => 0,
  });
  // As the engine does: the instrument is answered with a subscription.
  broker.start((event) => {
    events.push(event);
    if (event.type === 'instrument') broker.subscribe(event.instrument.id);
  });
  around.clock.advanceBy(100);
  around.say(spot(4_000, 4_001));
  return { ...around, broker, events };
}

const deal = (
  id: string,
  orderId: string,
  side: number,
  executionPrice: number,
  detail?: object,
) => ({
  dealId: id,
  orderId,
  positionId: '2001',
  volume: 2_500,
  filledVolume: 2_500,
  symbolId: SYMBOL_ID,
  createTimestamp: 1_700_000_000_000,
  executionTimestamp: 1_700_000_000_150,
  executionPrice,
  tradeSide: side,
  dealStatus: 2,
  commission: -1_500,
  moneyDigits: 2,
  ...detail,
});

describe('a trade', () => {
  it('entry, fill, protection, stop: every fact arrives once, in our words', () => {
    const { broker, events, say, heard } = started(true);
    expect(links({ events }).at(-1)).toBe('READY');
    broker.send(bound(ENTRY, 'broker'));
    const id = heard.at(-1)?.clientMsgId;
    const { stopLoss: _, takeProfit: __, ...bare } = POSITION;
    const event = { ctidTraderAccountId: ACCOUNT_ID, isServerEvent: false };
    const accepted = { ...ORDER, orderStatus: 1, executedVolume: 0 };
    const created = { ...bare, positionStatus: 3, tradeData: { ...bare.tradeData, volume: 0 } };
    const from = events.length;
    say(
      said(
        'ProtoOAExecutionEvent',
        { ...event, executionType: 2, order: accepted, position: created },
        id,
      ),
    );
    say(
      said(
        'ProtoOAExecutionEvent',
        {
          ...event,
          executionType: 3,
          order: ORDER,
          position: bare,
          deal: deal('3001', '1001', 1, 4_000),
        },
        id,
      ),
    );
    say(
      said('ProtoOAExecutionEvent', {
        ...event,
        executionType: 2,
        order: PROTECTIVE,
        position: POSITION,
      }),
    );
    const closePositionDetail = {
      entryPrice: 4_000,
      grossProfit: -152_500,
      swap: 0,
      commission: -3_000,
      balance: 4_844_500,
      closedVolume: 2_500,
      balanceVersion: 8,
      moneyDigits: 2,
    };
    say(
      said('ProtoOAExecutionEvent', {
        ...event,
        isServerEvent: true,
        executionType: 3,
        order: { ...PROTECTIVE, orderStatus: 2, executedVolume: 2_500 },
        position: { ...bare, positionStatus: 2, tradeData: { ...bare.tradeData, volume: 0 } },
        deal: deal('3002', '1002', 2, 3_939, { closePositionDetail }),
      }),
    );
    expect(events.slice(from).map((each) => each.type)).toEqual([
      'orderUpdate',
      'orderUpdate',
      'deal',
      'orderUpdate',
      'protection',
      'orderUpdate',
      'deal',
    ]);
    expect(events.at(-1)).toMatchObject({
      type: 'deal',
      deal: {
        cause: 'stop',
        price: 393_900_000,
        commission: -1_500,
        close: { grossProfit: -152_500, balance: 4_844_500, balanceVersion: 8 },
      },
    });
  });
});

describe('what never leaves', () => {
  it('I19 a request for the paper exchange', () => {
    const { broker, events, heard } = started(true);
    const before = heard.length;
    broker.send(bound(CLOSE, 'paper'));
    expect(heard.length).toBe(before);
    expect(events.at(-1)).toMatchObject({
      code: 'NOT_FOR_BROKER',
      definitive: true,
      generation: 1,
    });
  });

  it('I19 any request of a feed', () => {
    const { broker, events, heard } = started(false);
    const before = heard.length;
    broker.send(bound(ENTRY, 'broker'));
    broker.send(bound(CLOSE, 'broker'));
    expect(heard.length).toBe(before);
    expect(events.at(-1)).toMatchObject({ code: 'FEED_ONLY', definitive: true });
  });
});

describe('the hands', () => {
  it('a rotated token is read at the next login', () => {
    let token = 'first';
    const rotating = {
      ...CREDENTIALS,
      get accessToken() {
        return secret(token);
      },
    };
    const { clock, line, heard } = started(true, rotating);
    token = 'second';
    line().events.closed('reset');
    clock.advanceBy(500);
    const tokens = heard
      .filter((each) => each.name === 'ProtoOAAccountAuthReq')
      .map(({ fields }) => fields.accessToken);
    expect(tokens).toEqual(['first', 'second']);
  });

  it('P05 a close asked while the token is renewed leaves at once, on the link as it is', () => {
    let reads = 0;
    let token = 'first';
    const rotating = {
      ...CREDENTIALS,
      get accessToken() {
        reads += 1;
        return secret(token);
      },
    };
    const { broker, heard, line, clock, events } = started(true, rotating);
    const before = reads;
    broker.send(bound(CLOSE, 'broker'));
    token = 'second';
    broker.send(bound({ ...CLOSE, requestId: 'r-9' }, 'broker'));
    const closes = () => heard.filter((each) => each.name === 'ProtoOAClosePositionReq').length;
    expect(closes()).toBe(2);
    expect(reads).toBe(before);
    expect(events.filter((one) => one.type === 'requestFailed')).toEqual([]);
    // The link ends before the answer: logged in anew, and the close is not repeated here.
    line().events.closed('reset');
    clock.advanceBy(500);
    expect(closes()).toBe(2);
    expect(heard.filter((each) => each.name === 'ProtoOAAccountAuthReq').at(-1)).toMatchObject({
      fields: { accessToken: 'second' },
    });
  });

  it('the same inputs give the same bytes and events', () => {
    const run = () => {
      const { broker, events, say, heard, clock } = started(true);
      broker.query({ type: 'bars', instrumentId: FCPO, timeframeMs: 300_000, count: 10 });
      broker.send(bound(ENTRY, 'broker'));
      say(spot(4_001));
      clock.advanceBy(20_000);
      return JSON.stringify([events, heard]);
    };
    expect(run()).toBe(run());
  });

  it('stop ends everything and counts stay readable', async () => {
    const { broker, events, clock } = started(true);
    await broker.stop();
    expect(links({ events }).at(-1)).toBe('DISCONNECTED');
    clock.advanceBy(120_000);
    expect(broker.counts()).toMatchObject({ dials: 1, unreadable: 0 });
  });
});
