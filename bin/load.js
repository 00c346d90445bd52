// Loads the parts of the bundle in dist/ as scripts, with the code V8 made of them last time:
// compiling them anew is a fifth of a start. Deliberately forgiving: what was kept is optional,
// compared with its text and its own sum, and lies beside the program, where who could change it
// could change the program itself.
'use strict';
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { cachedDataVersionTag, setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');
const { crc32 } = require('node:zlib');

/**
 * A run lives for months beside other programs, and allocates little. V8 reads both whenever it
 * collects: the nursery stays at its first size instead of growing to 48 MB in three halves, and
 * the rest may grow by a third between two collections instead of by its own size and more. Twenty
 * quotes a second feel neither. Not for verbs that end by themselves: a sweep is faster with room.
 */
const HEAP_FLAGS = ['--semi-space-growth-factor=1', '--heap-growing-percent=30'];

const DIST = join(__dirname, '..', 'dist');
/** Sum of the text, sum of the code. */
const HEADER_BYTES = 8;
/** By then a process has loaded what it needs and has shown it. */
const KEEP_AFTER_MS = 3000;
/** A run has other things to do between two parts. */
const KEEP_PAUSE_MS = 50;

const parts = new Map();
/** Compiled without help in this process; worth keeping. */
let fresh = [];
let place = '';

/**
 * For every thread of a process that lives long, before anything is loaded: V8 takes the first
 * flag back whenever it sets up another heap, and keeps no code for other flags than its own.
 */
function keepHeapSmall() {
  for (const flag of HEAP_FLAGS) setFlagsFromString(flag);
}

/**
 * The first part of a process or thread. `use` names what it is for: each use keeps the functions
 * it needs, and no others.
 */
function begin(name, use) {
  place = join(DIST, 'code', `${cachedDataVersionTag()}-${use}`);
  setTimeout(function keep() {
    if (keepOne()) setTimeout(keep, KEEP_PAUSE_MS).unref();
  }, KEEP_AFTER_MS).unref();
  return load(name);
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
  const script = new Script(bytes.latin1Slice(), { filename, cachedData });
  if (cachedData === undefined || script.cachedDataRejected) fresh.push({ name, sum, script });
  return script;
}

function kept(name, sum) {
  try {
    const bytes = readFileSync(join(place, name));
    const code = bytes.subarray(HEADER_BYTES);
    return bytes.readUInt32LE(0) === sum && bytes.readUInt32LE(4) === crc32(code)
      ? code
      : undefined;
  } catch {
    return undefined; // Never kept, or not whole.
  }
}

/** Keeps the code of one part that this process compiled; true while there may be more. */
function keepOne() {
  const next = fresh.shift();
  if (next === undefined) return false;
  try {
    const code = next.script.createCachedData();
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(next.sum, 0);
    header.writeUInt32LE(crc32(code), 4);
    mkdirSync(place, { recursive: true });
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

module.exports = { HEAP_FLAGS, begin, keepHeapSmall, keepOne };
