// The broker that comes with the program: whom it knows, and that its names can be told apart.
import { expect, it } from 'vitest';
import { bench } from './bench.ts';

it('has one demo and one live account, one token that trades and one that only looks', () => {
  const { params } = bench();
  expect(params.accounts.map(({ exchange }) => exchange.account.isLive)).toEqual([false, true]);
  expect(params.grants.map(({ scope }) => scope)).toEqual(['trade', 'view']);
});

it('lists exactly one symbol called FCPO, and only that one has a market', () => {
  const { symbols } = bench().params;
  expect(symbols.filter(({ name }) => name === 'FCPO')).toHaveLength(1);
  expect(symbols.filter(({ name }) => name.startsWith('FCPO')).length).toBeGreaterThan(1);
  expect(symbols.flatMap(({ name, market }) => (market ? [name] : []))).toEqual(['FCPO']);
});

it('gives every symbol a currency that is listed, and no two the same id', () => {
  const { assets, symbols } = bench().params;
  const known = new Set(assets.map(({ assetId }) => assetId));
  for (const symbol of symbols) expect(known.has(symbol.quoteAssetId)).toBe(true);
  expect(new Set(symbols.map(({ symbolId }) => symbolId)).size).toBe(symbols.length);
});
