/**
 * Every checker of the worlds catches the engine that was broken for it, within a few seeds.
 * Deliberately stops at the first catch: a checker that never fires proves nothing.
 */
import { describe, expect, it } from 'vitest';
import { CHECKED_IDS } from '../../src/sim/checkers.ts';
import { runWorld } from '../../src/sim/world.ts';
import { drawOptions } from '../../src/sim/world-options.ts';
import { CAP_DEFECTS } from '../support/planted-cap-defects.ts';
import { PLANTED_DEFECTS } from '../support/planted-defects.ts';
import { RECORD_DEFECTS } from '../support/planted-record-defects.ts';

const DEFECTS = [...PLANTED_DEFECTS, ...CAP_DEFECTS, ...RECORD_DEFECTS];

const MOST_WORLDS = 12;

describe('planted defects', () => {
  for (const { id, about, from = 1, subject } of DEFECTS) {
    it(`${id} catches an engine that ${about}`, () => {
      const found: string[] = [];
      for (let seed = from; seed < from + MOST_WORLDS; seed += 1) {
        const { violation } = runWorld(drawOptions(seed), subject());
        if (violation?.id === id) return;
        found.push(`${seed}: ${violation?.id ?? 'held'}`);
      }
      expect.fail(`no world caught it: ${found.join(', ')}`);
    });
  }

  it('there is one for every id that is checked', () => {
    expect([...new Set(DEFECTS.map(({ id }) => id))].sort()).toEqual([...CHECKED_IDS]);
  });
});
