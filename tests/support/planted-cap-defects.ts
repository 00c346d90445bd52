/**
 * Engines broken on purpose in how they count entries, for the checker of the caps (I29).
 * Deliberately each forgets on one occasion only: the checker must count through all of them.
 */
import type { Core } from '../../src/engine/state.ts';
import { type PlantedDefect, twisted, withCore } from './planted-defects.ts';

const uncounted = (core: Core): Core['tallies'] => ({
  ...core.tallies,
  entries: { ...core.tallies.entries, count: 0, isFull: false },
});

export const CAP_DEFECTS: readonly PlantedDefect[] = [
  {
    id: 'I29',
    about: 'forgets the entries of the day with the next minute',
    subject: () =>
      twisted({
        after: (after, _before, { event }) =>
          event.type === 'clock' ? withCore(after, { tallies: uncounted(after.core) }) : after,
      }),
  },
  {
    id: 'I29',
    about: 'forgets the entries of the day with a restart',
    from: 11,
    subject: () =>
      twisted({
        after: (after, _before, { event }) =>
          event.type === 'started' ? withCore(after, { tallies: uncounted(after.core) }) : after,
      }),
  },
  {
    id: 'I29',
    about: 'begins the count of the day anew with the reset of any breaker',
    from: 11,
    subject: () =>
      twisted({
        after: (after, _before, { event }) =>
          event.type === 'command' &&
          event.command.body.type === 'resetBreaker' &&
          event.command.body.breaker !== 'ORDER_RATE'
            ? withCore(after, { tallies: uncounted(after.core) })
            : after,
      }),
  },
];
