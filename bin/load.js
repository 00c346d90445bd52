// Loads the parts of the bundle in dist/ as scripts, with the code V8 made of them last time:
// compiling them anew is a fifth of a start. Deliberately forgiving: what was kept is optional,
// compared with its text and its own sum, and lies beside the program, where who could change it
// could change the program itself.
'use strict';
const {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const { basename, dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { cachedDataVersionTag, setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');
const { crc32 } = require('node:zlib');

/**
 * A run lives for months beside other programs, and allocates little. V8 reads these whenever it
 * collects: one thread empties a small nursery sooner than four that must be woken for it; the
 * nursery stays at what the first part of a start made it instead of growing to 48 MB in three
 * halves, and the rest may grow by a third between two collections instead of by its own size and
 * more. Twenty quotes a second feel none of them; a sweep does, which ends by itself.
 */
const HEAP_FLAGS = [
  '--no-parallel-scavenge',
  '--semi-space-growth-factor=1',
  '--heap-growing-percent=30',
];
/** V8's own. What it kept of a script is for the flags of that moment: always for these. */
const USUAL_FLAGS = [
  '--parallel-scavenge',
  '--semi-space-growth-factor=2',
  '--heap-growing-percent=0',
];

const DIST = join(__dirname, '..', 'dist');
/** Sum of the text, sum of the code. */
const HEADER_BYTES = 8;
/** By then a process has loaded what it needs and has shown it. */
const KEEP_AFTER_MS = 3000;
/** A run has other things to do between two parts. */
const KEEP_PAUSE_MS = 50;
const MONTH_MS = 30 * 86_400_000;

const parts = new Map();
/** Compiled without help in this process; worth keeping. */
let fresh = [];
/** Where code is kept; empty in a thread that keeps none. */
let place = '';
let isLong = false;

/**
 * The first part of a process or thread. `use` names what it is for: each use keeps the functions
 * it needs, and no others. The heap of one that lives `long` stays small.
 */
function begin(name, use, long = false) {
  setFlags(USUAL_FLAGS);
  place = join(DIST, 'code', `${cachedDataVersionTag()}-${use}`);
  setTimeout(function keep() {
    if (keepOne()) setTimeout(keep, KEEP_PAUSE_MS).unref();
    // Another thread that began meanwhile took back what was set.
    else if (long) setFlags(HEAP_FLAGS);
  }, KEEP_AFTER_MS).unref();
  const exported = load(name);
  isLong = long;
  if (long) setFlags(HEAP_FLAGS);
  return exported;
}

function setFlags(flags) {
  for (const flag of flags) setFlagsFromString(flag);
}

function withUsualFlags(work) {
  if (place === '') return work();
  setFlags(USUAL_FLAGS);
  try {
    return work();
  } finally {
    if (isLong) setFlags(HEAP_FLAGS);
  }
}

/** What a part exports; every further call answers with the same. */
function load(name) {
  const known = parts.get(name);
  if (known !== undefined) return known;
  const file = join(DIST, `${name}.js`);
  const run = compile(name, file).runInThisContext();
  const exported = run(require, load, later, pathToFileURL(file).href);
  parts.set(name, exported);
  return exported;
}

const later = (name) => Promise.resolve().then(() => load(name));

function compile(name, filename) {
  const bytes = readFileSync(filename);
  const sum = crc32(bytes);
  const cachedData = kept(name, sum);
  const text = bytes.latin1Slice();
  const script = withUsualFlags(() => new Script(text, { filename, cachedData }));
  if (place !== '' && (cachedData === undefined || script.cachedDataRejected))
    fresh.push({ name, sum, script });
  return script;
}

function kept(name, sum) {
  try {
    if (place === '') return undefined;
    const bytes = readFileSync(join(place, name));
    const code = bytes.subarray(HEADER_BYTES);
    return bytes.readUInt32LE(0) === sum && bytes.readUInt32LE(4) === crc32(code)
      ? code
      : undefined;
  } catch {
    return undefined; // Never kept, or not whole.
  }
}

/** What another version of Node kept here, once nobody has come back for it for a month. */
function forgetOthers() {
  const folder = dirname(place);
  const own = basename(place).split('-', 1)[0];
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const isOld = Date.now() - statSync(path).mtimeMs > MONTH_MS;
    if (isOld && !name.startsWith(`${own}-`)) rmSync(path, { recursive: true, force: true });
  }
}

/** Keeps the code of one part that this process compiled; true while there may be more. */
function keepOne() {
  const next = fresh.shift();
  if (next === undefined) return false;
  try {
    const code = withUsualFlags(() => next.script.createCachedData());
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(next.sum, 0);
    header.writeUInt32LE(crc32(code), 4);
    if (mkdirSync(place, { recursive: true }) !== undefined) forgetOthers();
    const file = join(place, next.name);
    const aside = `${file}.${process.pid}.new`;
    writeFileSync(aside, Buffer.concat([header, code]));
    renameSync(aside, file);
    return true;
  } catch {
    // A file system that is read-only, or somebody else's: every start compiles anew.
    fresh = [];
    return false;
  }
}

module.exports = { HEAP_FLAGS, begin, keepOne, load };
