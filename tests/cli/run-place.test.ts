/**
 * The state directory before anything is in it: whose it is, and who may look into it.
 * What a real process says about it is in e2e/run-headless.test.ts.
 */
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePlace, makeStateDir, StateDirUnusable } from '../../src/cli/run-place.ts';
import { tempDir } from '../support/temp-dir.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('the state directory', () => {
  it('is made for its owner alone, and closed when others could look in (F121)', () => {
    const made = join(tempDir(), 'deep', 'sim-1-dry-run');
    makeStateDir(made);
    expect(modeOf(made)).toBe(0o700);
    const open = join(tempDir(), 'sim-1-dry-run');
    mkdirSync(open);
    chmodSync(open, 0o755);
    makeStateDir(open);
    expect(modeOf(open)).toBe(0o700);
  });

  it('of another user is refused with both and the remedy, and left as it is', () => {
    const theirs = join(tempDir(), 'sim-1-dry-run');
    mkdirSync(theirs);
    chmodSync(theirs, 0o755);
    const own = statSync(theirs).uid;
    const asked = () => makeStateDir(theirs, own + 1);
    expect(asked).toThrow(StateDirUnusable);
    expect(asked).toThrow(
      new RegExp(`belongs to user ${own}, and this is user ${own + 1}: .*--data-dir\\.$`),
    );
    expect([modeOf(theirs), readdirSync(theirs)]).toEqual([0o755, []]);
  });

  it('where there are no numbers for users only its mode counts', () => {
    const made = join(tempDir(), 'sim-1-dry-run');
    makeStateDir(made, undefined);
    expect(statSync(made).isDirectory()).toBe(true);
  });

  it('on a full disk begins no journal, and goes on with one that is there (F85)', () => {
    const stateDir = join(tempDir(), 'sim-1-dry-run');
    const place = { stateDir, journalFile: join(stateDir, 'journal.db') };
    const asked = (free: number) => () => makePlace(place, () => free);
    expect(asked(7.9)).toThrow(StateDirUnusable);
    expect(asked(0)).toThrow(
      /is full \(0\.0 MiB free, a journal needs 8\): make room, or .*--data-dir/,
    );
    expect(asked(8)).not.toThrow();
    // What is open must be looked after, whatever the disk says.
    writeFileSync(place.journalFile, '');
    expect(asked(0)).not.toThrow();
  });
});
