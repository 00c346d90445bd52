// Symbols, assets and the account's record. Numbers in the names are the rows of the conformance
// checklist; the schedule is compared with hours written by hand.
import { describe, expect, it } from 'vitest';
import { instrumentId } from '../../../src/engine/index.ts';
import { bench, FCPO_ID } from './bench.ts';
import { ACCOUNT, loggedIn, refusal } from './wire-client.ts';

const own = { ctidTraderAccountId: ACCOUNT };

describe('reference data', () => {
  it('28 lists light symbols, disabled ones too, archived ones only on request', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    const list = client.get('ProtoOASymbolsListReq', own, 'ProtoOASymbolsListRes');
    expect(list.symbol?.map(({ symbolName, enabled }) => [symbolName, enabled])).toEqual([
      ['USDMYR', true],
      ['SUGARRAW', true],
      ['SOYOIL', false],
      ['FCPO', true],
      ['FCPO.f', false],
      ['PALMOIL2', true],
    ]);
    expect(list).not.toHaveProperty('archivedSymbol');
    const all = { ...own, includeArchivedSymbols: true };
    const more = client.get('ProtoOASymbolsListReq', all, 'ProtoOASymbolsListRes');
    expect(more.archivedSymbol?.map(({ name }) => name)).toEqual(['FCPO2019']);
  });

  it('29 describes several symbols in one answer; an unknown id is refused or left out', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    const asks = { ...own, symbolId: ['2003', FCPO_ID] };
    const known = client.get('ProtoOASymbolByIdReq', asks, 'ProtoOASymbolByIdRes');
    expect(known.symbol?.map(({ symbolId }) => symbolId)).toEqual(['2003', FCPO_ID]);
    const withUnknown = { ...own, symbolId: ['9', FCPO_ID] };
    const refused = client.ask('ProtoOASymbolByIdReq', withUnknown);
    expect(refusal(refused)).toEqual([2142, 'SYMBOL_NOT_FOUND', expect.any(String)]);
    const lenient = bench({ switches: { unknownSymbol: 'omit' } });
    const other = loggedIn(lenient.server, lenient.clock);
    const answer = other.get('ProtoOASymbolByIdReq', withUnknown, 'ProtoOASymbolByIdRes');
    expect(answer.symbol?.map(({ symbolId }) => symbolId)).toEqual([FCPO_ID]);
  });

  it('29 describes palm oil with its grid, volumes, commission and hours', () => {
    const { clock, server } = bench();
    const asks = { ...own, symbolId: [FCPO_ID] };
    const client = loggedIn(server, clock);
    const [symbol] = client.get('ProtoOASymbolByIdReq', asks, 'ProtoOASymbolByIdRes').symbol ?? [];
    expect(symbol).toMatchObject({
      digits: 0,
      lotSize: 2_500,
      minVolume: 100,
      stepVolume: 100,
      maxVolume: 250_000,
      tradingMode: 0,
      // MYR 15.00 a lot and side, in units of 1e-8.
      commissionType: 4,
      preciseTradingCommissionRate: 1_500_000_000,
      scheduleTimeZone: 'Asia/Kuala_Lumpur',
    });
    const text = (second: number): string => {
      const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][Math.floor(second / 86_400)];
      const minutes = (second % 86_400) / 60;
      return `${day} ${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
    };
    const hours = symbol?.schedule?.map((one) => `${text(one.startSecond)}-${text(one.endSecond)}`);
    expect(hours?.slice(0, 3)).toEqual([
      'Mon 10:30-Mon 12:30',
      'Mon 14:30-Mon 18:00',
      'Mon 21:00-Mon 23:30',
    ]);
    // Five days of two sessions, four evenings; none on Friday.
    expect(hours).toHaveLength(14);
    expect(hours?.at(-1)).toBe('Fri 14:30-Fri 18:00');
  });

  it('31 tells a changed symbol by its id only', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    server.changeSymbol(FCPO_ID, 'close-only');
    clock.advanceBy(100);
    const [event] = client.all('ProtoOASymbolChangedEvent');
    expect(event?.fields).toEqual({ ...own, symbolId: [FCPO_ID] });
    const asks = { ...own, symbolId: [FCPO_ID] };
    const answer = client.get('ProtoOASymbolByIdReq', asks, 'ProtoOASymbolByIdRes');
    expect(answer.symbol?.[0]?.tradingMode).toBe(3);
  });

  it('32 shows the trader with balance, scale, leverage, currency and kind', () => {
    const { clock, server } = bench();
    const client = loggedIn(server, clock);
    const { trader } = client.get('ProtoOATraderReq', own, 'ProtoOATraderRes');
    expect(trader).toMatchObject({
      ctidTraderAccountId: ACCOUNT,
      balance: 5_000_000,
      balanceVersion: 1,
      moneyDigits: 2,
      leverageInCents: 2_000,
      depositAssetId: '1',
      accountType: 0,
      accessRights: 0,
      traderLogin: '9000001',
    });
    const assets = client.get('ProtoOAAssetListReq', own, 'ProtoOAAssetListRes').asset;
    expect(assets?.map(({ assetId, name }) => [assetId, name])).toEqual([
      ['1', 'MYR'],
      ['2', 'USD'],
    ]);
  });

  it('30 answers a connected chain of symbols from the first asset to the last, in order', () => {
    const plain = bench();
    const [template] = plain.params.symbols;
    if (template === undefined) throw new Error('no symbols');
    const listed = (id: string, name: string, base: string, quote: string) => ({
      ...template,
      symbolId: instrumentId(id),
      name,
      enabled: true,
      baseAssetId: base,
      quoteAssetId: quote,
    });
    // EUR 3, USD 2, MYR 1, and a disabled short cut.
    const short = { ...listed('13', 'EURMYR', '3', '1'), enabled: false };
    const symbols = [short, listed('12', 'USDMYR', '2', '1'), listed('11', 'EURUSD', '3', '2')];
    const { clock, server } = bench({ params: { symbols } });
    const client = loggedIn(server, clock);
    const chain = (firstAssetId: string, lastAssetId: string) =>
      client
        .get(
          'ProtoOASymbolsForConversionReq',
          { ctidTraderAccountId: ACCOUNT, firstAssetId, lastAssetId },
          'ProtoOASymbolsForConversionRes',
        )
        .symbol?.map(({ symbolName }) => symbolName);
    expect(chain('3', '1')).toEqual(['EURUSD', 'USDMYR']);
    expect(chain('1', '3')).toEqual(['USDMYR', 'EURUSD']);
    expect(chain('1', '1') ?? []).toEqual([]);
    const none = { ctidTraderAccountId: ACCOUNT, firstAssetId: '1', lastAssetId: '9' };
    expect(refusal(client.ask('ProtoOASymbolsForConversionReq', none))).toMatchObject({
      0: 2142,
      1: 'ENTITY_NOT_FOUND',
    });
  });
});
