/**
 * `npm run keep-journal`: a journal of this version for tests/runtime/journals, so that versions to
 * come are tried on it: one position open behind its stop, a stop in order, and of the rows only
 * what a journal keeps for ever. Deliberately by hand, once for each shape of the state.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { STATE_SHAPE } from '../src/engine/state.ts';
import { openDatabase } from '../src/runtime/sqlite.ts';
import { Headless } from '../tests/e2e/headless.ts';
import { ensureBuilt, freshHome, ROOT } from '../tests/e2e/terminal-session.ts';

/** Given up in time by every journal, whatever the version (runtime/journal-retention). */
const GIVEN_UP = [
  ...['quote', 'clock', 'bar', 'barsLoaded', 'durable', 'host', 'sent', 'conversion', 'clockSkew'],
  ...['sentiment', 'brokerSnapshot'],
];

ensureBuilt();
const home = freshHome();
const run = new Headless(home.path, ['--seed', '7', '--speed', '3000', '--data-dir', 'state']);
await run.line('a confirmed stop', ({ message }) => /^position \d+ stop/.test(message));
run.kill('SIGTERM');
await run.ended;

const state = join(home.path, 'state');
const journal = join(state, readdirSync(state)[0] ?? '', 'journal.db');
const small = join(home.path, 'small.db');
const whole = await openDatabase(journal);
whole.exec(`VACUUM INTO '${small}'`);
whole.close();
const database = await openDatabase(small);
const types = GIVEN_UP.map((name) => `payload LIKE '{"type":"${name}"%'`).join(' OR ');
const newest = '(SELECT MAX(id) FROM checkpoints)';
database.exec(`DELETE FROM checkpoints WHERE id < ${newest}`);
database.exec(`DELETE FROM entries WHERE id < ${newest} AND kind = 'input' AND (${types})`);
database.exec(`DELETE FROM entries WHERE payload LIKE '{"kind":"decision"%' AND seq NOT IN
  (SELECT seq FROM entries WHERE payload LIKE '{"kind":"order"%') AND id < ${newest}`);
database.exec(`DELETE FROM meta WHERE key = 'anchor'`);
database.exec('VACUUM');
database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
database.close();
const kept = join(ROOT, 'tests', 'runtime', 'journals', `shape-${STATE_SHAPE}.db.gz`);
writeFileSync(kept, gzipSync(readFileSync(small), { level: 9 }));
rmSync(home.path, { recursive: true });
process.stdout.write(`${kept}\n`);
