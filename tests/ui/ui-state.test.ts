// What the screen remembers at the beginning, and when it calls its picture late.
import { expect, it } from 'vitest';
import { initialUi, LATE_MS, lateMs } from '../../src/ui/ui-state.ts';

const ui = initialUi({
  columns: 80,
  rows: 24,
  theme: 'dark',
  commandPrefix: 'ui',
  role: 'operator',
  operator: 'ann',
  now: 0,
});

it('starts without dialog, filter, selection or anything on its way', () => {
  expect(JSON.parse(JSON.stringify(ui))).toMatchObject({ filter: '', pending: [], leaving: false });
  expect([ui.dialog, ui.notice, ui.selected, ui.snapshotAt]).toEqual(Array(4).fill(undefined));
});

it('is late only after a silence, and then says by how much (F116)', () => {
  expect(lateMs(ui)).toBe(0);
  expect(lateMs({ ...ui, snapshotAt: 1_000, now: 1_000 + LATE_MS - 1 })).toBe(0);
  expect(lateMs({ ...ui, snapshotAt: 1_000, now: 9_000 })).toBe(8_000);
});
