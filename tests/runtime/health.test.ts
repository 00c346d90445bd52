/** What makes the process itself unwell. */
import { expect, it } from 'vitest';
import { illsOf } from '../../src/runtime/health.ts';

const well = { quietFor: () => 300, journalWaitsFor: () => 40, journalBroken: () => false };

it('a loop that turns and a disk that answers are well', () => {
  expect(illsOf(well)).toEqual([]);
});

it('a stuck loop and a stuck disk are named well within 15 s (F122 F123)', () => {
  expect(illsOf({ ...well, quietFor: () => 10_500 })).toEqual(['the loop has not turned for 11 s']);
  expect(illsOf({ ...well, journalWaitsFor: () => 8_500 })).toEqual([
    'the disk has not answered for 9 s',
  ]);
  expect(illsOf({ ...well, journalBroken: () => true })).toEqual(['the journal does not write']);
});
