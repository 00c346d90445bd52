// What the bundle takes differently from its libraries: nothing that waits while it is loaded, so
// that every part can be a script, and no `fetch` for bytes that lie beside the program.
// Deliberately fails the build when a library no longer holds the text that is replaced.
import { readFileSync } from 'node:fs';

const YOGA = 'yoga.wasm';

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
    build.onLoad({ filter: /ink[\\/]build[\\/]reconciler\.js$/ }, ({ path }) => ({
      contents: replaced(path, [
        ["await import('./devtools.js')", 'undefined'],
        ['await loadPackageJson()', 'undefined'],
      ]),
    }));
  },
};

/** Its own loader unpacks base64 text and fetches it: Node's HTTP client for a local file. */
const YOGA_DOOR = `
import { readFileSync } from 'node:fs';
import loadYoga from '../binaries/yoga-wasm-base64-esm.js';
import wrapAssembly from './wrapAssembly.js';
const yoga = {
  instantiateWasm(imports, ready) {
    const bytes = readFileSync(new URL('./${YOGA}', import.meta.url));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
    ready(instance);
    return instance.exports;
  },
};
void loadYoga(yoga);
export default wrapAssembly(yoga);
export * from './generated/YGEnums.js';
`;

const yogaFromFile = (emit) => ({
  name: 'yoga-from-file',
  setup(build) {
    build.onLoad({ filter: /yoga-layout[\\/]dist[\\/]src[\\/]index\.js$/ }, () => ({
      contents: YOGA_DOOR,
    }));
    build.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const [quoted, base64] = /"data:application\/octet-stream;base64,([^"]+)"/.exec(text) ?? [];
      if (base64 === undefined) throw new Error(`${path}: no bytes of Yoga`);
      emit(YOGA, Buffer.from(base64, 'base64'));
      return { contents: text.replace(quoted, `"${YOGA}"`) };
    });
  },
});

function replaced(path, pairs) {
  return pairs.reduce(
    (text, [old, fresh]) => {
      if (text.split(old).length !== 2) throw new Error(`${path}: ${old} is not there once`);
      return text.replace(old, fresh);
    },
    readFileSync(path, 'utf8'),
  );
}

/** `emit(name, bytes)` is told which files belong beside the bundle. */
export const bundlePatches = (emit) => [withoutUnused, yogaFromFile(emit)];
