/** Fault plans and dice: drawn from the seed, independent of each other, silent when disarmed. */
import { expect, it } from 'vitest';
import { createDice, drawPlan, FAULTS } from '../../src/sim/faults.ts';
import { createPrng } from '../../src/sim/prng.ts';

const planOf = (seed: number) => drawPlan(createPrng(`plan ${seed}`));

it('every world leaves some faults out and drives others to the extreme', () => {
  const plans = Array.from({ length: 50 }, (_, seed) => planOf(seed));
  for (const { name, usual } of FAULTS) {
    const rates = new Set(plans.map((plan) => plan[name]));
    expect(rates, name).toContain(0);
    expect(rates, name).toContain(usual);
    expect(Math.max(...rates), name).toBeGreaterThan(usual);
  }
});

it('leaving one fault out changes no other', () => {
  const prng = () => createPrng('same');
  const [whole, less] = [drawPlan(prng()), drawPlan(prng(), ['crash'])];
  expect({ ...whole, crash: 0 }).toEqual(less);
});

it('dice strike as often as the plan says, count it, and stop when disarmed', () => {
  const off = Object.fromEntries(FAULTS.map(({ name }) => [name, 0]));
  const plan = { ...off, lostReply: 200, linkDrop: 6 } as ReturnType<typeof planOf>;
  const dice = createDice(plan, createPrng('dice'));
  const hits = Array.from({ length: 5_000 }, () => dice.fires('lostReply')).filter(Boolean);
  expect(hits.length).toBeGreaterThan(850);
  expect(hits.length).toBeLessThan(1_150);
  expect(dice.counts().lostReply).toBe(hits.length);
  expect(dice.fires('refusal')).toBe(false);
  expect(dice.nextIn('crash')).toBeUndefined();
  const waits = Array.from({ length: 2_000 }, () => dice.nextIn('linkDrop') ?? 0);
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  expect(mean / 600_000).toBeCloseTo(1, 1);
  dice.disarm();
  expect(dice.fires('lostReply')).toBe(false);
});
