// Turns the modules that esbuild wrote into scripts for bin/load.js, which can start them with
// the code V8 kept of them: Node 20 offers that for scripts only. Deliberately textual and
// suspicious: what it finds must be exactly what esbuild says there is, else the build fails.
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { Script } from 'node:vm';

const NAMES = /(?:\s*([\w$]+))?,?(?:\s*\*\s*as ([\w$]+)|(\{[^{}"'();]*\}))?(?:\s*from)?/.source;
const IMPORT = new RegExp(String.raw`(?<![\w$.])import${NAMES}\s*"([^"]+)";`, 'g');
const EXPORT = /(?<![\w$.])export\{([^{}"'();]*)\};\s*$/;
const DEFAULT = /(?<![\w$.])export default (require_[\w$]+\(\));\s*$/;
const LATER = /(?<![\w$.])import\("([^"]+)"\)/g;
/** Modules of Node that take long to load and that most runs never call. */
const LATE = new Set(
  ['child_process', 'crypto', 'dns/promises', 'fs/promises', 'http', 'os', 'readline', 'tls'].map(
    (name) => `node:${name}`,
  ),
);
const PART = /^\.\/([\w-]+)\.js$/;

/** What the loader hands a script; a module with a name of these would hide it from itself. */
const HANDED = ['__load', '__later', '__url'];

/**
 * The text of a module as a script. `facts` is what esbuild's metafile says of it. Throws when the
 * two disagree, and when an export changes after its module ran: a script hands out values.
 */
export function asScript(text, facts, name) {
  const hidden = HANDED.filter((one) =>
    new RegExp(String.raw`(?:function|var|let|const|class) ${one}\b`).test(text),
  );
  if (hidden.length > 0)
    throw new Error(`${name}: declares ${hidden.join()}, which the loader hands it`);
  const found = [];
  const given = new Map();
  const body = text
    .replace(IMPORT, (_, whole, space, names, from) => {
      found.push(from);
      if (LATE.has(from) && names && !whole && !space) return late(from, names);
      const part = PART.exec(from)?.[1];
      const source = part === undefined ? `require("${from}")` : `__load("${part}")`;
      const held = [whole, space].flatMap((one) => (one ? [`const ${one}=${source};`] : []));
      if (names) held.push(`const${names.replaceAll(' as ', ':')}=${source};`);
      return held.length === 0 ? `${source};` : held.join('');
    })
    .replace(LATER, (_, from) => {
      found.push(from);
      const part = PART.exec(from)?.[1];
      if (part !== undefined) return `__later("${part}")`;
      return `Promise.resolve().then(()=>require("${from}"))`;
    })
    .replace(EXPORT, (_, names) => {
      for (const one of names.split(',')) {
        const [own, as = own] = one.split(' as ');
        given.set(as, own);
      }
      return '';
    })
    .replace(DEFAULT, (_, value) => {
      given.set('default', value);
      return '';
    });
  const expected = facts.imports
    .filter(({ kind }) => kind !== 'require-call')
    .map(({ path, external }) => (external ? path : `./${basename(path)}`));
  agree(`${name}: imports`, found, expected);
  agree(`${name}: exports`, [...given.keys()], facts.exports);
  const changing = [...given.values()].filter((own) => changes(body, own));
  if (changing.length > 0) {
    const why = 'a script hands out values; export a function that reads it, or rename its double';
    throw new Error(`${name}: written more than once: ${changing.join()} (${why})`);
  }
  const answer = [...given].map(([as, own]) => (as === own ? own : `${as}:${own}`)).join();
  const script = `(function(require,__load,__later,__url){"use strict";${body}return{${answer}}})`;
  new Script(script, { filename: name });
  return script;
}

/** Functions that fetch their module at their first call. */
function late(from, names) {
  const functions = names
    .slice(1, -1)
    .split(',')
    .map((one) => {
      const [theirs, own = theirs] = one.split(' as ');
      const real = createRequire(import.meta.url)(from)[theirs];
      const isPlain = typeof real === 'function' && /^[a-z]/.test(theirs);
      if (!isPlain) throw new Error(`${from}: ${theirs} is not a function, so it cannot come late`);
      return `${own}=(...given)=>require("${from}").${theirs}(...given)`;
    });
  return `const ${functions.join()};`;
}

function agree(what, found, expected) {
  const [ours, theirs] = [found, expected].map((list) => [...new Set(list)].sort().join());
  if (ours !== theirs) throw new Error(`${what} were not understood:\n${ours}\n${theirs}`);
}

/** Written to more than once: its declaration may be one. */
function changes(body, own) {
  const name = own.replaceAll('$', String.raw`\$`);
  const writes = String.raw`(?<![\w$.])${name}(?:=(?![=>])|[-+*/|&^%]=|\+\+|--|\?\?=|\|\|=|&&=)`;
  const before = String.raw`(?:\+\+|--)${name}(?![\w$])`;
  return [...body.matchAll(new RegExp(`${writes}|${before}`, 'g'))].length > 1;
}
