/**
 * Every checker of the worlds catches the engines that were broken for it, within a few seeds, and
 * everything that a checker can say is said. Deliberately stops at the first catch.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BREAKERS } from '../../src/engine/index.ts';

import { CHECKED_IDS, type Violation } from '../../src/sim/checkers.ts';
import { runWorld } from '../../src/sim/world.ts';
import { drawOptions } from '../../src/sim/world-options.ts';
import { BREAKER_DEFECTS } from '../support/planted-breaker-defects.ts';
import { CAP_DEFECTS } from '../support/planted-cap-defects.ts';
import { PLANTED_DEFECTS, type PlantedDefect } from '../support/planted-defects.ts';
import { RECORD_DEFECTS } from '../support/planted-record-defects.ts';
import { SENDING_DEFECTS } from '../support/planted-sending-defects.ts';
import { SETTLING_DEFECTS } from '../support/planted-settling-defects.ts';

const GENERAL = [
  ...PLANTED_DEFECTS,
  ...CAP_DEFECTS,
  ...RECORD_DEFECTS,
  ...SENDING_DEFECTS,
  ...SETTLING_DEFECTS,
];
const DEFECTS = [...GENERAL, ...BREAKER_DEFECTS];

const MOST_WORLDS = 12;

const said: string[] = [];

/** The first catch, or what came instead. */
function caught({ id, says, from = 1, world, subject }: PlantedDefect): Violation | string[] {
  const found: string[] = [];
  for (let seed = from; seed < from + MOST_WORLDS; seed += 1) {
    const drawn = drawOptions(seed);
    const { violation } = runWorld(world?.(drawn) ?? drawn, subject());
    const isIt = violation?.id === id && (says?.test(violation.sentence) ?? true);
    if (isIt) return violation;
    found.push(`${seed}: ${violation?.id ?? 'held'} ${violation?.sentence ?? ''}`);
  }
  return found;
}

function expectCaught(defect: PlantedDefect): void {
  const catch_ = caught(defect);
  if (Array.isArray(catch_)) expect.fail(`no world caught it: ${catch_.join(', ')}`);
  said.push(catch_.sentence);
}

describe('planted defects', () => {
  for (const defect of GENERAL) {
    it(`${defect.id} catches an engine that ${defect.about}`, () => {
      expectCaught(defect);
    });
  }

  for (const name of BREAKERS) {
    it(`I04 I21 ${name}: never tripped, not asked for, cleared too soon`, () => {
      const its = BREAKER_DEFECTS.filter(({ about }) => about.includes(name));
      // Nobody can enter while AUTH is tripped: there is no link.
      expect(its).toHaveLength(name === 'AUTH' ? 2 : 3);
      for (const defect of its) expectCaught(defect);
    });
  }

  it('I29 catches an engine that enters more often in a minute than allowed', () => {
    const [rate] = BREAKER_DEFECTS.filter(({ id }) => id === 'I29');
    if (rate === undefined) expect.fail('it is not planted');
    expectCaught(rate);
  });

  it('there is one for every id that is checked', () => {
    expect([...new Set(DEFECTS.map(({ id }) => id))].sort()).toEqual([...CHECKED_IDS]);
  });
});

/** Literals of the checkers that are no sentence: keys and patterns. */
const NO_SENTENCES = ['.* of .*', '.* to .*'];

/** What the checkers can say: each literal with a space in it, as a pattern. */
function sentencesOf(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^ *\/\/.*$|^import[\s\S]*?;$/gm, '');
  return [...code.matchAll(/'(?:[^'\\\n]|\\.)*'|`[^`]*`|"[^"\n]*"/g)]
    .map(([literal]) => literal.slice(1, -1))
    .filter((text) => text.includes(' ') && !/^: link|\||second ago/.test(text))
    .map((text) =>
      text
        .split(/\$\{(?:[^{}]|\{[^{}]*\})*\}/)
        .map(escaped)
        .join('.*'),
    )
    .filter((text) => !NO_SENTENCES.includes(text));
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

it('everything a checker can say was said about one of them', () => {
  const folder = fileURLToPath(new URL('../../src/sim/', import.meta.url));
  const files = readdirSync(folder).filter((name) => /^world-(checks-|witnesses)/.test(name));
  expect(files.length).toBeGreaterThan(3);
  const sentences = files.flatMap((name) => sentencesOf(readFileSync(join(folder, name), 'utf8')));
  expect(sentences.length).toBeGreaterThan(60);
  const unsaid = sentences.filter((one) => !said.some((text) => new RegExp(one).test(text)));
  expect(unsaid).toEqual([]);
});
