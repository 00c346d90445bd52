/** A journal of another format: brought forward with a backup, or refused untouched. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Migration, migrateJournal } from '../../src/runtime/journal-migration.ts';
import { recover, verifyJournal } from '../../src/runtime/recovery.ts';
import { openReadOnly } from '../../src/runtime/sqlite.ts';
import { freshFile, IDENTITY, journaled, morning, openAt, write } from './journal-desk.ts';

const inputs = journaled(morning()).slice(0, 60);
const STEP: Migration = { to: 2, sql: 'CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT' };

async function journalFile(): Promise<string> {
  const file = freshFile();
  const { journal } = await openAt(file);
  await journal.close(write(journal, inputs), 'stopped');
  return file;
}

async function formatOf(file: string): Promise<string> {
  const database = await openReadOnly(file);
  const row = database.prepare(`SELECT value FROM meta WHERE key = 'schema'`).get();
  database.close();
  return String(row?.['value']);
}

describe('migration of the journal', () => {
  it('backs the journal up, then goes one transaction forward (F89)', async () => {
    const file = await journalFile();
    await migrateJournal(file, [STEP], 2);
    expect(await formatOf(file)).toBe('2');
    expect(await verifyJournal(file)).toEqual([]);
    expect(await formatOf(`${file}.format-1`)).toBe('1');
    expect((await recover(`${file}.format-1`, IDENTITY))?.head.id).toBeGreaterThan(inputs.length);
  });

  it('changes nothing when a step fails half-way, and says so (F89)', async () => {
    const file = await journalFile();
    const broken = { to: 3, sql: 'CREATE TABLE more (id INTEGER) STRICT; INSERT INTO nowhere' };
    await expect(migrateJournal(file, [{ ...broken, to: 2 }], 2)).rejects.toThrow(/as it was/);
    expect(await formatOf(file)).toBe('1');
    expect((await recover(file, IDENTITY))?.head.id).toBeGreaterThan(inputs.length);
    await migrateJournal(file, [STEP], 2);
    expect(await formatOf(file)).toBe('2');
  });

  it('refuses a journal of a newer version and leaves it as it is (F89)', async () => {
    const file = await journalFile();
    await migrateJournal(file, [STEP], 2);
    const before = readFileSync(file);
    await expect(migrateJournal(file)).rejects.toThrow(/written by a newer version \(format 2/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('does nothing to a current journal or to none', async () => {
    const file = await journalFile();
    const before = readFileSync(file);
    await migrateJournal(file);
    await migrateJournal(`${file}.absent`);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(existsSync(`${file}.format-1`)).toBe(false);
  });
});
