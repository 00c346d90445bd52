// How the tests run: processes of their own, no globals, colours off so that frames are plain.
// The time limits only end a test that hangs: what is bounded in time is proven by a clock that the
// test moves, never by how fast this machine is.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests of the built program wait more than they work: started first, they overlap with the rest. */
class PatientFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isPatient = ({ moduleId }: TestSpecification) => moduleId.includes('/tests/e2e/');
    const sorted = await super.sort(files);
    return [...sorted.filter(isPatient), ...sorted.filter((file) => !isPatient(file))];
  }
}

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    pool: 'forks',
    // One more than the two cores of continuous integration, for those that wait.
    maxWorkers: 3,
    sequence: { sequencer: PatientFirst },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    env: { FORCE_COLOR: '0', TZ: 'UTC' },
  },
});
