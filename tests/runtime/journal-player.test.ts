/** A journal played for somebody who watches: by its own clock, paused, bar by bar, to its end. */
import { expect, it } from 'vitest';
import { digest } from '../../src/engine/state.ts';
import { Player } from '../../src/runtime/journal-player.ts';
import { viewJournal } from '../../src/runtime/journal-view.ts';
import { freshFile, morning, openAt, write } from './journal-desk.ts';

async function recorded(speed: number) {
  const { inputs } = morning();
  const file = freshFile();
  const { journal } = await openAt(file);
  const state = write(journal, inputs);
  await journal.settled();
  await journal.close(state, 'test');
  const view = await viewJournal(file);
  const player = Player.of(view, speed);
  view.close();
  if (typeof player === 'string') throw new Error(player);
  return { player, state, inputs };
}

it('ends in the state in which the session ended (I17)', async () => {
  const { player, state } = await recorded(100_000);
  for (let turn = 0; turn < 100_000 && !player.isOver; turn += 1) player.advance(50);
  expect(player.isOver).toBe(true);
  expect(digest(player.state)).toBe(digest(state));
  expect(player.now).toBe(state.at.wall);
});

it('takes what its own clock has come to, and nothing while it is paused', async () => {
  const { player, inputs } = await recorded(10);
  const begin = inputs[0]?.wall ?? 0;
  player.advance(1_000);
  const later = inputs.findIndex(({ wall }) => wall > begin + 10_000);
  const told = inputs[later - 1];
  expect(later).toBeGreaterThan(1);
  // A look at the clock that changes nothing leaves the state as it is.
  expect(player.state.at.wall).toBe(told?.wall);
  player.isPaused = true;
  player.advance(60_000);
  expect(player.state.at.wall).toBe(told?.wall);
  player.isPaused = false;
  player.advance(300);
  expect(player.state.at.wall).toBe(inputs[later]?.wall);
});

it('shows the next closed bar and waits there', async () => {
  const { player } = await recorded(1);
  const before = player.state.market.barCount;
  player.nextBar();
  expect(player.state.market.barCount).toBeGreaterThan(before);
  const { seq } = player.state.at;
  player.advance(60_000);
  expect([player.isPaused, player.state.at.seq]).toEqual([true, seq]);
});

it('goes faster and slower within bounds', async () => {
  const { player } = await recorded(60);
  player.faster(2);
  expect(player.speed).toBe(120);
  for (let press = 0; press < 30; press += 1) player.faster(0.5);
  expect(player.speed).toBe(1);
  for (let press = 0; press < 30; press += 1) player.faster(2);
  expect(player.speed).toBe(100_000);
});
