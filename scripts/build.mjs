// Bundles src/ into dist/: a few files instead of a hundred packages, because start-up time is a
// feature. Lazily imported parts stay lazy (code splitting). Type checking is `npm run types`.
// Deliberately leaves old chunks in place for a day: a running engine may still load one of them.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { bundlePatches } from './bundle-patches.mjs';
import { asScript } from './parts.mjs';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
export const STAMP = join(DIST, 'build.json');
/** Two weeks, as src/cli/sim-market.ts begins with. */
const SAMPLE_BARS = 4_400;
const CHUNK_AGE_MS = 86_400_000;

/** Kilobytes: `start` is loaded before any lazy part, `total` is everything in dist/. */
export const BUDGET_KB = { start: 450, total: 2_550 };

/** Loaded as scripts by bin/load.js. */
const ENTRIES = ['src/cli/main.ts', 'src/runtime/journal-writer.ts', 'src/sim/sweep-worker.ts'];
/**
 * Threads begin with a file of their own. V8's flags are of the whole process: of two threads that
 * load at the same time only one may use what was kept, and beside a run that is the run.
 */
const THREADS = {
  'journal-writer': `load('journal-writer')`,
  'sweep-worker': `begin('sweep-worker','sweep-worker')`,
};
/** Whatever they change changes the bundle. */
const BUILDERS = ['build', 'bundle-patches', 'parts'].map((name) => `scripts/${name}.mjs`);
/** Processes of their own, in one file each. */
const CHILDREN = ['src/cli/keychain-child.ts'];

const SHARED = {
  absWorkingDir: ROOT,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.20',
  jsx: 'automatic',
  // Shorter text parses faster; names are kept so that a fault report can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  keepNames: false,
  legalComments: 'none',
  // V8 keeps text with a single letter beyond Latin-1 in twice the memory, comments and all.
  charset: 'ascii',
  external: ['@photostructure/sqlite'],
  define: { 'process.env.NODE_ENV': '"production"' },
  metafile: true,
  write: false,
  logLevel: 'error',
};

/**
 * Builds and writes the stamp; `report` prints sizes to standard error, `clean` begins with an
 * empty dist/ (for a package: no chunk of an earlier build may go out with it).
 */
export async function build({ report, clean = false }) {
  const { build: bundle } = await import('esbuild');
  if (clean) rmSync(DIST, { recursive: true, force: true });
  const beside = new Map();
  const present = (files) => files.filter((file) => existsSync(join(ROOT, file)));
  const { outputFiles, metafile } = await bundle({
    ...SHARED,
    entryPoints: present(ENTRIES),
    entryNames: '[name]',
    chunkNames: 'chunk-[hash]',
    splitting: true,
    define: { ...SHARED.define, 'import.meta.url': '__url' },
    plugins: bundlePatches((name, bytes) => beside.set(name, bytes)),
  });
  const children = await bundle({
    ...SHARED,
    entryPoints: present(CHILDREN),
    outExtension: { '.js': '.mjs' },
  });
  const scripts = outputFiles.map(({ path, text }) => {
    const name = basename(path);
    return [name, asScript(text, metafile.outputs[`dist/${name}`], name)];
  });
  const doors = Object.entries(THREADS).map(([name, call]) => [
    `${name}.cjs`,
    `require('../bin/load.js').${call};\n`,
  ]);
  const whole = children.outputFiles.map(({ path, contents }) => [basename(path), contents]);
  const files = new Map([...scripts, ...whole, ...doors, ...beside]);
  writeAll(files);
  const data = copyData();
  const inputs = [metafile, children.metafile].flatMap((one) => Object.keys(one.inputs));
  writeNotices(inputs);
  writeStamp(inputs, data);
  const sizes = measure(metafile, files);
  if (report) print(metafile, sizes);
  return sizes;
}

function writeAll(files) {
  mkdirSync(DIST, { recursive: true });
  const isChunk = (name) => name.startsWith('chunk-');
  // Chunks before entries: a program that starts in this instant finds everything it names.
  const names = [...files.keys()].sort((a, b) => Number(isChunk(b)) - Number(isChunk(a)));
  for (const name of names) {
    const path = join(DIST, name);
    writeFileSync(`${path}.new`, files.get(name));
    renameSync(`${path}.new`, path);
  }
  for (const name of readdirSync(DIST)) {
    if (!/\.(m?js|cjs|wasm)$/.test(name) || files.has(name)) continue;
    const path = join(DIST, name);
    if (Date.now() - statSync(path).mtimeMs > CHUNK_AGE_MS) rmSync(path);
  }
  // What V8 kept of the former build.
  rmSync(join(DIST, 'code'), { recursive: true, force: true });
}

function copyData() {
  const from = join(ROOT, 'data');
  if (!existsSync(from)) return [];
  cpSync(from, join(DIST, 'data'), { recursive: true });
  writeFileSync(join(DIST, 'data', 'fcpo-1m-start.i32'), sampleImage(from));
  return readdirSync(from).map((name) => join('data', name));
}

/** What src/cli/sim-market.ts reads: how many bars, and of each its minute and its four prices. */
function sampleImage(folder) {
  const text = gunzipSync(readFileSync(join(folder, 'fcpo-1m-sample.csv.gz'))).toString('latin1');
  const rows = text.split('\n').slice(1, SAMPLE_BARS + 1);
  const cells = rows.flatMap((row) => {
    const [time, ...prices] = row.split(',').slice(0, 5);
    return [Date.parse(time) / 60_000, ...prices.map(Number)];
  });
  if (cells.some((cell) => !Number.isInteger(cell))) throw new Error('the sample is not whole');
  const image = Int32Array.of(rows.length, ...cells);
  // Little-endian like nearly every machine; the others read the text.
  return Buffer.from(image.buffer);
}

/** The licences of what is bundled go out with it: their authors ask for no more than that. */
function writeNotices(inputs) {
  const names = inputs.flatMap(
    (file) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
  );
  const notices = [...new Set(names)].sort().map((name) => {
    const folder = join(ROOT, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)/i.test(one));
    const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  const line = `\n${'-'.repeat(80)}\n\n`;
  writeFileSync(join(DIST, 'THIRD-PARTY.txt'), notices.join(line));
}

/** What the build was made from, so that `ready` can tell quickly whether it is old. */
function writeStamp(inputs, data) {
  const own = inputs.filter((name) => !name.includes('node_modules') && !name.includes(':'));
  const watched = [...own, ...data, ...BUILDERS, 'package-lock.json'];
  const files = watched.sort().map((name) => {
    const { mtimeMs, size } = statSync(join(ROOT, name));
    return [name, mtimeMs, size];
  });
  writeFileSync(STAMP, `${JSON.stringify({ files })}\n`);
}

function measure(metafile, files) {
  const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  return { startKb: kb(bytesBeforeLazy(metafile, 'dist/main.js')), totalKb: kb(total) };
}

function bytesBeforeLazy(metafile, entry) {
  const seen = new Set();
  const visit = (name) => {
    const output = metafile.outputs[name];
    if (output === undefined || seen.has(name)) return 0;
    seen.add(name);
    const next = output.imports.filter((one) => one.kind === 'import-statement');
    return output.bytes + next.reduce((sum, one) => sum + visit(one.path), 0);
  };
  return visit(entry);
}

const kb = (bytes) => Math.round(bytes / 1024);

function print(metafile, sizes) {
  const say = (text) => process.stderr.write(`${text}\n`);
  for (const [name, file] of Object.entries(metafile.outputs)) {
    const largest = Object.entries(file.inputs)
      .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
      .slice(0, 2)
      .map(
        ([input, { bytesInOutput }]) =>
          `${input.replace(/^node_modules\//, '')} ${kb(bytesInOutput)}`,
      );
    say(`${String(kb(file.bytes)).padStart(6)} KB  ${name}  (${largest.join(', ')})`);
  }
  const over = (value, budget) => (value > budget ? 'OVER BUDGET' : 'ok');
  say(
    `start ${sizes.startKb} KB of ${BUDGET_KB.start} KB: ${over(sizes.startKb, BUDGET_KB.start)}`,
  );
  say(
    `total ${sizes.totalKb} KB of ${BUDGET_KB.total} KB: ${over(sizes.totalKb, BUDGET_KB.total)}`,
  );
}
