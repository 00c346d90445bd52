// Runs the journal's writer from its TypeScript source inside a worker: Node 20 gives workers no
// loader.
import { register } from 'tsx/esm/api';

register();
await import('../../src/runtime/journal-writer.ts');
