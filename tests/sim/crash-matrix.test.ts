/**
 * A sample of the crash matrix: the process dies after one effect in 23 of the reference day.
 * Deliberately not the whole: `npm run crash-matrix` kills at every effect and prints the counts.
 */
import { describe, expect, it } from 'vitest';
import { crashedDay, KEEPS, noCounts, referenceDay } from '../support/crash-matrix.ts';

const STRIDE = 23;
/** How long a day takes is no finding: the machine may be busy. */
const PATIENCE_MS = 180_000;

describe('killed after an effect of the reference day', () => {
  const reference = referenceDay();

  it('the day trades, also by hand', () => {
    expect(reference.trades).toBeGreaterThan(5);
    expect(reference.effects).toBeGreaterThan(150);
  });

  for (const keeps of KEEPS) {
    it(
      `${keeps} kept: the same day, or without an entry that never left (F82 I05 I17)`,
      () => {
        const counts = noCounts();
        for (let effect = 0; effect <= reference.effects; effect += STRIDE) {
          const verdict = crashedDay(reference, { effect, keeps });
          if (typeof verdict === 'string') expect.fail(`effect ${effect}: ${verdict}`);
          else counts[verdict.kind] += 1;
        }
        const { equal, unsent, proven, cautious, unheard } = counts;
        expect(equal).toBeGreaterThan(3 * (unsent + proven + cautious + unheard));
      },
      PATIENCE_MS,
    );
  }

  it(
    'just after the bytes of an entry it ends as the undisturbed day (F02 I01 I06)',
    () => {
      // The effect that hands over bytes is followed by those of their answer.
      const kinds = [9, 10, 11, 12].map((effect) =>
        crashedDay(reference, { effect, keeps: 'all' }),
      );
      expect(kinds).toEqual(['unsent', 'unsent', 'proven', 'equal'].map((kind) => ({ kind })));
    },
    PATIENCE_MS,
  );
});
