// Where a position is between stop and target, and what both would come to.
import { expect, it } from 'vitest';
import { price } from '../../../src/engine/index.ts';
import { wayEnd, wayOf } from '../../../src/ui/panels/way.ts';
import { position, quiet } from '../../support/builders-snapshot.ts';
import { panelText } from '../../support/panel-text.ts';

const line = (extra = {}, width = 80, snapshot = quiet()) =>
  panelText((area) => wayOf(position(extra), snapshot, area), { width, height: 1 })[0];

it('tells both distances, both results and the place between', () => {
  expect(line()).toBe('  to stop   74   -480.00 ├───────────●──────────┤ to target   66   +640.00');
  const sell = { side: 'sell', stop: price(407_800_000), target: price(393_800_000) } as const;
  expect(line(sell)).toMatch(/to stop {3}66 {3}-416.00 .* to target {3}74 {3}\+704.00$/);
});

it('drops the track, then the target, never a digit (F113)', () => {
  for (let width = 24; width < 90; width += 1) {
    expect(line({}, width)).toMatch(
      /^ {2}to stop {3}74 {3}-480.00( (├.*┤)? *to target {3}66 {3}\+640.00)?$/,
    );
  }
});

it('says a missing stop in words, and nothing without a price (F116)', () => {
  expect(line({ stop: undefined })).toContain('NO STOP');
  expect(line({ current: undefined })).toBe('');
});

it('tells no money across currencies', () => {
  const { instrument, account } = quiet();
  const dollars = quiet({ instrument: instrument && { ...instrument, quoteCurrency: 'USD' } });
  expect(wayEnd(position(), price(393_800_000), dollars)?.result).toBeUndefined();
  expect(line({}, 80, dollars)).toMatch(/^ {2}to stop {3}74 ├.*┤ to target {3}66$/);
  expect(account?.currency).toBe('MYR');
});
