/**
 * Facts that rarely change: assets, symbols, the account's own record, its open state.
 * Deliberately answers only; who may ask is decided by the request table's `needs`.
 */
import { listedAs } from '../exchange-money.ts';
import { optional } from '../exchange-records.ts';
import { encodeLightSymbol, encodeSymbol, encodeTrader } from './encode.ts';
import { holidaysOf } from './holidays.ts';
import type { ListedSymbol } from './parameters.ts';
import { type Asked, type RequestTable, refuse, reply } from './world.ts';

function listsAssets(asked: Asked<'ProtoOAAssetListReq'>): void {
  reply(asked, 'ProtoOAAssetListRes', {
    ctidTraderAccountId: asked.fields.ctidTraderAccountId,
    asset: asked.world.params.assets.map((asset) => ({ ...asset, displayName: asset.name })),
  });
}

function listsSymbols(asked: Asked<'ProtoOASymbolsListReq'>): void {
  const { world, fields } = asked;
  const archived = world.params.archivedSymbols.map(({ symbolId, name, archivedAt }) => ({
    symbolId,
    name,
    utcLastUpdateTimestamp: archivedAt,
  }));
  reply(asked, 'ProtoOASymbolsListRes', {
    ctidTraderAccountId: fields.ctidTraderAccountId,
    symbol: world.params.symbols.map((symbol, index) => encodeLightSymbol(symbol, index + 1)),
    ...optional('archivedSymbol', fields.includeArchivedSymbols === true ? archived : undefined),
  });
}

function describesSymbols(asked: Asked<'ProtoOASymbolByIdReq'>): void {
  const { world, fields } = asked;
  const accountId = fields.ctidTraderAccountId;
  const ids = [...new Set(fields.symbolId ?? [])];
  const unknown = ids.find((id) => !world.symbols.has(id));
  if (unknown !== undefined && world.switches.unknownSymbol === 'SYMBOL_NOT_FOUND') {
    const description = `Symbol not found: ${unknown}`;
    refuse(asked, { code: 'SYMBOL_NOT_FOUND', description, accountId });
    return;
  }
  const state = world.desks.get(accountId)?.state();
  reply(asked, 'ProtoOASymbolByIdRes', {
    ctidTraderAccountId: accountId,
    symbol: ids.flatMap((id) => {
      const symbol = world.symbols.get(id);
      if (symbol === undefined) return [];
      const holiday = holidaysOf(symbol, world.clock.wall());
      return [{ ...encodeSymbol(symbol, state && listedAs(state, id)), holiday }];
    }),
  });
}

function describesTrader(asked: Asked<'ProtoOATraderReq'>): void {
  const { world, fields } = asked;
  const accountId = fields.ctidTraderAccountId;
  const desk = world.desks.get(accountId);
  const currency = desk?.state().account.currency;
  const deposit = world.params.assets.find(({ name }) => name === currency);
  if (desk === undefined || deposit === undefined) {
    refuse(asked, { code: 'ENTITY_NOT_FOUND', accountId });
    return;
  }
  reply(asked, 'ProtoOATraderRes', {
    ctidTraderAccountId: accountId,
    trader: encodeTrader(desk.state(), deposit.assetId, desk.registeredAt),
  });
}

/** The shortest connected chain of symbols from the first asset to the last, in order. */
function chainOf(
  symbols: readonly ListedSymbol[],
  first: string,
  last: string,
): readonly ListedSymbol[] | undefined {
  const reached = new Map<string, readonly ListedSymbol[]>([[first, []]]);
  const open = [first];
  for (let asset = open.shift(); asset !== undefined; asset = open.shift()) {
    const chain = reached.get(asset) ?? [];
    if (asset === last) return chain;
    for (const symbol of symbols) {
      const { baseAssetId: base, quoteAssetId: quote } = symbol;
      if (!symbol.enabled || base === undefined) continue;
      const other = base === asset ? quote : quote === asset ? base : undefined;
      if (other === undefined || reached.has(other)) continue;
      reached.set(other, [...chain, symbol]);
      open.push(other);
    }
  }
  return undefined;
}

function listsConversion(asked: Asked<'ProtoOASymbolsForConversionReq'>): void {
  const { world, fields } = asked;
  const { ctidTraderAccountId: accountId, firstAssetId, lastAssetId } = fields;
  const chain = chainOf(world.params.symbols, firstAssetId, lastAssetId);
  if (chain === undefined) {
    const description = `No conversion from ${firstAssetId} to ${lastAssetId}`;
    refuse(asked, { code: 'ENTITY_NOT_FOUND', description, accountId });
    return;
  }
  reply(asked, 'ProtoOASymbolsForConversionRes', {
    ctidTraderAccountId: accountId,
    symbol: chain.map((symbol, index) => encodeLightSymbol(symbol, index + 1)),
  });
}

export const REFERENCE: RequestTable = {
  ProtoOASymbolsForConversionReq: { needs: 'account', bucket: 'other', answer: listsConversion },
  ProtoOAAssetListReq: { needs: 'account', bucket: 'other', answer: listsAssets },
  ProtoOASymbolsListReq: { needs: 'account', bucket: 'other', answer: listsSymbols },
  ProtoOASymbolByIdReq: { needs: 'account', bucket: 'other', answer: describesSymbols },
  ProtoOATraderReq: { needs: 'account', bucket: 'other', answer: describesTrader },
};
