/**
 * Which test names which id of the catalogue (tests/catalogue.txt): read from the names in the
 * source text of the tests. Deliberately runs nothing and parses no TypeScript: a name is a literal
 * with words in it or the row of a table, a describe of one
 * word is the name of a breaker, and "F01 to F09" names neither end.
 */
import { filesBelow, read, type SourceFile } from './source-files.ts';

export interface CatalogueRow {
  readonly id: string;
  readonly severity: 'S1' | 'S2' | 'S3';
  /** Letter of the group of a fault; else what kind of rule it is. */
  readonly group: string;
  readonly title: string;
}

export interface NamedTest {
  readonly file: string;
  readonly name: string;
}

export interface Coverage extends CatalogueRow {
  readonly tests: readonly NamedTest[];
}

/** Groups and kinds in which a missing S1 id fails the build: what moves or keeps money. */
const MONEY_PATH: ReadonlySet<string> = new Set([
  ...['B', 'C', 'D', 'E', 'F', 'G', 'I'],
  ...['order', 'reconcile', 'breaker', 'double'],
]);

export const isMoneyPath = ({ group, severity }: CatalogueRow): boolean =>
  severity === 'S1' && MONEY_PATH.has(group);

export function catalogue(): readonly CatalogueRow[] {
  return read('tests/catalogue.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [id = '', severity = '', group = '', ...words] = line.split(' ');
      if (!/^S[123]$/.test(severity) || words.length === 0) {
        throw new Error(`tests/catalogue.txt has no severity or title in ${JSON.stringify(line)}`);
      }
      return { id, severity: severity as CatalogueRow['severity'], group, title: words.join(' ') };
    });
}

/** Tables whose rows become test names, and the test that reads them. */
const TABLES: readonly (readonly [string, string])[] = [
  ['tests/support/planted-defects.ts', 'tests/sim/checkers.test.ts'],
  ['tests/support/planted-cap-defects.ts', 'tests/sim/checkers.test.ts'],
  ['tests/support/planted-record-defects.ts', 'tests/sim/checkers.test.ts'],
];

const LITERAL = /'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`|"((?:[^"\\\n]|\\.)*)"/g;
const RANGE = /\b[FIRTP]\d{2,3}\s*(?:to|–|\.\.)\s*[FIRTP]\d{2,3}\b/g;
/** Anything in capitals that could be an id; which are is decided by the catalogue. */
const ID = /\b(?:[FIRTP]\d{2,3}|[A-Z]{4,}(?:_[A-Z]+)?)\b/g;
/** In an expectation an id is a value, not a name. */
const NO_NAME = /(?:to(?:Be|Equal|Match|Contain|HaveLength)\w*|expect(?:\.\w+)?)\s*\(\s*$/;

const withoutComments = (text: string): string =>
  text.replace(/^\s*\/\/.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '');

/** A test's name: words around the id, or an id alone as the first cell of a row. */
function isName(text: string, before: string): boolean {
  if (NO_NAME.test(before)) return false;
  const isSentence = /\s/.test(text.trim());
  if (!isSentence && /\bdescribe\(\s*$/.test(before)) return true;
  if (!isSentence) return /(?:\[|\bid: |\brow: |, )\s*$/.test(before) && /^[FIRTP]\d/.test(text);
  return /(?:\b(?:it|test|describe)(?:\.\w+)*(?:\([^'`"]*\))?\s*\(|\)\s*\(|[[,(:])\s*$/.test(
    before,
  );
}

function namesIn({ path, text }: SourceFile): readonly NamedTest[] {
  const code = withoutComments(text);
  return [...code.matchAll(LITERAL)].flatMap((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    const before = code.slice(Math.max(0, match.index - 60), match.index);
    return isName(name, before) ? [{ file: path, name }] : [];
  });
}

const idsIn = (name: string): readonly string[] => name.replace(RANGE, '').match(ID) ?? [];

/** Every row of the catalogue with the tests that name it. */
export function coverage(): readonly Coverage[] {
  const found = new Map<string, NamedTest[]>();
  const files: SourceFile[] = filesBelow('tests', /\.test\.tsx?$/);
  for (const [table, test] of TABLES) {
    files.push({ path: test, text: read(table) });
  }
  for (const named of files.flatMap(namesIn)) {
    for (const id of new Set(idsIn(named.name))) {
      found.set(id, [...(found.get(id) ?? []), named]);
    }
  }
  return catalogue().map((row) => ({ ...row, tests: found.get(row.id) ?? [] }));
}

/** The report of `npm run coverage:ids`. */
export function coverageText(rows: readonly Coverage[], detailed: boolean): string {
  const lines = rows.flatMap((row) => {
    const head = `${row.id.padEnd(12)} ${row.severity} ${String(row.tests.length).padStart(3)}`;
    const title = `${head} tests  ${row.title}`;
    if (!detailed) return title;
    return [title, ...row.tests.map(({ file, name }) => `      ${file}: ${name}`)];
  });
  const missing = rows.filter((row) => row.tests.length === 0);
  const named = missing.map((row) => `${row.id} (${row.severity})`).join(' ');
  const grave = missing.filter(isMoneyPath).map(({ id }) => id);
  return [
    ...lines,
    `${rows.length - missing.length} of ${rows.length} ids have a test that names them`,
    `without one: ${named === '' ? 'none' : named}`,
    `of these S1 on the money path: ${grave.length === 0 ? 'none' : grave.join(' ')}`,
    '',
  ].join('\n');
}

const KINDS: readonly (readonly [string, (row: Coverage) => boolean])[] = [
  ['Faults', ({ id }) => /^F\d/.test(id)],
  ['Invariants', ({ id }) => /^I\d/.test(id)],
  ['Order transitions', ({ id }) => /^T\d/.test(id)],
  ['Reconciliation', ({ id }) => /^R\d/.test(id)],
  ['Breakers', ({ group }) => group === 'breaker'],
  ['Double faults', ({ id }) => /^P\d/.test(id)],
];

/** The same as a document: every id with what it means, how many tests name it, and where. */
export function coverageMarkdown(rows: readonly Coverage[]): string {
  const covered = rows.filter((row) => row.tests.length > 0).length;
  const parts = KINDS.map(([title, isOf]) => {
    const lines = rows.filter(isOf).map(({ id, severity, title: words, tests }) => {
      const files = [...new Set(tests.map(({ file }) => file.replace(/^tests\//, '')))];
      const where = files.map((file) => `\`${file}\``).join(', ');
      return `| ${id} | ${severity} | ${words} | ${tests.length} | ${where || 'none'} |`;
    });
    const head = '| id | severity | what | tests | where, below `tests/` |\n|---|---|---|---|---|';
    return `## ${title}\n\n${head}\n${lines.join('\n')}`;
  });
  const total = `${covered} of ${rows.length} ids have a test that names them.`;
  return [total, ...parts].join('\n\n');
}
