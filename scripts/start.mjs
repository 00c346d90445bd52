// `npm start`: makes the clone runnable, then becomes the program, in this very process, so that
// signals reach it and its exit code is the answer. Deliberately prints nothing on standard output.
import { fileURLToPath } from 'node:url';
import { ready } from './ready.mjs';

await ready();
process.argv[1] = fileURLToPath(new URL('../bin/palm-oil-tui.js', import.meta.url));
await import('../bin/palm-oil-tui.js');
