/**
 * Writes the generated parts of the documents: between `<!-- generated:name -->` markers, and the
 * whole of .env.example. `--check` writes nothing and fails when something is not fresh.
 * Deliberately reads only the tables the program itself runs on.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SETTING_ROWS } from '../src/cli/config-schema.ts';
import { GROUPS, type Group, type Setting } from '../src/cli/config-setting.ts';
import { EXIT_ROWS } from '../src/cli/exit.ts';
import { renderer } from '../src/runtime/telemetry.ts';
import { createTimings } from '../src/runtime/timings.ts';
import { keysMarkdown } from '../src/ui/keymap.ts';
import { conformanceMarkdown } from '../tests/support/conformance.ts';
import { coverage, coverageMarkdown } from '../tests/support/coverage.ts';
import { filesBelow, type SourceFile } from '../tests/support/source-files.ts';
import { provenanceTable } from './provenance.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Golden screens fit for the README, the best first. */
const SCREENS = ['tests/ui/frames/readme.txt', 'tests/ui/frames/console-120x40.txt'];
const HEADLINES = 'tests/sentiment/headline-report.txt';
const TRANSCRIPT = 'tests/engine/transcripts/dip-to-target.txt';

/** Document and marker name to generated text. */
const PARTS: readonly (readonly [string, string, () => string])[] = [
  ['docs/configuration.md', 'settings', settingsTable],
  ['docs/exit-codes.md', 'exit-codes', exitTable],
  ['docs/sentiment.md', 'headlines', headlines],
  ['docs/metrics.md', 'metrics', () => METRICS],
  ['docs/keys.md', 'keys', () => keysMarkdown().trimEnd()],
  ['docs/simulator-conformance.md', 'conformance', conformanceMarkdown],
  ['docs/dependencies.md', 'provenance', provenanceTable],
  ['docs/coverage.md', 'coverage', () => coverageMarkdown(coverage())],
  ['ARCHITECTURE.md', 'file-tree', fileTree],
  ['README.md', 'screen', screen],
  ['README.md', 'trade', trade],
  ['README.md', 'options', optionsTable],
  ['README.md', 'keys', () => keysMarkdown().trimEnd()],
];

/** What every generated document should contain now, by path. */
export function generated(): ReadonlyMap<string, string> {
  const texts = new Map<string, string>([['.env.example', envExample()]]);
  for (const [path, name, make] of PARTS) {
    const text = texts.get(path) ?? readFileSync(join(ROOT, path), 'utf8');
    texts.set(path, replaceBetween(text, { path, name, body: make() }));
  }
  return texts;
}

/** The documents that differ from what {@link generated} says. */
export function stale(): string[] {
  return [...generated()].flatMap(([path, text]) => {
    const file = join(ROOT, path);
    return existsSync(file) && readFileSync(file, 'utf8') === text ? [] : path;
  });
}

interface Part {
  readonly path: string;
  readonly name: string;
  readonly body: string;
}

function replaceBetween(text: string, { path, name, body }: Part): string {
  const begin = `<!-- generated:${name} -->`;
  const end = `<!-- end:${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path} has no markers for ${name}`);
  return `${text.slice(0, from + begin.length)}\n\n${body}\n\n${text.slice(to)}`;
}

const cell = (text: string) => text.replaceAll('|', '\\|');
const row = (...cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;

function fallbackOf(setting: Setting<unknown>): string {
  if (setting.fallbackText !== undefined) return setting.fallbackText;
  if (typeof setting.fallback !== 'string') return 'none';
  return `\`${setting.fallback}\`${setting.unit === undefined ? '' : ` ${setting.unit}`}`;
}

function settingsTable(): string {
  const parts: string[] = [];
  for (const [group, title] of Object.entries(GROUPS)) {
    parts.push(`### ${title}`, '');
    parts.push(row('environment', 'option', 'default', 'allowed', 'meaning'));
    parts.push(row('---', '---', '---', '---', '---'));
    for (const { row: setting } of rowsOf(group as Group)) {
      const env = setting.env === undefined ? '–' : `\`${setting.env}\``;
      const flag = setting.flag === undefined ? '–' : `\`${setting.flag}\``;
      const secret = setting.kind.secret ? ' **Secret.**' : '';
      const allowed = setting.kind.allowed;
      parts.push(row(env, flag, fallbackOf(setting), allowed, setting.about + secret));
    }
    parts.push('');
  }
  return parts.join('\n').trimEnd();
}

/** The options of `run`; what else they allow is in docs/configuration.md. */
function optionsTable(): string {
  const rows = SETTING_ROWS.flatMap(({ row: setting }) =>
    setting.flag === undefined
      ? []
      : row(`\`${setting.flag}\``, flagFallback(setting), setting.flagAbout ?? setting.about),
  );
  return [row('option', 'default', 'meaning'), row('---', '---', '---'), ...rows].join('\n');
}

/** A switch has no value to name. */
const flagFallback = (setting: Setting<unknown>): string =>
  setting.flag?.includes('<') === true ? fallbackOf(setting) : '';

function rowsOf(group: Group) {
  return SETTING_ROWS.filter((entry) => entry.row.group === group);
}

function exitTable(): string {
  const rows = EXIT_ROWS.map((exit) => row(String(exit.code), exit.meaning, exit.remedy));
  return [row('code', 'meaning', 'what to do'), row('---', '---', '---'), ...rows].join('\n');
}

function metricsTable({ text }: { readonly text: string }): string {
  const helps = new Map<string, string>();
  const rows: string[] = [];
  for (const line of text.split('\n')) {
    const [, about, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (about === 'HELP') helps.set(name, rest);
    if (about === 'TYPE') rows.push(row(`\`${name}\``, rest, helps.get(name) ?? ''));
  }
  return [row('name', 'type', 'meaning'), row('---', '---', '---'), ...rows].join('\n');
}

function envExample(): string {
  const lines = [
    '# Settings of palm-oil-tui. Copy to .env and fill in what you need; empty means "not set".',
    '# Nothing here is needed for the simulator. Generated from the table the program reads.',
  ];
  for (const [group, title] of Object.entries(GROUPS)) {
    const rows = rowsOf(group as Group).filter(({ row: one }) => one.env !== undefined);
    if (rows.length === 0) continue;
    lines.push('', `# ${title}`);
    for (const { row: setting } of rows) {
      const unit = setting.unit === undefined ? '' : ` Unit: ${setting.unit}.`;
      lines.push(`# ${setting.about.replaceAll('`', '')}${unit}`);
      lines.push(exampleLine(setting));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Defaults stand commented out, so that a copy of the file changes nothing. */
function exampleLine(setting: Setting<unknown>): string {
  const value = typeof setting.fallback === 'string' ? setting.fallback : '';
  return value === '' ? `${setting.env}=` : `# ${setting.env}=${value}`;
}

/** The first golden screen there is, as the tests compare it. */
function screen(): string {
  const frames = SCREENS.filter((path) => existsSync(join(ROOT, path)));
  const [path] = frames;
  if (path === undefined) return 'Run `npm start` and look; the golden screens are in `tests/ui/`.';
  return ['```text', readFileSync(join(ROOT, path), 'utf8').trimEnd(), '```'].join('\n');
}

/** The end of a golden transcript: from the quote that decides to the profit. */
function trade(): string {
  const lines = readFileSync(join(ROOT, TRANSCRIPT), 'utf8').trimEnd().split('\n');
  const intent = lines.findIndex((line) => line.includes('record   INTENT'));
  const quote = lines.slice(0, intent).findLastIndex((line) => / quote {2}/.test(line));
  const told = lines.slice(quote).filter((line) => !/ (clock|query)\b/.test(line));
  return ['```text', ...told, '```'].join('\n');
}

/** How the word list judged the labelled headlines, from the report the tests compare. */
function headlines(): string {
  const lines = readFileSync(join(ROOT, HEADLINES), 'utf8').split('\n');
  const labels = ['bullish', 'bearish', 'neutral', 'irrelevant'];
  const judged = lines.flatMap((line) =>
    /^[ x] ([a-z]+) +([a-z]+) +-?\d+ /.exec(line)?.slice(1, 3),
  );
  const pairs = judged.filter((word) => word !== undefined && labels.includes(word));
  const count = (label: string, said: string): number =>
    pairs.filter((word, at) => at % 2 === 0 && word === label && pairs[at + 1] === said).length;
  const rows = labels.map((label) =>
    row(label, ...labels.map((said) => String(count(label, said)))),
  );
  const sums = lines.filter((line) => line.startsWith('same ')).map((line) => `- ${line}`);
  const head = [
    row('label', ...labels.map((said) => `said ${said}`)),
    row('---', ...labels.map(() => '---')),
  ];
  return [
    ...sums.map((line) => line.replace(/ {2,}/, ': ').replace(/ one (\d)/, ' one: $1')),
    '',
    ...head,
    ...rows,
  ].join('\n');
}

/** One line per source file: its path and the first sentence of its own header. */
function fileTree(): string {
  const lines: string[] = ['```'];
  let folder = '';
  for (const file of filesBelow('src', /\.tsx?$/)) {
    const parts = file.path.split('/');
    const own = parts.slice(0, 2).join('/');
    if (own !== folder) {
      if (folder !== '') lines.push('');
      lines.push(`${own}/`);
      folder = own;
    }
    lines.push(`  ${parts.slice(2).join('/').padEnd(26)} ${firstSentence(file)}`);
  }
  return [...lines, '```'].join('\n');
}

function firstSentence(file: SourceFile): string {
  const head = /^\s*(?:\/\*\*([\s\S]*?)\*\/|((?:\/\/.*\n)+))/.exec(file.text);
  const text = (head?.[1] ?? head?.[2] ?? '')
    .replace(/^\s*(\*|\/\/)\s?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
  return /^(.*?)\.(?= [A-Z]|$)/.exec(text)?.[1] ?? text;
}

/** The page as it is served, without a value in it. */
const METRICS = metricsTable(
  await (
    await renderer({
      snapshot: () => undefined,
      isAlive: () => true,
      sources: { timings: createTimings() },
    })
  )(),
);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--check')) {
    const old = stale();
    for (const path of old) console.error(`${path} is not fresh: run npm run docs`);
    process.exitCode = old.length === 0 ? 0 : 1;
  } else {
    for (const [path, text] of generated()) writeFileSync(join(ROOT, path), text);
  }
}
