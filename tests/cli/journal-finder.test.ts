/** Which journal is meant: the newest that fits, the named one, or a sentence. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findJournal, type JournalWish } from '../../src/cli/journal-finder.ts';
import { tempDir } from '../support/temp-dir.ts';

function place(dataDir: string, name: string, minute: number): string {
  mkdirSync(join(dataDir, name));
  const file = join(dataDir, name, 'journal.db');
  writeFileSync(file, '');
  const at = new Date(Date.UTC(2026, 0, 1, 0, minute));
  utimesSync(file, at, at);
  return file;
}

const wish = (dataDir: string, fields: Partial<JournalWish> = {}): JournalWish => ({
  file: undefined,
  environment: undefined,
  account: undefined,
  mode: undefined,
  dataDir,
  ...fields,
});

describe('the journal that is meant', () => {
  it('is the one written last, of the environment, account and mode asked for', () => {
    const dataDir = tempDir();
    const old = place(dataDir, 'sim-7-dry-run', 1);
    const newest = place(dataDir, 'demo-8-dry-run', 3);
    place(dataDir, 'demo-8-live', 2);
    mkdirSync(join(dataDir, 'other'));
    expect(findJournal(wish(dataDir))).toEqual({ status: 'found', file: newest, others: 2 });
    const sim = findJournal(wish(dataDir, { environment: 'sim' }));
    expect(sim).toEqual({ status: 'found', file: old, others: 0 });
    const live = findJournal(wish(dataDir, { account: '8', mode: 'live' }));
    expect(live).toMatchObject({ status: 'found', others: 0 });
  });

  it('is missed with a sentence that says where was looked', () => {
    const dataDir = tempDir();
    const none = findJournal(wish(join(dataDir, 'none'), { environment: 'live' }));
    expect(none).toMatchObject({ status: 'none', sentence: expect.stringContaining('for live') });
    const named = findJournal(wish(dataDir, { file: join(dataDir, 'x.db') }));
    expect(named).toMatchObject({ status: 'none', sentence: expect.stringContaining('x.db') });
  });
});
