/**
 * Modules as scripts: names of the program's own must not stand in the way of the loader's.
 * Deliberately small texts as esbuild writes them; the whole bundle is started by tests/e2e.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInThisContext } from 'node:vm';
import { expect, it } from 'vitest';
import { ROOT } from '../e2e/terminal-session.ts';

interface Facts {
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
  readonly exports: readonly string[];
}
type Script = (require: unknown, load: (part: string) => object, later: unknown) => object;
const { asScript } = (await import(pathToFileURL(join(ROOT, 'scripts/parts.mjs')).href)) as {
  readonly asScript: (text: string, facts: Facts, name: string) => string;
};

it('a module that has functions load and later of its own gets its imports', () => {
  const text =
    'import{a}from"./chunk-A.js";function load(x){return later(x)+1}' +
    'function later(x){return x*10}var b=load(a);export{b};';
  const facts = {
    imports: [{ path: 'dist/chunk-A.js', kind: 'import-statement' }],
    exports: ['b'],
  };
  const run = runInThisContext(asScript(text, facts, 'part')) as Script;
  expect(run(undefined, () => ({ a: 4 }), undefined)).toEqual({ b: 41 });
});

it("a module that declares one of the loader's own names is refused when it is built", () => {
  const text = 'function __load(){return 1}export{__load};';
  const facts = { imports: [], exports: ['__load'] };
  expect(() => asScript(text, facts, 'part')).toThrow(/part: .*__load/);
});
