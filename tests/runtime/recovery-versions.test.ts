/**
 * Journals of other versions: taken over exactly by their inputs, or refused with a sentence.
 * `journals/README.md` says where the file comes from.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { takenOver } from '../../src/engine/earlier-state.ts';
import { snapshot } from '../../src/engine/snapshot.ts';
import { usualSpread } from '../../src/engine/spreads.ts';
import { digest, type EngineState, initialState, STATE_SHAPE } from '../../src/engine/state.ts';
import { step } from '../../src/engine/step.ts';
import { newestOf } from '../../src/engine/trail.ts';
import { seq } from '../../src/engine/units.ts';
import { exactText, exactValue } from '../../src/runtime/exact-json.ts';
import { entryHash, type StoredEntry, textHash } from '../../src/runtime/journal-rows.ts';
import { recover } from '../../src/runtime/recovery.ts';
import { type Database, openDatabase } from '../../src/runtime/sqlite.ts';
import { hold } from '../engine/desk.ts';
import { golden } from '../support/golden.ts';
import { tempDir } from '../support/temp-dir.ts';

const kept = (name: string) =>
  gunzipSync(readFileSync(fileURLToPath(new URL(`journals/${name}.db.gz`, import.meta.url))));
const OWNER = { environment: 'sim', account: '7000000007', mode: 'dry-run' };

async function oldJournal(
  change: (database: Database) => void = () => undefined,
  name = 'first-version',
) {
  const file = join(tempDir(), 'journal.db');
  writeFileSync(file, kept(name));
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

/** What the newest row said, and then an order that became something it did not. */
function anotherOrder(database: Database): void {
  const last = database.prepare('SELECT * FROM entries ORDER BY id DESC LIMIT 1').get();
  const { id, hash, seq, mono, wall } = last as unknown as StoredEntry;
  const rows = [
    ['input', JSON.stringify({ type: 'clock' })],
    [
      'record',
      JSON.stringify({
        ...{ kind: 'order', clientOrderId: 'b-2001-1', from: 'SENT', to: 'FILLED' },
        ...{ side: 'buy', volume: 700, reason: 'x' },
      }),
    ],
  ] as const;
  let prev = hash;
  for (const [at, [kind, payload]] of rows.entries()) {
    const entry = { seq: seq + 1, kind, mono: mono + 1, wall: wall + 1, payload };
    const next = entryHash(prev, entry);
    database
      .prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(id + at + 1, entry.seq, kind, entry.mono, entry.wall, payload, prev, next);
    prev = next;
  }
}

it('orders that would become something else now are refused (I17 F91)', async () => {
  const file = await oldJournal(anotherOrder);
  await expect(recover(file, OWNER)).rejects.toThrow('b-2001-1 FILLED 700 at input 462');
});

/** Every shape that a step leads from, and this one: a journal of each is kept. */
const SHAPES = Array.from({ length: STATE_SHAPE - 4 }, (_, index) => index + 5);

describe.each(SHAPES)('an upgrade from state %i, its first prices given up', (shape) => {
  const name = `shape-${shape}`;

  it('keeps position, stop, orders, day and breakers (I21)', async () => {
    const file = await oldJournal(() => undefined, name);
    const recovered = await recover(file, OWNER);
    const { core, market } = recovered?.state ?? initialState();
    expect(recovered?.replayed).toBe(0);
    expect(core.positions).toMatchObject([
      { id: '7000001', side: 'buy', volume: 700, stop: 453_200_000, ours: true },
    ]);
    expect(core.orders.map(({ state }) => state)).toEqual(['FILLED']);
    expect(core.account?.balance).toBe(5_000_000);
    expect(core.day).toMatchObject({ openingEquity: 5_000_000 });
    expect([market.barCount > 300, usualSpread(market.spreads)]).toEqual([
      true,
      expect.any(Number),
    ]);
    expect(Object.keys(core).sort()).toEqual(Object.keys(initialState().core).sort());
    expect(Object.keys(market).sort()).toEqual(Object.keys(initialState().market).sort());
  });

  it('goes on: the next input steps, and the picture holds the position', async () => {
    const file = await oldJournal(() => undefined, name);
    const { state } = (await recover(file, OWNER)) ?? { state: initialState() };
    const { seq: at, mono, wall } = state.at;
    const input = { seq: seq(at + 1), mono, wall, event: { type: 'clock' } } as const;
    const [next] = step(state, input);
    expect(snapshot(next, { mono, wall }).positions).toMatchObject([{ id: '7000001' }]);
    // What a checkpoint of it would say is read back as it is.
    expect(digest(exactValue(exactText(next)) as EngineState)).toBe(digest(next));
  });

  it('what was decided otherwise after the checkpoint is refused, with the way on', async () => {
    const file = await oldJournal(anotherOrder, name);
    await expect(recover(file, OWNER)).rejects.toThrow(
      /b-2001-1 FILLED 700 .* start version 0\.1\.0 once more and stop it in order, then/,
    );
  });
});

it('there is a way from every shape since the second to this one, and none from a newer', () => {
  const state = { at: {}, core: {}, market: { spreads: { size: 0, runs: [] } } };
  for (let shape = 2; shape <= STATE_SHAPE; shape += 1) {
    expect(takenOver(state, shape), `shape ${shape} needs a step`).toBeDefined();
  }
  expect(takenOver(state, 1)).toBeUndefined();
  expect(takenOver(state, STATE_SHAPE + 1)).toBeUndefined();
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
