/** Every severe fault of the catalogue is made by worlds, or says what makes it. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { catalogueCounts, ELSEWHERE, SITUATIONS } from '../../src/sim/fault-reach.ts';
import { FAULTS } from '../../src/sim/faults.ts';
import { runWorld } from '../../src/sim/world.ts';
import { drawOptions } from '../../src/sim/world-options.ts';

const pathOf = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** S1 of protocol, orders, money, time, market, durability and news. */
const SEVERE = readFileSync(pathOf('tests/catalogue.txt'), 'utf8')
  .split('\n')
  .flatMap((line) => /^(F\d+) S1 [BCDEFGI] /.exec(line)?.slice(1, 2) ?? []);

it('each is struck with, comes about, or has a test of its own that exists', () => {
  const struck = new Set(FAULTS.flatMap(({ ids }) => ids.match(/F\d+/g) ?? []));
  const made = (id: string) => struck.has(id) || id in SITUATIONS;
  expect(SEVERE.length).toBeGreaterThan(60);
  expect(SEVERE.filter((id) => !made(id) && ELSEWHERE[id] === undefined)).toEqual([]);
  for (const [id, why] of Object.entries(ELSEWHERE)) {
    expect(made(id), id).toBe(false);
    expect(existsSync(pathOf(why.split(': ')[1] ?? '')), why).toBe(true);
  }
});

it('a world counts the situations that it came into (F72 F76 F91)', () => {
  const { counts, situations } = runWorld(drawOptions(1_003, { safetyMs: 900_000 }));
  expect(situations['F72']).toBeGreaterThan(0);
  const all = catalogueCounts({ ...counts, crash: 2 }, { F91: 3 });
  expect(all['F91']).toBe(3);
  expect(all['F82']).toBe(2 + counts.crashAtEffect);
});
