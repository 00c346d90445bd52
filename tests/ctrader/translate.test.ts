// Markets and accounts in our words, against the recorded figures of the protocol facts.
import { describe, expect, it } from 'vitest';
import {
  accountOf,
  barOf,
  type Complaints,
  instrumentOf,
  periodOf,
  quoteOf,
} from '../../src/ctrader/translate.ts';
import type { ProtoOASymbol } from '../../src/ctrader/wire/schema.gen.ts';
import { generation, price, wall } from '../../src/engine/index.ts';
import { ACCOUNT_ID, LIGHT, SYMBOL, TRADER } from './broker-words.ts';

const NOW = wall(1_700_449_200_000);
const ASSETS = [
  { assetId: '9', name: 'MYR' },
  { assetId: '4', name: 'USD' },
];
const instrument = (symbol: ProtoOASymbol, reference?: number, complaints: Complaints = []) =>
  instrumentOf(
    {
      light: LIGHT,
      symbol,
      assets: ASSETS,
      now: NOW,
      reference: reference === undefined ? undefined : price(reference),
    },
    complaints,
  );

describe('quotes', () => {
  it('F71 the recorded EURUSD pair, a single side, and sides that are no prices', () => {
    const spot = { ctidTraderAccountId: ACCOUNT_ID, symbolId: '1', timestamp: 1_700_000_000_000 };
    const g = generation(1);
    const both = quoteOf({ ...spot, bid: 114_814, ask: 114_815 }, g, NOW, true);
    expect(both).toEqual({
      type: 'quote',
      instrumentId: '1',
      generation: 1,
      bid: 114_814,
      ask: 114_815,
      time: 1_700_000_000_000,
      initial: true,
    });
    expect(quoteOf({ ...spot, ask: 114_815 }, g, NOW, false).bid).toBeUndefined();
    expect(quoteOf({ ...spot, bid: 0, ask: 2 ** 53 - 1 }, g, NOW, false)).toMatchObject({
      bid: undefined,
      ask: undefined,
    });
  });
});

describe('bars', () => {
  it('a low and three differences; the stamp counts minutes', () => {
    expect(
      barOf({
        volume: 37,
        low: 399_500_000,
        deltaOpen: 500_000,
        deltaHigh: 900_000,
        deltaClose: 100_000,
        utcTimestampInMinutes: 28_340_820,
      }),
    ).toEqual({
      openTime: 1_700_449_200_000,
      open: 400_000_000,
      high: 400_400_000,
      low: 399_500_000,
      close: 399_600_000,
      ticks: 37,
    });
  });

  it('F16 a missing part makes the bar invalid, never zero', () => {
    const bar = {
      volume: 1,
      low: 5,
      deltaOpen: 0,
      deltaHigh: 0,
      deltaClose: 0,
      utcTimestampInMinutes: 1,
    };
    expect(barOf(bar)).toBeDefined();
    for (const field of Object.keys(bar).filter((each) => each !== 'volume')) {
      expect(barOf({ ...bar, [field]: undefined }), field).toBeUndefined();
    }
  });

  it('periods by length, and none for lengths the broker does not have', () => {
    expect(periodOf(60_000)?.period).toBe(1);
    expect(periodOf(300_000)?.period).toBe(5);
    expect(periodOf(86_400_000)?.period).toBe(12);
    expect(periodOf(420_000)).toBeUndefined();
  });
});

describe('instrument', () => {
  it('takes over the grid, the currency of the quote asset and the hours', () => {
    expect(instrument(SYMBOL)).toMatchObject({
      id: '42',
      digits: 0,
      lotSize: 2_500,
      minVolume: 100,
      stepVolume: 100,
      maxVolume: 250_000,
      quoteCurrency: 'MYR',
      status: 'open',
      stopDistanceMin: 0,
    });
    expect(instrument(SYMBOL)?.sessions[0]?.open).toBe(Date.parse('2023-11-20T02:30Z'));
  });

  it('the recorded indices: digits 2, volumes of one hundredth', () => {
    const index = { ...SYMBOL, digits: 2, lotSize: 100, minVolume: 1, stepVolume: 1 };
    expect(instrument(index)).toMatchObject({ digits: 2, minVolume: 1, lotSize: 100 });
  });

  it('distances in points are ticks, in percent they need a price and round up to the grid', () => {
    const points = { ...SYMBOL, digits: 2, slDistance: 50, tpDistance: 30, distanceSetIn: 1 };
    expect(instrument(points)).toMatchObject({
      stopDistanceMin: 50_000,
      targetDistanceMin: 30_000,
    });
    const percent = { ...SYMBOL, slDistance: 1, distanceSetIn: 2 };
    expect(instrument(percent)?.stopDistanceMin).toBe(0);
    expect(instrument(percent, 400_100_000)?.stopDistanceMin).toBe(4_100_000);
    const complaints: Complaints = [];
    expect(instrument({ ...percent, slDistance: 101 }, 1, complaints)).toBeUndefined();
    expect(complaints).toHaveLength(1);
  });

  it('F52 trading modes, and an unknown one is closed', () => {
    const status = (tradingMode: number) => instrument({ ...SYMBOL, tradingMode })?.status;
    expect([0, 1, 2, 3, 99].map(status)).toEqual([
      'open',
      'disabled',
      'disabled',
      'close-only',
      'disabled',
    ]);
  });

  it('F16 a missing part of the grid, or impossible decimals, make it unusable', () => {
    for (const field of ['lotSize', 'minVolume', 'maxVolume', 'stepVolume']) {
      const complaints: Complaints = [];
      const symbol = { ...SYMBOL, [field]: undefined } as never;
      expect(instrument(symbol, undefined, complaints)).toBeUndefined();
      expect(complaints).toEqual([`the instrument has no ${field}`]);
    }
    expect(instrument({ ...SYMBOL, digits: 6 })).toBeUndefined();
    expect(instrument({ ...SYMBOL, digits: -1 })).toBeUndefined();
  });

  it('F69 unknown hours are an empty calendar', () => {
    const { scheduleTimeZone: _, ...symbol } = SYMBOL;
    expect(instrument(symbol)?.sessions).toEqual([]);
  });
});

describe('account', () => {
  const entry = { ctidTraderAccountId: ACCOUNT_ID, isLive: false };
  const account = (trader: object, scope: number | undefined = 1) =>
    accountOf({ trader: { ...TRADER, ...trader }, entry, scope, assets: ASSETS }, []);

  it('balance, exponent, leverage and currency as stated', () => {
    expect(account({})).toMatchObject({
      id: ACCOUNT_ID,
      login: '900001',
      isLive: false,
      currency: 'MYR',
      exponent: 2,
      balance: 5_000_000,
      balanceVersion: 7,
      leverageCents: 2_000,
      access: 'full',
    });
    expect(account({ moneyDigits: 8 })?.exponent).toBe(8);
  });

  it('F56 F16 without exponent, currency, leverage or balance number it is unusable', () => {
    for (const part of [
      { moneyDigits: undefined },
      { moneyDigits: 9 },
      { depositAssetId: '77' },
      { leverageInCents: undefined },
      { balanceVersion: undefined },
    ]) {
      expect(account(part)).toBeUndefined();
    }
  });

  it('F52 rights and the scope of the token decide the access together', () => {
    expect([0, 1, 2, 3, 9].map((accessRights) => account({ accessRights })?.access)).toEqual([
      'full',
      'close-only',
      'none',
      'none',
      'none',
    ]);
    expect(account({}, 0)?.access).toBe('none');
    expect(accountOf({ trader: TRADER, entry, scope: undefined, assets: ASSETS }, [])?.access).toBe(
      'none',
    );
  });
});
