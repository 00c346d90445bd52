// Deposits and withdrawals as events and as history. Numbers in the names are checklist rows.
import { describe, expect, it } from 'vitest';
import { money } from '../../../src/engine/index.ts';
import { bench, START } from './bench.ts';
import { ACCOUNT, loggedIn, refusal } from './wire-client.ts';

const own = { ctidTraderAccountId: ACCOUNT };
const WEEK = 604_800_000;

describe('cash flow', () => {
  it('51 needs a window of at most a week', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    const asked = { ...own, fromTimestamp: START - WEEK, toTimestamp: START };
    const answer = client.get(
      'ProtoOACashFlowHistoryListReq',
      asked,
      'ProtoOACashFlowHistoryListRes',
    );
    expect(answer.depositWithdraw ?? []).toEqual([]);
    clock.advanceBy(300);
    const longer = { ...asked, fromTimestamp: START - WEEK - 1 };
    expect(refusal(client.ask('ProtoOACashFlowHistoryListReq', longer))).toMatchObject({
      0: 2142,
      1: 'INCORRECT_BOUNDARIES',
    });
  });

  it('(row 23) a deposit is an event without order, and is listed afterwards', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    server.moveCash(ACCOUNT, money(123_400));
    server.moveCash(ACCOUNT, money(-3_400));
    clock.advanceBy(100);
    const events = client.all('ProtoOAExecutionEvent').map(({ fields }) => fields);
    expect(events).toMatchObject([
      {
        executionType: 10,
        depositWithdraw: { operationType: 0, delta: 123_400, balance: 5_123_400 },
      },
      {
        executionType: 10,
        depositWithdraw: { operationType: 1, delta: -3_400, balance: 5_120_000 },
      },
    ]);
    expect(events[0]).not.toHaveProperty('order');
    const window = { ...own, fromTimestamp: START, toTimestamp: START + 10_000 };
    const listed = client.get(
      'ProtoOACashFlowHistoryListReq',
      window,
      'ProtoOACashFlowHistoryListRes',
    );
    expect(listed.depositWithdraw).toEqual(events.map(({ depositWithdraw }) => depositWithdraw));
  });
});
