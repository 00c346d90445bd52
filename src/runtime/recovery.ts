/**
 * Start is recovery: the newest checkpoint, the tail replayed by the same step, the chain verified.
 * Deliberately repairs nothing: damage is named, the file kept (F83), the unproven never used.
 */
import { existsSync } from 'node:fs';
import { takenOver } from '../engine/earlier-state.ts';
import {
  type Effect,
  type Event,
  type JournalRecord,
  mono,
  type Stamped,
  seq,
  wall,
} from '../engine/index.ts';
import { type EngineState, initialState, STATE_SHAPE } from '../engine/state.ts';
import { step } from '../engine/step.ts';
import { exactValue } from './exact-json.ts';
import { missingLasting } from './journal-retention.ts';
import {
  entryHash,
  GENESIS,
  type Head,
  type JournalIdentity,
  SCHEMA_VERSION,
  type StoredEntry,
  textHash,
} from './journal-rows.ts';
import { defectIn } from './loop.ts';
import { type Database, openReadOnly } from './sqlite.ts';

/** The journal cannot be trusted; the sentence says why and what to do. Exit code 12. */
export class JournalDamaged extends Error {
  override readonly name = 'JournalDamaged';
}

export interface Recovered {
  readonly state: EngineState;
  readonly head: Head;
  /** Inputs replayed after the checkpoint. */
  readonly replayed: number;
  /** How the run before ended: its note, or nothing after a crash. */
  readonly ended: string | undefined;
  /** What broke the step of an input that was therefore left out; newest only (F124). */
  readonly defect: string | undefined;
}

/** How the first input of a run begins. */
const RESTART = '{"type":"started"';

/** How the record of an order begins. */
const ORDER = '{"kind":"order"';

const BEYOND_CHECKPOINT = 'SELECT * FROM entries WHERE id > ? ORDER BY id';

/** The state a former run left; nothing when there is no journal. Throws {@link JournalDamaged}. */
export async function recover(
  file: string,
  identity: JournalIdentity,
): Promise<Recovered | undefined> {
  if (!existsSync(file)) return undefined;
  const damaged = damagedIn(file);
  let database: Database | undefined;
  try {
    database = await openReadOnly(file);
    return readAll(database, identity, damaged);
  } catch (error) {
    if (error instanceof JournalDamaged) throw error;
    return damaged(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
  } finally {
    database?.close();
  }
}

type Damaged = (why: string, remedy?: string) => never;

const RESTORE =
  'restore a copy, or move it away to start with an empty one after checking positions at the ' +
  'broker';

const damagedIn =
  (file: string): Damaged =>
  (why, remedy = RESTORE) => {
    throw new JournalDamaged(`The journal ${file} ${why}. It was left as it is: ${remedy}.`);
  };

/** The same from a file that is open already. Throws {@link JournalDamaged}. */
export const recoverFrom = (
  database: Database,
  identity: JournalIdentity,
  file: string,
): Recovered => readAll(database, identity, damagedIn(file));

const EARLIER = 'was written by an earlier version, whose state this one cannot take over';

function readAll(database: Database, identity: JournalIdentity, damaged: Damaged): Recovered {
  const check = database.prepare('PRAGMA quick_check').get() as { quick_check?: string };
  if (check.quick_check !== 'ok') damaged(`fails its integrity check (${check.quick_check})`);
  const meta = metaOf(database);
  const schema = meta.get('schema');
  if (schema !== String(SCHEMA_VERSION)) damaged(`has the unknown format ${schema}`);
  for (const key of ['environment', 'account', 'mode'] as const) {
    const found = meta.get(key);
    if (found !== identity[key]) damaged(`belongs to ${key} ${found}, not ${identity[key]} (F88)`);
  }
  const start = checkpointOf(database, damaged);
  const tail = new Tail(start, damaged);
  let { head } = start;
  for (const row of database.prepare(BEYOND_CHECKPOINT).iterate(head.id)) {
    const entry = row as unknown as StoredEntry;
    if (entry.id !== head.id + 1 || entry.prev !== head.hash) damaged(`has a hole at ${entry.id}`);
    if (entryHash(entry.prev, entry) !== entry.hash) damaged(`was altered at entry ${entry.id}`);
    head = { id: entry.id, hash: entry.hash };
    if (entry.kind === 'input') tail.input(entry);
    else tail.record(entry);
  }
  const { state, replayed, defect } = tail;
  return { state, head, replayed, ended: meta.get('ended'), defect };
}

/** The replay of what follows the checkpoint. An input whose step threw then is left out now. */
class Tail {
  state: EngineState;
  replayed = 0;
  defect: string | undefined;
  #broken: { readonly seq: number; readonly why: string } | undefined;
  readonly #damaged: Damaged;
  /** The checkpoint's own input: its records are not compared. */
  readonly #after: number;
  readonly #isOlder: boolean;
  /** What became of orders in the newest input, and is not found in the journal yet. */
  #moves: string[] = [];

  constructor({ state, isOlder = false }: Start, damaged: Damaged) {
    this.#isOlder = isOlder;
    this.state = state;
    this.#after = state.at.seq;
    this.#damaged = damaged;
  }

  input(entry: StoredEntry): void {
    if (this.#broken !== undefined && !entry.payload.startsWith(RESTART)) {
      // It did not stop the run then, so it must not now: something else was different.
      this.#damaged(`cannot be replayed at input ${this.#broken.seq} (${this.#broken.why})`);
    }
    this.#broken = undefined;
    this.#settle();
    try {
      const [next, effects] = step(this.state, stampedOf(entry));
      this.state = next;
      this.#moves = effects.flatMap(moveIn);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#broken = { seq: entry.seq, why };
      this.defect = why;
      const { seq: number, mono: at, wall: on } = entry;
      this.state = { ...this.state, at: { seq: seq(number), mono: mono(at), wall: wall(on) } };
    }
    this.replayed += 1;
  }

  /** An earlier version may have decided otherwise: then its story is not ours to go on with. */
  #settle(): void {
    const [move] = this.#moves;
    if (move !== undefined && this.#isOlder) this.#differs(`${move} is not in it`);
  }

  #differs(what: string): never {
    const { version } = this.state.core;
    const remedy = `start version ${version} once more and stop it in order, then start this one`;
    return this.#damaged(`${EARLIER}: ${what}`, remedy);
  }

  #compare(entry: StoredEntry): void {
    for (const move of moveOf(exactValue(entry.payload) as JournalRecord)) {
      const found = this.#moves.indexOf(move);
      if (found < 0) this.#differs(`${move} at input ${entry.seq} does not follow`);
      this.#moves.splice(found, 1);
    }
  }

  /** The loop's own word that this input stopped the run; else only a restart may follow it. */
  record(entry: StoredEntry): void {
    if (entry.seq > this.#after && entry.payload.startsWith(ORDER)) this.#compare(entry);
    if (this.#broken === undefined || entry.seq !== this.#broken.seq) return;
    const why = defectIn(exactValue(entry.payload) as JournalRecord);
    if (why !== undefined) this.#broken = undefined;
  }
}

/** A journaled input as the engine takes it. */
export function stampedOf(entry: StoredEntry): Stamped {
  const event = exactValue(entry.payload) as Event;
  return { seq: seq(entry.seq), mono: mono(entry.mono), wall: wall(entry.wall), event };
}

/** What an order became, as text to compare; nothing else of what was written moves money. */
const moveOf = (record: JournalRecord): string[] =>
  record.kind === 'order' ? [`${record.clientOrderId} ${record.to} ${record.volume}`] : [];

const moveIn = (effect: Effect): string[] =>
  effect.type === 'record' ? moveOf(effect.record) : [];

/** One journaled input through the engine, its effects discarded: they happened then. */
export const replay = (state: EngineState, entry: StoredEntry): EngineState =>
  step(state, stampedOf(entry))[0];

interface Start {
  readonly state: EngineState;
  readonly head: Head;
  /** The state had another shape: what an earlier version decided after it may differ from ours. */
  readonly isOlder?: boolean;
}

function checkpointOf(database: Database, damaged: Damaged): Start {
  const row = database.prepare('SELECT * FROM checkpoints ORDER BY id DESC LIMIT 1').get() as
    | { id: number; seq: number; hash: string; state: string; state_hash: string }
    | undefined;
  const beginning = { state: initialState(), head: GENESIS };
  if (row === undefined) return beginning;
  if (textHash(row.state) !== row.state_hash) damaged('has an altered checkpoint');
  const { shape, ...state } = exactValue(row.state) as EngineState & { readonly shape?: number };
  // Its place in the chain is proven by the row it was taken after, which is never pruned.
  const entry = database.prepare('SELECT hash FROM entries WHERE id = ?').get(row.id);
  const hash = row.id === GENESIS.id ? GENESIS.hash : entry?.['hash'];
  if (hash !== row.hash || state.at.seq !== row.seq) damaged('has an altered checkpoint');
  const { version } = state.core;
  const number = shape ?? 1;
  if (number > STATE_SHAPE) {
    const numbers = `state ${number}, this one knows ${STATE_SHAPE}`;
    damaged(`was written by a newer version (${numbers})`, `use version ${version} or a newer one`);
  }
  const taken = takenOver(state, number);
  if (taken !== undefined) {
    const head = { id: row.id, hash: row.hash };
    return { state: taken, head, isOlder: number < STATE_SHAPE };
  }
  const count = 'SELECT COUNT(*) AS n FROM entries WHERE id <= ?';
  if (database.prepare(count).get(row.id)?.['n'] !== row.id) {
    damaged(
      `${EARLIER}, and its first inputs are no longer in it`,
      `go on with version ${version}, or with one between that knows it`,
    );
  }
  return { ...beginning, isOlder: true };
}

function metaOf(database: Database): ReadonlyMap<string, string> {
  const rows = database.prepare('SELECT key, value FROM meta').all();
  const pairs = rows as unknown as readonly { key: string; value: string }[];
  return new Map(pairs.map(({ key, value }) => [key, value]));
}

/**
 * Sentences about a whole journal: every row's hash and the chain; empty when sound. `enough` is
 * asked after each row and may end it early.
 */
export async function verifyJournal(
  file: string,
  enough: () => boolean = () => false,
): Promise<readonly string[]> {
  const database = await openReadOnly(file);
  const faults: string[] = [];
  try {
    let last: Head = GENESIS;
    for (const row of database.prepare(BEYOND_CHECKPOINT).iterate(0)) {
      const entry = row as unknown as StoredEntry;
      if (entryHash(entry.prev, entry) !== entry.hash) faults.push(`entry ${entry.id} was altered`);
      const follows = entry.id === last.id + 1;
      if (follows && entry.prev !== last.hash) faults.push(`the chain breaks at ${entry.id}`);
      last = { id: entry.id, hash: entry.hash };
      if (enough()) return faults;
    }
    const missing = missingLasting(database);
    if (missing !== undefined) faults.push(missing);
  } finally {
    database.close();
  }
  return faults;
}
