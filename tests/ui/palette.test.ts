// Finding actions by parts of their words.
import { expect, it } from 'vitest';
import { bindingsOn } from '../../src/ui/keymap.ts';
import { matchScore, paletteEntries } from '../../src/ui/palette.ts';
import { quiet } from '../support/builders-snapshot.ts';
import { uiAt } from '../support/panel-text.ts';

const found = (typed: string) =>
  paletteEntries(typed, quiet(), uiAt()).map((entry) => entry.binding.id);

it('offers every binding of the screen but itself, dangerous or not', () => {
  const ids = new Set(bindingsOn(quiet(), uiAt()).map((one) => one.id));
  ids.delete('palette');
  expect(new Set(found(''))).toEqual(ids);
});

it('needs the letters in their order and prefers beginnings of words', () => {
  expect(matchScore('gf', 'fg')).toBeUndefined();
  expect(matchScore('', 'anything')).toBe(0);
  expect(matchScore('pl', 'panic ladder')).toBeGreaterThan(matchScore('pl', 'simple') ?? 0);
  expect(found('panic')[0]).toBe('ladder');
  expect(found('flat')[0]).toBe('flatten');
  expect(found('news')[0]).toBe('news');
  expect(found('qqqq')).toEqual([]);
});

it('finds a key by its own letter first', () => {
  expect(found('K')[0]).toBe('ladder');
  expect(found('z')[0]).toBe('zoom');
});

it('says why something cannot be done now', () => {
  const flatten = paletteEntries('', quiet(), uiAt()).find((one) => one.binding.id === 'flatten');
  expect(flatten?.enabled).toBe('there is nothing to flatten');
});
