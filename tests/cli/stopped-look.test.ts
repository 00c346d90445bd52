/** The hand-over page of an engine that does not run: from its journal, and honest about it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { tempDir } from '../support/temp-dir.ts';
import { runVerb } from '../support/verb-io.ts';

const KEPT = fileURLToPath(new URL('../runtime/journals/shape-5.db.gz', import.meta.url));

/** A data directory with the journal of a run that was stopped with a position open. */
function left(change: (bytes: Buffer) => Buffer = (bytes) => bytes): string {
  const dataDir = tempDir();
  const stateDir = join(dataDir, 'sim-7000000007-dry-run');
  mkdirSync(stateDir);
  writeFileSync(join(stateDir, 'journal.db'), change(gunzipSync(readFileSync(KEPT))));
  return dataDir;
}

const ask = (dataDir: string, ...more: readonly string[]) =>
  runVerb(['status', '--handover', '--data-dir', dataDir, ...more], { HOME: tempDir() });

it('says what is held and how it is protected, and that nobody looks after it', async () => {
  const { code, out, err } = await ask(left());
  expect(code).toBe(EXIT.noEngine);
  expect(err).toMatch(/^palm-oil-tui: No engine runs below .*\n$/);
  expect(out).toContain('positions  7000001 buy 7 at 4602, stop 4532, target 4694');
  expect(out).toMatch(/^health +the engine does not run: it ended \(SIGTERM\), and this is what/m);
  expect(out).toMatch(/^trading +active, link DISCONNECTED/m);
  expect(out).toMatch(/^entries +blocked: the engine does not run$/m);
});

it('is signed and told as an object like that of a running one', async () => {
  const dataDir = left();
  expect((await ask(dataDir, '--sign', 'starts on Monday')).code).toBe(EXIT.noEngine);
  const page = JSON.parse((await ask(dataDir, '--json')).out);
  expect(page.last).toMatchObject({ note: 'starts on Monday' });
  expect(page.trading).toMatchObject({ link: 'DISCONNECTED', entriesAllowed: false });
  expect(page.positions).toHaveLength(1);
});

it('without a journal, or with one that is damaged, there is no page', async () => {
  expect((await ask(tempDir())).out).toBe('');
  const { code, out, err } = await ask(left((bytes) => bytes.subarray(0, bytes.length / 2)));
  expect([code, out]).toEqual([EXIT.noEngine, '']);
  expect(err).toMatch(/journal\.db .*It was left as it is/);
});
