/** The database as the journal needs it: durable when writing, harmless when looking. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBare, openDatabase, openReadOnly, rollBack } from '../../src/runtime/sqlite.ts';
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

  it('keeps large transactions in memory: /tmp may not be writable', async () => {
    const database = await openDatabase(join(tempDir(), 'a.db'));
    expect(database.prepare('PRAGMA temp_store').get()).toEqual({ temp_store: 2 });
    database.close();
  });

  it('does not hide the fault of a transaction that has ended by itself (F87)', async () => {
    const database = await openDatabase(join(tempDir(), 'a.db'));
    expect(() => rollBack(database)).not.toThrow();
    database.exec('CREATE TABLE t (x INTEGER) STRICT; BEGIN; INSERT INTO t VALUES (1)');
    rollBack(database);
    expect(database.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 });
    database.close();
  });

  it('waits for nobody when it is opened for a lock', async () => {
    const file = join(tempDir(), 'lock');
    const holder = await openBare(file);
    holder.exec('BEGIN EXCLUSIVE');
    const other = await openBare(file);
    expect(other.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 0 });
    expect(() => other.exec('BEGIN EXCLUSIVE')).toThrow(/locked/);
    other.close();
    holder.close();
  });
});
