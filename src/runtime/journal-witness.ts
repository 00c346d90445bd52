/**
 * The journal's witness: number and hash of its newest row in a small file of its own, so that rows
 * that were acknowledged and are gone (a side file cut or deleted, an older copy put back) are
 * missed at the next start. Deliberately repairs nothing: the loss is a sentence.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Head } from './journal-rows.ts';
import { openReadOnly } from './sqlite.ts';

export const witnessFile = (journal: string): string => `${journal}.head`;

export interface Witness {
  /** Notes the newest committed row; with `sync` it is on the disk when this returns. */
  note(head: Head, sync: boolean): void;
  close(): void;
}

/** Two places that take turns: a torn write leaves the one before. */
const SLOT_BYTES = 256;

interface Slot extends Head {
  readonly serial: number;
}

const seal = (body: string): string => createHash('sha256').update(body).digest('hex').slice(0, 32);

/** Opens or creates it, owner only; goes on after the newest note in it. */
export function openWitness(journal: string): Witness {
  const file = witnessFile(journal);
  let serial = readSlots(file)[0]?.serial ?? 0;
  const handle = openSync(file, existsSync(file) ? 'r+' : 'wx+', 0o600);
  return {
    note: ({ id, hash }, sync) => {
      serial += 1;
      const body = JSON.stringify({ serial, id, hash });
      const text = `${body} ${seal(body)}`.padEnd(SLOT_BYTES - 1);
      writeSync(handle, `${text}\n`, (serial % 2) * SLOT_BYTES);
      if (sync) fdatasyncSync(handle);
    },
    close: () => closeSync(handle),
  };
}

/** Whole notes, newest first. */
function readSlots(file: string): readonly Slot[] {
  if (!existsSync(file)) return [];
  const slots = readFileSync(file, 'latin1')
    .split('\n')
    .flatMap((line) => {
      const [body = '', mark] = line.trim().replaceAll('\0', '').split(' ');
      return mark === seal(body) && body !== '' ? [JSON.parse(body) as Slot] : [];
    });
  return slots.sort((a, b) => b.serial - a.serial);
}

/**
 * What the witness misses in the journal that was found, as a sentence, or nothing. A journal may
 * be ahead of its witness (the process died between the two), never behind it.
 */
export async function missingRows(journal: string, found: Head): Promise<string | undefined> {
  const told = readSlots(witnessFile(journal))[0];
  if (told === undefined) return undefined;
  if (told.id > found.id) {
    return (
      `rows ${found.id + 1} to ${told.id} were acknowledged and are gone: a side file was cut or ` +
      'deleted, or an older copy was put back (F83, F88)'
    );
  }
  if (told.id === 0) return undefined;
  const database = await openReadOnly(journal);
  try {
    const row = database.prepare('SELECT hash FROM entries WHERE id = ?').get(told.id);
    if (row?.['hash'] === told.hash) return undefined;
    return `row ${told.id} is not the one that was acknowledged: this is another journal (F88)`;
  } finally {
    database.close();
  }
}
