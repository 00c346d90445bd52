/** The page of what is asked of the broker says what the source does. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { PAYLOAD_TYPES } from '../../src/ctrader/wire/schema.gen.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('lists every question of the protocol once, asked or not, as the client does', () => {
  const page = readFileSync(join(ROOT, 'docs', 'broker-messages.md'), 'utf8');
  const rows = page.split('\n').flatMap((line) => {
    const row = /^\| `(\w+)` \| (yes|no) \| (.+) \|$/.exec(line);
    return row === null ? [] : [[row[1] ?? '', row[2] === 'yes'] as const];
  });
  const source = join(ROOT, 'src', 'ctrader');
  const written = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.gen.ts'))
    .map((file) => readFileSync(join(source, file), 'utf8'))
    .join('\n');
  const questions = Object.keys(PAYLOAD_TYPES).filter((name) => name.endsWith('Req'));
  const asked = questions.map((name) => [name, written.includes(name)] as const);
  const byName = (a: readonly [string, boolean], b: readonly [string, boolean]) =>
    a[0] < b[0] ? -1 : 1;
  expect(rows.toSorted(byName)).toEqual(asked.toSorted(byName));
});
