/** The `simulate` verb: what it prints, what it refuses, and that a replay command replays. */
import { expect, it } from 'vitest';
import { runVerb } from '../../support/verb-io.ts';

const run = (...argv: string[]) => runVerb(argv);

it('one seed prints its options, every count and the speed', async () => {
  const { code, out, err } = await run('simulate', '--seed', '7', '--until', '600');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^SEED=7, (live|dry-run), 10 min with faults/);
  expect(out).toMatch(/\n {2}linkDrop +\d+ {2}F02 F22\n/);
  expect(out).toMatch(
    /simulated seconds, \d+ of them a second of real time\n1 of 1 worlds held\n$/,
  );
});

it('a range as JSON is one object', async () => {
  const { code, out } = await run('simulate', '--seeds', '1..2', '--until', '300', '--json');
  expect(code).toBe(0);
  const told: unknown = JSON.parse(out);
  expect(told).toMatchObject({ worlds: 2, failed: 0, failures: [] });
});

it.each([
  [['--seeds', '5..1'], 'no range of seeds'],
  [['--seed', 'x'], 'not a whole number'],
  [['--seed', '1', '--seeds', '1..2'], 'either --seed or --seeds'],
  [['--without', 'sunshine'], 'there is no fault "sunshine"'],
])('%j is refused in one sentence (F118)', async (flags, words) => {
  const { code, out, err } = await run('simulate', ...flags);
  expect([code, out]).toEqual([64, '']);
  expect(err).toContain(words);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});
