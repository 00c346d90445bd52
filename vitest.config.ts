// How the tests run: one process pool sized for two cores, no globals, colours off so that frames are plain.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    env: { FORCE_COLOR: '0', TZ: 'UTC' },
  },
});
