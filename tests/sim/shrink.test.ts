/** A failing world made smaller still fails in the same way, with less in it. */
import { expect, it } from 'vitest';
import { FAULTS } from '../../src/sim/faults.ts';
import { shrinkWorld } from '../../src/sim/shrink.ts';
import { runWorld } from '../../src/sim/world.ts';
import { drawOptions } from '../../src/sim/world-options.ts';
import { PLANTED_DEFECTS } from '../support/planted-defects.ts';

it('leaves out what the failure does not need', async () => {
  const defect = PLANTED_DEFECTS.find(({ id }) => id === 'I29');
  if (defect === undefined) throw new Error('the defect of I29 is gone');
  const options = drawOptions(1);
  const failed = runWorld(options, defect.subject());
  const shrunk = await shrinkWorld(failed, options.safetyMs, (less) =>
    runWorld(drawOptions(1, less), defect.subject()),
  );
  expect(shrunk.result.violation?.id).toBe('I29');
  expect(shrunk.restriction.without.length).toBeGreaterThan(FAULTS.length - 5);
  expect(shrunk.restriction.safetyMs).toBeLessThanOrEqual(failed.simulatedMs + 1);
  const again = runWorld(drawOptions(1, shrunk.restriction), defect.subject());
  expect(again).toEqual(shrunk.result);
});
