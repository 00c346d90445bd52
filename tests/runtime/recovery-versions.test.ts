/**
 * Journals of other versions: taken over exactly by their inputs, or refused with a sentence.
 * `journals/README.md` says where the file comes from.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { initialState, STATE_SHAPE } from '../../src/engine/state.ts';
import { newestOf } from '../../src/engine/trail.ts';
import { entryHash, type StoredEntry, textHash } from '../../src/runtime/journal-rows.ts';
import { recover } from '../../src/runtime/recovery.ts';
import { type Database, openDatabase } from '../../src/runtime/sqlite.ts';
import { hold } from '../engine/desk.ts';
import { golden } from '../support/golden.ts';
import { tempDir } from '../support/temp-dir.ts';

const FILE = fileURLToPath(new URL('journals/first-version.db.gz', import.meta.url));
const OWNER = { environment: 'sim', account: '7000000007', mode: 'dry-run' };

async function oldJournal(change: (database: Database) => void = () => undefined) {
  const file = join(tempDir(), 'journal.db');
  writeFileSync(file, gunzipSync(readFileSync(FILE)));
  const database = await openDatabase(file);
  change(database);
  database.close();
  return file;
}

interface OldCore {
  readonly core: { readonly account: { readonly balance: number } };
  readonly market: { readonly barCount: number; readonly closed: readonly object[] };
}

it('an earlier state is never read as ours: its inputs are replayed (I17)', async () => {
  let old: OldCore | undefined;
  const file = await oldJournal((database) => {
    const row = database.prepare('SELECT state FROM checkpoints').get();
    old = JSON.parse(String(row?.['state'])) as OldCore;
  });
  const recovered = await recover(file, OWNER);
  expect(recovered?.replayed).toBe(461);
  const { core, market } = recovered?.state ?? initialState();
  expect(core.account?.balance).toBe(old?.core.account.balance);
  // Its run never read the day's history: this version asks the broker before it opens one.
  expect(core.day).toBeUndefined();
  expect(market.barCount).toBe(old?.market.barCount);
  expect(newestOf(market.closed)).toEqual(old?.market.closed.at(-1));
  expect(core.breakers.VOLATILITY.tripped).toBe(true);
  expect(Object.keys(core).sort()).toEqual(Object.keys(initialState().core).sort());
});

it('without its first inputs it is refused, and left as it is', async () => {
  const file = await oldJournal((database) => {
    database.exec('DELETE FROM entries WHERE id < 100');
  });
  await expect(recover(file, OWNER)).rejects.toThrow(
    'was written by an earlier version, whose state this one cannot take over, and its first',
  );
});

it('a state of a newer version is refused', async () => {
  const file = await oldJournal((database) => {
    const row = database.prepare('SELECT state FROM checkpoints').get();
    const old = JSON.parse(String(row?.['state'])) as object;
    const state = JSON.stringify({ ...old, shape: STATE_SHAPE + 1 });
    database
      .prepare('UPDATE checkpoints SET state = ?, state_hash = ?')
      .run(state, textHash(state));
  });
  await expect(recover(file, OWNER)).rejects.toThrow('was written by a newer version');
});

it('orders that would become something else now are refused (I17 F91)', async () => {
  const file = await oldJournal((database) => {
    const last = database.prepare('SELECT * FROM entries ORDER BY id DESC LIMIT 1').get();
    const { id, hash, seq, mono, wall } = last as unknown as StoredEntry;
    const move = { clientOrderId: 'b-2001-1', from: 'SENT', to: 'FILLED', side: 'buy' };
    const payload = JSON.stringify({ kind: 'order', ...move, volume: 700, reason: 'x' });
    const entry = { seq, kind: 'record', mono, wall, payload } as const;
    database
      .prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(id + 1, seq, 'record', mono, wall, payload, hash, entryHash(hash, entry));
  });
  await expect(recover(file, OWNER)).rejects.toThrow('b-2001-1 FILLED 700 at input 461');
});

/** Every path in a value, lists by their first element, so that a new field shows. */
function pathsOf(value: unknown, at: string, out: Set<string>): Set<string> {
  if (Array.isArray(value)) return value.length === 0 ? out : pathsOf(value[0], `${at}[]`, out);
  if (typeof value !== 'object' || value === null) return out.add(at);
  for (const [key, field] of Object.entries(value)) pathsOf(field, `${at}.${key}`, out);
  return out;
}

it('a state has the shape its number stands for: another needs the next number', () => {
  const { core, market } = hold().state;
  const whole = { orders: core.orders[0], positions: core.positions[0], market };
  const keys = Object.keys(core).map((key) => `core.${key}`);
  const paths = [...keys, ...pathsOf(whole, 'state', new Set()), ...Object.keys(core.tallies)];
  golden(`runtime/journals/shape-${STATE_SHAPE}.txt`, `${paths.sort().join('\n')}\n`);
});
