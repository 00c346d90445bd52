// How the tests run: in processes apart, no globals, colours off so that frames are plain.
// The time limits only end a test that hangs: what is bounded in time is proven by a clock that the
// test moves, never by how fast this machine is.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const ALL = 'tests/**/*.test.{ts,tsx}';
/**
 * Folders whose sources may keep nothing between two calls (ARCHITECTURE 2): their tests share
 * processes, because loading the same modules for each file costs a third of the time.
 */
const SHARED = 'tests/{broker,ctrader,engine,sentiment,sim,ui}/**/*.test.{ts,tsx}';
/** These compare processor times, and begin with a compiler that has seen nothing else. */
const ALONE = [
  'tests/ctrader/wire/{frame,scan}.test.ts',
  'tests/sentiment/{event-calendar,quarantine}.test.ts',
];

/**
 * Tests of the built program wait more than they work: started first, they overlap with the rest.
 * Those that share processes come last and together: a process is handed on to a neighbour only.
 */
class PatientFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) =>
      moduleId.includes('/tests/e2e/') ? 0 : project.config.isolate ? 1 : 2;
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    pool: 'forks',
    // One more than the two cores of continuous integration, for those that wait.
    maxWorkers: 3,
    sequence: { sequencer: PatientFirst },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    env: { FORCE_COLOR: '0', TZ: 'UTC' },
    projects: [
      {
        extends: true,
        test: { name: 'own process', include: [ALL], exclude: [SHARED, '**/node_modules/**'] },
      },
      { extends: true, test: { name: 'own process, timed', include: ALONE } },
      {
        extends: true,
        test: { name: 'shared process', include: [SHARED], exclude: ALONE, isolate: false },
      },
    ],
  },
});
