/** The database as the journal needs it: durable when writing, harmless when looking. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBare, openDatabase, openReadOnly } from '../../src/runtime/sqlite.ts';
import { tempDir } from '../support/temp-dir.ts';

describe('sqlite', () => {
  it('opens for writing with a write-ahead log and a sync at every commit', async () => {
    const database = await openDatabase(join(tempDir(), 'a.db'));
    expect(database.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    expect(database.prepare('PRAGMA synchronous').get()).toMatchObject({ synchronous: 2 });
    database.close();
  });

  it('opens for looking without making a file or letting a write through', async () => {
    const file = join(tempDir(), 'a.db');
    await expect(openReadOnly(file)).rejects.toThrow();
    const writer = await openBare(file);
    writer.exec('CREATE TABLE t (x INTEGER) STRICT');
    writer.close();
    const reader = await openReadOnly(file);
    expect(() => reader.exec('INSERT INTO t VALUES (1)')).toThrow(/readonly/);
    reader.close();
  });

  it('waits for nobody when it is opened for a lock', async () => {
    const file = join(tempDir(), 'lock');
    const holder = await openBare(file);
    holder.exec('BEGIN EXCLUSIVE');
    const other = await openBare(file);
    const began = performance.now();
    expect(() => other.exec('BEGIN EXCLUSIVE')).toThrow(/locked/);
    expect(performance.now() - began).toBeLessThan(1_900);
    other.close();
    holder.close();
  });
});
