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

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const STAMP = join(ROOT, 'dist', 'build.json');
const CHUNK_AGE_MS = 86_400_000;

/** Kilobytes: `start` is loaded before any lazy part, `total` is everything in dist/. */
export const BUDGET_KB = { start: 700, total: 2_600 };

const ENTRIES = [
  'src/cli/main.ts',
  'src/cli/keychain-child.ts',
  'src/runtime/journal-writer.ts',
  'src/sim/sweep-worker.ts',
];

/**
 * What libraries load and we never use: Ink's development tools, the thread of pino's transports,
 * the spans and the summaries of prom-client. Each is large.
 */
const UNUSED = /^(react-devtools-core|ws|thread-stream|@opentelemetry\/api|tdigest)$/;

const withoutUnused = {
  name: 'without-unused',
  setup(build) {
    build.onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: 'absent' }));
    build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({
      contents: 'export default {};',
    }));
  },
};

/**
 * Builds and writes the stamp; `report` prints sizes to standard error, `clean` begins with an
 * empty dist/ (for a package: no chunk of an earlier build may go out with it).
 */
export async function build({ report, clean = false }) {
  const { build: bundle } = await import('esbuild');
  if (clean) rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  const result = await bundle({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES.filter((file) => existsSync(join(ROOT, file))),
    entryNames: '[name]',
    chunkNames: 'chunk-[hash]',
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
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
    banner: {
      js: "import{createRequire as __c}from'node:module';const require=__c(import.meta.url);",
    },
    plugins: [withoutUnused],
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  writeAll(result.outputFiles);
  const data = copyData();
  writeNotices(Object.keys(result.metafile.inputs));
  writeStamp(Object.keys(result.metafile.inputs), data);
  const sizes = measure(result.metafile);
  if (report) print(result.metafile, sizes);
  return sizes;
}

function writeAll(files) {
  const dist = join(ROOT, 'dist');
  mkdirSync(dist, { recursive: true });
  const isChunk = (path) => basename(path).startsWith('chunk-');
  // Chunks before entries: a program that starts in this instant finds everything it names.
  for (const file of [...files].sort((a, b) => Number(isChunk(b.path)) - Number(isChunk(a.path)))) {
    writeFileSync(`${file.path}.new`, file.contents);
    renameSync(`${file.path}.new`, file.path);
  }
  const current = new Set(files.map((file) => basename(file.path)));
  for (const name of readdirSync(dist)) {
    if (!name.endsWith('.mjs') || current.has(name)) continue;
    const path = join(dist, name);
    if (Date.now() - statSync(path).mtimeMs > CHUNK_AGE_MS) rmSync(path);
  }
}

function copyData() {
  const from = join(ROOT, 'data');
  if (!existsSync(from)) return [];
  cpSync(from, join(ROOT, 'dist', 'data'), { recursive: true });
  return readdirSync(from).map((name) => join('data', name));
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
  writeFileSync(join(ROOT, 'dist', 'THIRD-PARTY.txt'), notices.join(line));
}

/** What the build was made from, so that `ready` can tell quickly whether it is old. */
function writeStamp(inputs, data) {
  const own = inputs.filter((name) => !name.includes('node_modules') && !name.includes(':'));
  const watched = [...own, ...data, 'scripts/build.mjs', 'package-lock.json'];
  const files = watched.sort().map((name) => {
    const { mtimeMs, size } = statSync(join(ROOT, name));
    return [name, mtimeMs, size];
  });
  writeFileSync(STAMP, `${JSON.stringify({ files })}\n`);
}

function measure(metafile) {
  const total = Object.entries(metafile.outputs).reduce((sum, [, file]) => sum + file.bytes, 0);
  return { startKb: kb(bytesBeforeLazy(metafile, 'dist/main.mjs')), totalKb: kb(total) };
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
