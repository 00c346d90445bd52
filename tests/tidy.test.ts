/**
 * The house rules that a machine can check: walls, seams, bans, sizes, headers, mirrors, words.
 * Deliberately prints sentences that teach; the data of the walls is in support/walls.ts.
 */
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  codeOnly,
  filesBelow,
  importsOf,
  lineOf,
  ROOT,
  read,
  type SourceFile,
} from './support/source-files.ts';
import { NODE_PASSAGES, SEAMS, WALLS } from './support/walls.ts';

const CODE = /\.(ts|tsx|mjs|js)$/;
const isGenerated = (file: SourceFile) => file.path.includes('.gen.');
const everySource = filesBelow('src', CODE);
const sources = everySource.filter((file) => !isGenerated(file) && !file.path.endsWith('.d.ts'));
const tests = filesBelow('tests', CODE);
const tools = [...filesBelow('scripts', CODE), ...filesBelow('bin', CODE)];
const written = [...sources, ...tests, ...tools];

/** Every breach at once, one sentence each. */
function expectNone(breaches: readonly string[]): void {
  if (breaches.length > 0) expect.fail(`\n${breaches.join('\n')}\n`);
}

const folderOf = (path: string) => path.split('/')[1] ?? '';
const inSrc = (path: string) => path.replace(/^src\//, '');

/** Where a pattern stands in code (not in comments or strings), as `path:line`. */
function places(files: readonly SourceFile[], pattern: RegExp, raw = false): string[] {
  return files.flatMap((file) => {
    const text = raw ? file.text : codeOnly(file.text);
    const all = new RegExp(pattern.source, `g${pattern.flags.replace('g', '')}`);
    return [...text.matchAll(all)].map((match) => `${file.path}:${lineOf(text, match.index)}`);
  });
}

function inEngine(...except: readonly string[]): SourceFile[] {
  return sources.filter(
    (file) => folderOf(file.path) === 'engine' && !except.includes(inSrc(file.path)),
  );
}

describe('walls', () => {
  it('no folder imports across a missing arrow', () => {
    expectNone(everySource.flatMap((file) => importsOf(file).flatMap((one) => breach(file, one))));
  });

  it('every folder under src has a row in the table', () => {
    const folders = new Set(everySource.map((file) => folderOf(file.path)));
    expectNone([...folders].filter((name) => WALLS[name] === undefined));
  });

  it('scripts and the executable reach the program through its doors only', () => {
    const bin = tools.filter((file) => file.path.startsWith('bin/'));
    expectNone(
      bin.flatMap((file) =>
        [...file.text.matchAll(/\brequire\('([^']+)'\)|\bimport\b/g)]
          .filter(([, target = '']) => !/^node:|^\.\/load\.js$/.test(target))
          .map((one) => `${file.path}:${lineOf(file.text, one.index)} bin may load cli only`),
      ),
    );
  });

  function breach(file: SourceFile, one: ReturnType<typeof importsOf>[number]): string[] {
    const own = folderOf(file.path);
    const wall = WALLS[own];
    if (wall === undefined) return [`${file.path} is in a folder without a row in walls.ts`];
    const at = `${file.path}:${one.line}`;
    if (one.target.startsWith('node:')) return nodeBreach(file, one.target.slice(5), at);
    if (!one.target.startsWith('.')) {
      const name = packageOf(one.target);
      if (wall.npm.includes(name)) return [];
      return [`${at} ${own} may not use the package ${name}: ${wall.why} (ARCHITECTURE 2)`];
    }
    const target = inSrc(posix.join(posix.dirname(file.path), one.target));
    const folder = target.split('/')[0] ?? '';
    const isDoor = wall.doors.includes(folder) && target === `${folder}/index.ts`;
    const isPassage = wall.passages.some(
      (passage) => inSrc(file.path).startsWith(passage.from) && target.startsWith(passage.to),
    );
    if (wall.folders.includes(folder) || isDoor || isPassage) return [];
    const hint = wall.doors.includes(folder) ? `only its door ${folder}/index.ts` : wall.why;
    return [`${at} ${own} may not import ${target}: ${hint} (ARCHITECTURE 2)`];
  }

  function nodeBreach(file: SourceFile, name: string, at: string): string[] {
    const own = folderOf(file.path);
    const wall = WALLS[own];
    const extra = NODE_PASSAGES.filter((row) => inSrc(file.path).startsWith(row.from));
    const allowed = wall?.node === 'any' ? [name] : [...(wall?.node ?? [])];
    if ([...allowed, ...extra.flatMap((row) => row.modules)].includes(name)) return [];
    return [`${at} ${own} may not import node:${name}: ${wall?.why} (ARCHITECTURE 2)`];
  }

  function packageOf(target: string): string {
    const parts = target.split('/');
    return target.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
  }
});

describe('seams (A13)', () => {
  for (const seam of SEAMS) {
    it(`${seam.name} is touched in the listed files only`, () => {
      const isListed = (file: SourceFile) =>
        seam.files.some((name) => inSrc(file.path).startsWith(name));
      const others = sources.filter((file) => !isListed(file));
      const raw = seam.pattern.source.includes("'");
      expectNone(
        places(others, seam.pattern, raw).map(
          (at) => `${at} touches ${seam.name}: take it as a parameter (ARCHITECTURE 2, the seams)`,
        ),
      );
    });
  }
});

describe('bans', () => {
  const bans: readonly (readonly [string, SourceFile[], RegExp, string])[] = [
    [
      'the engine has no clock, chance, promise or platform (A1)',
      inEngine('engine/ports.ts'), // names what the hands promise each other
      /\b(Date|Promise|async|await|process|console|setTimeout|setInterval|Intl)\b|Math\.random/,
      'time is in the stamp and answers are events',
    ],
    [
      'the engine computes the same on every machine (A10)',
      inEngine(),
      /\bMath\.(exp|log\w*|pow|sin|cos|tan|a?sinh|a?cosh|a?tanh|atan2?|asin|acos|cbrt|hypot)\b/,
      'only + - * / and square root are the same everywhere',
    ],
    [
      'no decision depends on being live (A2)',
      inEngine('engine/risk/egress.ts', 'engine/snapshot.ts'),
      /\.mode\b/,
      'the mode is read in risk/egress.ts and snapshot.ts only',
    ],
    [
      'no decision reads the comparison with paper',
      inEngine('engine/shadow.ts', 'engine/snapshot.ts', 'engine/copies.ts'), // copies all
      /\.shadow\b/,
      'it is for the eye alone: only snapshot.ts and its own reducer read it',
    ],
    [
      'a permitted request is made in one file (A3)',
      sources.filter((file) => inSrc(file.path) !== 'engine/risk/egress.ts'),
      /\bas Permitted\b|\bas unknown as Permitted\b/,
      'only the egress gate says yes',
    ],
    [
      'an approved order is made in one file (A4)',
      sources.filter((file) => inSrc(file.path) !== 'engine/risk/gate.ts'),
      /\bas Approved\b/,
      'only the risk gate approves',
    ],
    ['no escape from the type checker', written, /(:|\bas|<|,)\s*any\b(?!\()/, 'say the type'],
    ['no default exports', [...sources, ...tests], /\bexport default\b/, 'a name is searchable'],
    [
      'no console in the program',
      sources,
      /(?<![.\w])console\.(log|error|warn|info|debug|dir)\(/,
      'the screen owns the terminal',
    ],
    [
      'no enums, no namespaces',
      written,
      /^\s*(export )?(const )?(enum|namespace) /m,
      'use a union',
    ],
    [
      'every test runs, and together with the others',
      tests,
      /\b(it|test|describe)\.(skip|only|todo)\b/,
      'repair it or take it out',
    ],
  ];
  for (const [name, files, pattern, why] of bans) {
    it(name, () => expectNone(places(files, pattern).map((at) => `${at} ${name}: ${why}`)));
  }

  it('wire names stay in src/ctrader and src/sim/server (A9)', () => {
    const wire = new RegExp(`Proto${'OA'}`);
    const others = sources.filter((file) => !/^src\/(ctrader|sim\/server)\//.test(file.path));
    expectNone(
      places(others, wire, true).map((at) => `${at} speaks wire: use the word of ARCHITECTURE 4.1`),
    );
  });

  it('nothing is left for later and no checker is silenced', () => {
    const later = new RegExp(['TODO', 'FIX' + 'ME', 'XXX', '@ts-' + 'ignore'].join('\\b|\\b'));
    const silenced = new RegExp(`@ts-(ignore|nocheck|expect-error)|biome${'-ignore'}`);
    const files = written.filter((file) => file.path !== 'tests/tidy.test.ts');
    expectNone([
      ...places(files, new RegExp(`\\b${later.source}`), true).map((at) => `${at} is unfinished`),
      ...places(files, silenced, true).map((at) => `${at} silences a checker: repair the cause`),
    ]);
  });
});

describe('shape', () => {
  it('every file begins by saying what it is for', () => {
    expectNone(
      written.flatMap((file) => {
        const body = file.text.replace(/^#!.*\n/, '');
        const head = /^\s*(\/\*\*[\s\S]*?\*\/|(\/\/.*\n)+)/.exec(body)?.[0] ?? '';
        return head.length >= 40 ? [] : `${file.path} begins without saying what it is for`;
      }),
    );
  });

  it('files have at most 400 lines and lines at most 100 columns', () => {
    expectNone(
      written.flatMap((file) => {
        const lines = file.text.split('\n');
        const wide = lines.flatMap((line, index) =>
          [...line].length > 100 && !/https?:\/\//.test(line)
            ? `${file.path}:${index + 1} is wider than 100 columns`
            : [],
        );
        const long = lines.length > 401 ? [`${file.path} has ${lines.length} lines: split it`] : [];
        return [...long, ...wide];
      }),
    );
  });

  it('functions have at most 70 lines', () => {
    expectNone(sources.flatMap(longFunctions));
  });

  it('files are named after the noun inside', () => {
    const vague = /(^|[/-])(utils?|helpers?|commons?|managers?|services?|handlers?|misc)([.-]|$)/;
    expectNone([
      ...written
        .filter((file) => vague.test(file.path))
        .map((file) => `${file.path} has a name that fits everything: name the noun inside`),
      ...sources
        .filter((file) => !/^[a-z0-9/.-]+$/.test(file.path))
        .map((file) => `${file.path} is not in kebab-case`),
    ]);
  });

  /** A function opens on a line that ends in `{`; its body ends where that brace closes. */
  function longFunctions(file: SourceFile): string[] {
    const lines = codeOnly(file.text).split('\n');
    const opens = /(\bfunction\b.*|=>\s*|^\s+(async )?[a-z]\w*\([^;]*\).*|^\).*)\{\s*$/;
    return lines.flatMap((line, start) => {
      if (!opens.test(line) || /^\s*(if|for|while|switch|else|\})/.test(line)) return [];
      const end = closingLine(lines, start);
      if (end - start <= 70) return [];
      return `${file.path}:${start + 1} is a function of ${end - start} lines: split it`;
    });
  }

  function closingLine(lines: readonly string[], start: number): number {
    let depth = 0;
    for (let index = start; index < lines.length; index += 1) {
      const line = index === start ? '{' : (lines[index] ?? '');
      for (const sign of line) depth += sign === '{' ? 1 : sign === '}' ? -1 : 0;
      if (depth <= 0) return index;
    }
    return lines.length;
  }
});

describe('mirrors', () => {
  const rows = read('tests/untested.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ path: line.split(/\s+/)[0] ?? '', reason: line.replace(/^\S+\s*/, '') }));

  const mirrorOf = (path: string) =>
    ['.test.ts', '.test.tsx']
      .map((end) => path.replace(/^src\//, 'tests/').replace(/\.tsx?$/, end))
      .find((name) => existsSync(join(ROOT, name)));

  it('every source file has its mirror or a reason', () => {
    const excused = new Set(rows.map((row) => row.path));
    expectNone(
      sources
        .filter((file) => mirrorOf(file.path) === undefined && !excused.has(file.path))
        .map((file) => `${file.path} has no test under tests/ and no line in tests/untested.txt`),
    );
  });

  it('every excuse is needed, has a reason and names a file', () => {
    expectNone([
      ...rows.filter((row) => row.reason.length < 10).map((row) => `${row.path} has no reason`),
      ...rows
        .filter((row) => !existsSync(join(ROOT, row.path)))
        .map((row) => `${row.path} in untested.txt does not exist`),
      ...rows
        .filter((row) => mirrorOf(row.path) !== undefined)
        .map((row) => `${row.path} has a test now: take its line out of untested.txt`),
    ]);
  });
});

describe('words', () => {
  const documents = [
    ...filesBelow('docs', /./),
    ...filesBelow('.ci', /./),
    ...filesBelow('.', /^[^/]+\.(md|json|ts)$/).filter((file) => !file.path.includes('/')),
  ].filter((file) => file.path !== 'package-lock.json');

  it('the repository speaks of the product alone', () => {
    const places_ = ['/work' + '/', '/root' + '/', '/farm' + '/', '\\.\\./sha' + 'red'];
    const workshop = new RegExp(places_.join('|'));
    expectNone(
      places([...everySource, ...tests, ...tools, ...documents], workshop, true).map(
        (at) => `${at} names a place that exists on one machine only`,
      ),
    );
  });

  it('every path that "Where do I change X?" names exists', () => {
    const text = read('ARCHITECTURE.md');
    const section = /\n## 11\.[\s\S]*?(?=\n## |$)/.exec(text)?.[0] ?? '';
    const named = [...section.matchAll(/`([\w./<>*-]+\/[\w./<>*-]*|[\w-]+\.(?:tsx?|txt))`/g)].map(
      (match) => match[1] ?? '',
    );
    expect(named.length).toBeGreaterThan(10);
    expectNone(
      named
        .map((name) => name.replace(/[^/]*[<*].*$/, ''))
        .filter((name) => ![name, `src/${name}`].some((path) => existsSync(join(ROOT, path))))
        .map((name) => `ARCHITECTURE.md section 11 sends people to ${name}, which does not exist`),
    );
  });
});
