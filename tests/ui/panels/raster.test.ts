// The grid the chart draws into: clips cells, keeps figures whole.
import { expect, it } from 'vitest';
import { Raster } from '../../../src/ui/panels/raster.ts';

it('joins cells of one role and ignores what is outside', () => {
  const raster = new Raster(5, 2);
  raster.put(0, 0, 'a', 'up');
  raster.put(1, 0, 'b', 'up');
  raster.put(9, 9, 'x', 'bad');
  raster.put(-1, 0, 'x', 'bad');
  expect(raster.lines()).toEqual([
    [
      { role: 'up', text: 'ab' },
      { role: 'text', text: '   ' },
    ],
    [{ role: 'text', text: '     ' }],
  ]);
});

it('writes a text whole or not at all (F113)', () => {
  const raster = new Raster(5, 1);
  raster.text(2, 0, '4012', 'dim');
  expect(raster.lines()).toEqual([[{ role: 'text', text: '     ' }]]);
  raster.text(1, 0, '4012', 'dim');
  expect(raster.lines()[0]?.[1]).toEqual({ role: 'dim', text: '4012' });
});

it('has no cells when it has no size', () => {
  expect(new Raster(-1, 2).lines()).toEqual([[], []]);
});
