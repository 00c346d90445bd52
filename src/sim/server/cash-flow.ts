/**
 * Deposits and withdrawals of an account over a window of at most a week.
 * Deliberately only those of this run: an account begins with a balance, not with a past.
 */
import { encodeCash } from './trading.ts';
import { type Asked, type RequestTable, refuse, reply } from './world.ts';

const WEEK_MS = 604_800_000;

function listsCashFlow(asked: Asked<'ProtoOACashFlowHistoryListReq'>): void {
  const { world, fields } = asked;
  const { ctidTraderAccountId: accountId, fromTimestamp: from, toTimestamp: to } = fields;
  if (from < 0 || from > to || to - from > WEEK_MS) {
    const description = `Incorrect period boundaries or requested period is longer than ${WEEK_MS}`;
    refuse(asked, { code: 'INCORRECT_BOUNDARIES', description, accountId });
    return;
  }
  const desk = world.desks.get(accountId);
  const exponent = desk?.state().account.exponent;
  const within = (desk?.cashFlows ?? []).filter(({ time }) => time >= from && time <= to);
  reply(asked, 'ProtoOACashFlowHistoryListRes', {
    ctidTraderAccountId: accountId,
    depositWithdraw: within.map((each) => encodeCash(each, exponent)),
  });
}

export const CASH: RequestTable = {
  ProtoOACashFlowHistoryListReq: { needs: 'account', bucket: 'history', answer: listsCashFlow },
};
