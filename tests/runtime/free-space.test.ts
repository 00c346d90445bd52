/** Free space of a real directory, told on a hand-moved clock. */
import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Event, wall } from '../../src/engine/index.ts';
import { createSpaceWatch } from '../../src/runtime/free-space.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { tempDir } from '../support/temp-dir.ts';
import { waitFor } from '../support/wait-for.ts';

function watch(directory: string) {
  const clock = createVirtualClock(wall(0));
  const posted: Event[] = [];
  const notes: string[] = [];
  const space = createSpaceWatch({
    directory,
    clock,
    post: (event) => posted.push(event),
    note: (text) => notes.push(text),
  });
  return { clock, posted, notes, space };
}

describe('free space', () => {
  it('F85 is told at once and every 30 s, in MiB of what this user may write', async () => {
    const directory = tempDir();
    const { clock, posted, space } = watch(directory);
    space.start();
    await waitFor('the first figure', () => posted.length === 1);
    const { bavail, bsize } = statfsSync(directory);
    const now = (bavail * bsize) / 1_048_576;
    const [first] = posted;
    expect(first?.type).toBe('host');
    if (first?.type !== 'host') return;
    expect(Number.isInteger(first.freeMib)).toBe(true);
    // Others write to the same disk meanwhile.
    expect(Math.abs((first.freeMib ?? 0) - now)).toBeLessThan(Math.max(500, now / 10));
    clock.advanceBy(29_999);
    expect(posted).toHaveLength(1);
    await waitFor('the second figure', () => {
      clock.advanceBy(30_000);
      return posted.length >= 2;
    });
    space.stop();
    const before = posted.length;
    clock.advanceBy(300_000);
    expect(posted).toHaveLength(before);
  });

  it('where it cannot be measured nothing is told, and why is said once', async () => {
    const { clock, posted, notes, space } = watch(join(tempDir(), 'nowhere'));
    space.start();
    await waitFor('the note', () => notes.length > 0);
    await waitFor('several attempts', () => {
      clock.advanceBy(30_000);
      return clock.wall() > 300_000;
    });
    space.stop();
    expect(posted).toEqual([]);
    expect(notes).toHaveLength(1);
  });
});
