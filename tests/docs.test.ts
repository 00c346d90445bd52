/** Generated documents are what the tables of the program say today. */
import { expect, it } from 'vitest';
import { generated, stale } from '../scripts/gen-docs.ts';
import { locked, provenanceTable } from '../scripts/provenance.ts';
import { resolveConfig } from '../src/cli/config-resolve.ts';
import { ELSEWHERE, TYPED_HERE } from './docs/elsewhere.ts';
import { argumentsOf, documentedCommands } from './support/documented.ts';
import { read } from './support/source-files.ts';

it('every generated text is fresh (npm run docs)', () => {
  expect(stale()).toEqual([]);
});

it('every command of the documents is run by tests/docs, or stands elsewhere with a reason', () => {
  const isRun = (text: string) => TYPED_HERE.some((one) => one === text);
  const others = documentedCommands().filter(
    (one) => argumentsOf(one) === undefined && !isRun(one.text),
  );
  expect(others.map(({ text }) => text).sort()).toEqual(Object.keys(ELSEWHERE).sort());
});

it('every package is pinned by its bytes, may be shipped, and says its source', () => {
  const all = [...locked()];
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(([, one]) => !one.integrity?.startsWith('sha512-'))).toEqual([]);
  const strange = /GPL|SSPL|BUSL|UNLICENSED|^unknown$/i;
  expect(all.filter(([, one]) => strange.test(one.license ?? 'unknown'))).toEqual([]);
  expect(provenanceTable()).not.toContain('unknown');
  const scripts = all.filter(([, one]) => one.hasInstallScript === true).map(([place]) => place);
  const { allowScripts } = JSON.parse(read('package.json'));
  expect(Object.values(allowScripts)).toEqual(scripts.map(() => false));
});

it('a copy of .env.example changes nothing', () => {
  const platform = { os: 'linux', home: '/home/ann', cwd: '/srv' };
  const dotenv = generated().get('.env.example');
  const plain = resolveConfig({ options: {}, env: {}, platform });
  const copied = resolveConfig({ options: {}, env: {}, platform, dotenv });
  expect(dotenv).toContain('# RISK_PER_TRADE=1.0');
  expect(copied).toEqual(plain);
});
