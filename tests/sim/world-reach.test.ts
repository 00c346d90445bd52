/** What a world counts as met: rows by their records, and the quiet ones by the pass itself. */
import { expect, it } from 'vitest';
import { runWorld } from '../../src/sim/world.ts';
import { drawOptions } from '../../src/sim/world-options.ts';
import { RECONCILE_ROWS } from '../../src/sim/world-reach.ts';
import { ORDER_ROWS } from '../../src/sim/world-subject.ts';
import { eagerWorld } from '../support/eager-world.ts';

it('thirty rows, R01 to R30', () => {
  expect(RECONCILE_ROWS).toHaveLength(30);
  expect([RECONCILE_ROWS[0], RECONCILE_ROWS.at(-1)]).toEqual(['R01', 'R30']);
});

it('looks that contradict the truth, quiet ends and a late past meet their rows', () => {
  const met = new Set<string>();
  const wanted = ['R11', 'R14', 'R17', 'R22', 'R23', 'R26'];
  const world = eagerWorld({
    plan: { contradiction: 200, historyLags: 60, quietPart: 60 },
    options: { operatorMs: 20_000 },
  });
  for (let seed = 1; seed <= 40 && !wanted.every((row) => met.has(row)); seed += 1) {
    const { rows, violation } = runWorld(world(drawOptions(seed)));
    expect(violation, `seed ${seed}`).toBeUndefined();
    for (const row of Object.keys(rows)) met.add(row);
  }
  for (const row of wanted) expect(met).toContain(row);
});

it('a world without faults meets the quiet rows and the moves of a trade, and no other', () => {
  const options = drawOptions(3);
  const none = Object.fromEntries(Object.keys(options.plan).map((name) => [name, 0]));
  const { rows, moves, outcome } = runWorld({ ...options, plan: none as typeof options.plan });
  expect(outcome).toBe('held');
  expect(rows['R01']).toBeGreaterThan(0);
  for (const row of ['R08', 'R12', 'R15', 'R28']) expect(rows[row] ?? 0).toBe(0);
  for (const id of Object.keys(moves)) expect(ORDER_ROWS).toContain(id);
});

it('what is refused for minutes is quarantined and ruled on (T13 T14 R12 R28)', () => {
  const met = new Set<string>();
  for (let seed = 1; seed <= 60 && !(met.has('T13') && met.has('T14')); seed += 1) {
    const options = drawOptions(seed);
    const plan = { ...options.plan, historyGone: 600, lostRequest: 300, crash: 0, linkDrop: 0 };
    const { rows, moves, violation } = runWorld({ ...options, plan });
    expect(violation, `seed ${seed}`).toBeUndefined();
    for (const id of [...Object.keys(rows), ...Object.keys(moves)]) met.add(id);
  }
  for (const id of ['T13', 'T14', 'R28']) expect(met).toContain(id);
});
