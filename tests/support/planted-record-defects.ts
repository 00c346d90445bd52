/**
 * Engines broken on purpose in what they write down, and one that forges its arming.
 * Deliberately as small as those in planted-defects.ts.
 */
import type { Arming } from '../../src/engine/arming.ts';
import { type JournalRecord, mono, wall } from '../../src/engine/index.ts';
import type { Subject } from '../../src/sim/world-subject.ts';
import { type PlantedDefect, twisted, withCore } from './planted-defects.ts';

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

/** What nobody gave. */
const FORGED: Arming = {
  state: 'armed',
  account: '0',
  since: mono(0),
  until: wall(Number.MAX_SAFE_INTEGER),
  byMono: mono(Number.MAX_SAFE_INTEGER),
};

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
  {
    id: 'I19',
    about: 'enters in live mode before anybody armed it',
    subject: () =>
      twisted({
        before: (state) =>
          state.core.arming.state === 'unarmed' ? withCore(state, { arming: FORGED }) : state,
        after: (after, before) =>
          after.core.arming === FORGED ? withCore(after, { arming: before.core.arming }) : after,
      }),
  },
];
