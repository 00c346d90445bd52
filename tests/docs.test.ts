/** Generated documents are what the tables of the program say today. */
import { expect, it } from 'vitest';
import { generated, stale } from '../scripts/gen-docs.ts';
import { resolveConfig } from '../src/cli/config-resolve.ts';

it('every generated text is fresh (npm run docs)', () => {
  expect(stale()).toEqual([]);
});

it('a copy of .env.example changes nothing', () => {
  const platform = { os: 'linux', home: '/home/ann', cwd: '/srv' };
  const dotenv = generated().get('.env.example');
  const plain = resolveConfig({ options: {}, env: {}, platform });
  const copied = resolveConfig({ options: {}, env: {}, platform, dotenv });
  expect(dotenv).toContain('# RISK_PER_TRADE=1.0');
  expect(copied).toEqual(plain);
});
