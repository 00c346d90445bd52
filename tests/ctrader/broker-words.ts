// Ready-made things a broker says, as decoded messages, for tests of the session and of
// translation. They are written by hand from the protocol's facts, not produced by the client.
import type { KnownMessage, OutgoingMessage } from '../../src/ctrader/wire/codec.ts';
import {
  type Messages,
  PAYLOAD_TYPES,
  type ProtoOALightSymbol,
  type ProtoOAOrder,
  type ProtoOAPosition,
  type ProtoOASymbol,
  type ProtoOATrader,
  type WireName,
} from '../../src/ctrader/wire/schema.gen.ts';

export const ACCOUNT_ID = '4711';
export const SYMBOL_ID = '42';

/** A message as the codec would give it. */
export function said<N extends WireName>(
  name: N,
  fields: Messages[N],
  clientMsgId?: string,
): KnownMessage {
  const id = clientMsgId === undefined ? {} : { clientMsgId };
  return { kind: 'message', name, payloadType: PAYLOAD_TYPES[name], fields, ...id } as KnownMessage;
}

export const TRADER: ProtoOATrader = {
  ctidTraderAccountId: ACCOUNT_ID,
  balance: 5_000_000,
  balanceVersion: 7,
  accessRights: 0,
  depositAssetId: '9',
  leverageInCents: 2_000,
  traderLogin: '900001',
  accountType: 0,
  brokerName: 'Test Broker',
  moneyDigits: 2,
};

export const LIGHT: ProtoOALightSymbol = {
  symbolId: SYMBOL_ID,
  symbolName: 'FCPO',
  enabled: true,
  quoteAssetId: '9',
  description: 'Crude palm oil',
};

export const SYMBOL: ProtoOASymbol = {
  symbolId: SYMBOL_ID,
  digits: 0,
  pipPosition: 0,
  minVolume: 100,
  stepVolume: 100,
  maxVolume: 250_000,
  lotSize: 2_500,
  tradingMode: 0,
  scheduleTimeZone: 'Asia/Kuala_Lumpur',
  // Monday to Friday 10:30 to 12:30.
  schedule: [1, 2, 3, 4, 5].map((day) => ({
    startSecond: day * 86_400 + 37_800,
    endSecond: day * 86_400 + 45_000,
  })),
};

const ours = { ctidTraderAccountId: ACCOUNT_ID };

/** The usual answer to each question of the login. */
export const USUAL: { readonly [N in WireName]?: (id: string | undefined) => KnownMessage } = {
  ProtoOAApplicationAuthReq: (id) => said('ProtoOAApplicationAuthRes', {}, id),
  ProtoOAGetAccountListByAccessTokenReq: (id) =>
    said(
      'ProtoOAGetAccountListByAccessTokenRes',
      {
        accessToken: 'echo-of-the-token',
        permissionScope: 1,
        ctidTraderAccount: [
          { ctidTraderAccountId: '1', isLive: true, traderLogin: '4711' },
          { ctidTraderAccountId: ACCOUNT_ID, isLive: false, traderLogin: '900001' },
        ],
      },
      id,
    ),
  ProtoOAAccountAuthReq: (id) => said('ProtoOAAccountAuthRes', ours, id),
  ProtoOATraderReq: (id) => said('ProtoOATraderRes', { ...ours, trader: TRADER }, id),
  ProtoOAAssetListReq: (id) =>
    said('ProtoOAAssetListRes', { ...ours, asset: [{ assetId: '9', name: 'MYR', digits: 2 }] }, id),
  ProtoOASymbolsListReq: (id) => said('ProtoOASymbolsListRes', { ...ours, symbol: [LIGHT] }, id),
  ProtoOASymbolByIdReq: (id) => said('ProtoOASymbolByIdRes', { ...ours, symbol: [SYMBOL] }, id),
  ProtoOAReconcileReq: (id) => said('ProtoOAReconcileRes', ours, id),
  ProtoOASubscribeSpotsReq: (id) => said('ProtoOASubscribeSpotsRes', ours, id),
  ProtoOAVersionReq: (id) => said('ProtoOAVersionRes', { version: '91' }, id),
};

export const spot = (bid?: number, ask?: number): KnownMessage =>
  said('ProtoOASpotEvent', {
    ...ours,
    symbolId: SYMBOL_ID,
    ...(bid === undefined ? {} : { bid: bid * 100_000 }),
    ...(ask === undefined ? {} : { ask: ask * 100_000 }),
    timestamp: 1_700_000_000_000,
  });

export const errorAnswer = (
  errorCode: string,
  clientMsgId?: string,
  more: Partial<Messages['ProtoOAErrorRes']> = {},
): KnownMessage => said('ProtoOAErrorRes', { errorCode, ...more }, clientMsgId);

/** A market order of 25 tonnes in the state it has right after it was filled. */
export const ORDER: ProtoOAOrder = {
  orderId: '1001',
  tradeData: {
    symbolId: SYMBOL_ID,
    volume: 2_500,
    tradeSide: 1,
    openTimestamp: 1_700_000_000_000,
    label: 'palm:c-1',
  },
  orderType: 1,
  orderStatus: 2,
  executedVolume: 2_500,
  executionPrice: 4_000,
  clientOrderId: 'c-1',
  positionId: '2001',
  closingOrder: false,
  utcLastUpdateTimestamp: 1_700_000_000_150,
};

/** The protective order of the same position: stop 3940, target 4080. */
export const PROTECTIVE: ProtoOAOrder = {
  orderId: '1002',
  tradeData: { symbolId: SYMBOL_ID, volume: 2_500, tradeSide: 2, openTimestamp: 1_700_000_000_160 },
  orderType: 4,
  orderStatus: 1,
  executedVolume: 0,
  closingOrder: true,
  stopPrice: 3_940,
  limitPrice: 4_080,
  positionId: '2001',
};

export const POSITION: ProtoOAPosition = {
  positionId: '2001',
  tradeData: {
    symbolId: SYMBOL_ID,
    volume: 2_500,
    tradeSide: 1,
    openTimestamp: 1_700_000_000_150,
    label: 'palm:c-1',
  },
  positionStatus: 1,
  swap: 0,
  price: 4_000,
  stopLoss: 3_940,
  takeProfit: 4_080,
  commission: -1_500,
  usedMargin: 500_000,
  moneyDigits: 2,
};

/** Message names and ids in a short line; secrets have no place in an outgoing draft. */
export const nameOf = (message: OutgoingMessage | KnownMessage): string =>
  message.name.replace(/^ProtoOA/, '');
