/**
 * Engines broken on purpose in what they write down, for the checkers of records.
 * Deliberately as small as those in planted-defects.ts: only the record is wrong.
 */
import type { JournalRecord } from '../../src/engine/index.ts';
import type { Subject } from '../../src/sim/world-subject.ts';
import { type PlantedDefect, twisted } from './planted-defects.ts';

/** The engine with other records; nothing in place of one leaves it out. */
const recordsAs = (change: (record: JournalRecord) => JournalRecord | undefined): Subject =>
  twisted({
    hands: (hands) => ({
      ...hands,
      record: (record, barrier) => {
        const other = change(record);
        if (other !== undefined) hands.record(other, barrier);
      },
    }),
  });

export const RECORD_DEFECTS: readonly PlantedDefect[] = [
  {
    id: 'I14',
    about: 'divides by an average range of zero',
    subject: () =>
      recordsAs((record) => {
        if (record.kind !== 'decision') return record;
        const { decision } = record;
        return { ...record, decision: { ...decision, view: { ...decision.view, rsi: 0 / 0 } } };
      }),
  },
  {
    id: 'I31',
    about: 'enters without saying which prices and news it had',
    subject: () => recordsAs((record) => (record.kind === 'decision' ? undefined : record)),
  },
];
