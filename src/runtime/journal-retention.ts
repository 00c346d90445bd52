/**
 * What a journal gives up in time, so that its file levels off: the market behind the checkpoints,
 * and reasons for doing nothing after some weeks. What moved money stays for ever, and a running
 * hash over it says when one of those rows is missing (I17).
 * Deliberately never in the way: it runs in the writer's thread, with the checkpoint's transaction.
 */
import { createHash } from 'node:crypto';
import type { Database } from './sqlite.ts';

/** A start needs one; the other is for a checkpoint that was damaged (retention). */
export const KEEP_CHECKPOINTS = 2;

const startsWith = (kind: 'type' | 'kind', names: readonly string[]): string =>
  `(${names.map((name) => `payload LIKE '{"${kind}":"${name}"%'`).join(' OR ')})`;

/** Only the same inputs again need them: given up behind the older checkpoint. */
const MARKET = startsWith('type', [
  'quote',
  'clock',
  'bar',
  'barsLoaded',
  'durable',
  'host',
  'sent',
  'conversion',
  'clockSkew',
]);

/** The row after this one, if its step wrote it. */
const NEXT = `SELECT 1 FROM entries next WHERE next.seq = entries.seq AND next.kind = 'record'`;

/** A look at the broker that changed nothing: its step wrote no record. */
const IDLE_LOOK =
  `(${startsWith('type', ['brokerSnapshot'])} AND NOT EXISTS ` +
  `(${NEXT} AND next.id = entries.id + 1))`;

/** A decision whose step wrote no order. */
const IDLE_DECISION =
  `(kind = 'record' AND ${startsWith('kind', ['decision'])} AND NOT EXISTS (${NEXT} ` +
  `AND next.id BETWEEN entries.id + 1 AND entries.id + 16 AND next.payload LIKE ` +
  `'{"kind":"order"%'))`;

/** Said before in all that a trade is shown with: its name and its digits. */
const KNOWN_INSTRUMENT =
  `(${startsWith('type', ['instrument'])} AND EXISTS (SELECT 1 FROM entries known ` +
  `WHERE known.id < entries.id AND known.kind = 'input' ` +
  `AND known.payload LIKE '{"type":"instrument"%' AND ` +
  ['id', 'name', 'digits']
    .map(
      (field) =>
        `json_extract(known.payload, '$.instrument.${field}') = ` +
        `json_extract(entries.payload, '$.instrument.${field}')`,
    )
    .join(' AND ') +
  '))';

/** Reasons for doing nothing, and what was heard meanwhile. */
const IDLE =
  `(${IDLE_DECISION} OR (kind = 'input' AND (${KNOWN_INSTRUMENT} OR ` +
  `${startsWith('type', ['sentiment', 'link', 'schedule'])})))`;

/** Never given up; of what is told apart by its own text alone. */
const LASTING = `kind = 'record' AND NOT ${startsWith('kind', ['decision'])}`;

const DAY_MS = 86_400_000;

/** How far the lasting rows were counted, and the hash over them. */
export interface Anchor {
  /** Rows before this one. */
  readonly upTo: number;
  readonly rows: number;
  readonly hash: string;
}

const NO_ANCHOR: Anchor = { upTo: 0, rows: 0, hash: '0'.repeat(64) };
const KEY = 'anchor';

/**
 * To be called inside the transaction of a checkpoint. Reasons older than so many days before the
 * newest row go; the market behind the older checkpoint goes always.
 */
export function giveUp(database: Database, days: number): void {
  const floor = Number(
    database
      .prepare(`SELECT MIN(id) AS id FROM checkpoints HAVING COUNT(*) = ${KEEP_CHECKPOINTS}`)
      .get()?.['id'] ?? 0,
  );
  const anchor = anchorOf(database);
  if (floor <= anchor.upTo) return;
  const next = advanced(database, anchor, floor);
  database
    .prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)')
    .run(KEY, JSON.stringify(next));
  database
    .prepare(
      `DELETE FROM entries WHERE id >= ? AND id < ? AND kind = 'input' ` +
        `AND (${MARKET} OR ${IDLE_LOOK})`,
    )
    .run(anchor.upTo, floor);
  const newest = 'SELECT wall FROM entries ORDER BY id DESC LIMIT 1';
  const before = Number(database.prepare(newest).get()?.['wall'] ?? 0) - days * DAY_MS;
  database.prepare(`DELETE FROM entries WHERE id < ? AND wall < ? AND ${IDLE}`).run(floor, before);
}

function anchorOf(database: Database): Anchor {
  const row = database.prepare('SELECT value FROM meta WHERE key = ?').get(KEY);
  return row === undefined ? NO_ANCHOR : (JSON.parse(String(row['value'])) as Anchor);
}

function advanced(database: Database, { upTo, rows, hash }: Anchor, floor: number): Anchor {
  let next: Anchor = { upTo: floor, rows, hash };
  const lasting = `SELECT id, hash FROM entries WHERE id >= ? AND id < ? AND ${LASTING}
     ORDER BY id`;
  for (const row of database.prepare(lasting).iterate(upTo, floor)) {
    const text = `${next.hash}\n${row['id']}\n${row['hash']}`;
    next = {
      upTo: floor,
      rows: next.rows + 1,
      hash: createHash('sha256').update(text).digest('hex'),
    };
  }
  return next;
}

/** What is missing of the rows that are never given up, as a sentence, or nothing. */
export function missingLasting(database: Database): string | undefined {
  const told = anchorOf(database);
  const found = advanced(database, NO_ANCHOR, told.upTo);
  if (found.hash === told.hash) return undefined;
  return `of ${told.rows} lasting rows before ${told.upTo} there are ${found.rows}, or others`;
}
