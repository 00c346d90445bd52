// Small looks at a played stage, and the two events of a filled entry, for the stories of the
// session. It decides nothing and plays nothing.
import type { BrokerEvent } from '../../../src/engine/index.ts';
import { ACCOUNT_ID, ORDER, POSITION, PROTECTIVE, SYMBOL_ID, said } from '../broker-words.ts';
import type { Stage } from './stage.ts';

export const lastLink = (of: Stage): string | undefined =>
  of.events.filter((each) => each.type === 'link').at(-1)?.state;
export const failures = (of: Stage) => of.events.filter((each) => each.type === 'requestFailed');
export const count = (of: Stage, type: BrokerEvent['type']) =>
  of.events.filter((each) => each.type === type).length;
export const idOf = (of: Stage, name: string): string =>
  of.written.filter((each) => each.name === name).at(-1)?.id ?? 'none';
export const fill = (id: string) =>
  said(
    'ProtoOAExecutionEvent',
    {
      ctidTraderAccountId: ACCOUNT_ID,
      executionType: 3,
      order: ORDER,
      position: { ...POSITION, stopLoss: undefined, takeProfit: undefined } as never,
      deal: {
        dealId: '3001',
        orderId: '1001',
        positionId: '2001',
        volume: 2_500,
        filledVolume: 2_500,
        symbolId: SYMBOL_ID,
        createTimestamp: 1,
        executionTimestamp: 2,
        executionPrice: 4_000,
        tradeSide: 1,
        dealStatus: 2,
        commission: -1_500,
        moneyDigits: 2,
      },
    },
    id,
  );
export const protectedNow = said('ProtoOAExecutionEvent', {
  ctidTraderAccountId: ACCOUNT_ID,
  executionType: 2,
  order: PROTECTIVE,
  position: POSITION,
  isServerEvent: true,
});
