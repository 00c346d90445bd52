// How the tests run: one process pool sized for two cores, no globals, colours off so that frames are
// plain. The time limits only end a test that hangs: what is bounded in time is proven by a clock
// that the test moves, never by how fast this machine is.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { FORCE_COLOR: '0', TZ: 'UTC' },
  },
});
