/**
 * A verb run in this process, with what it prints kept as text.
 * Deliberately not a shell: the built program as a process of its own is for the tests in `e2e`.
 */
import { Writable } from 'node:stream';
import { main } from '../../src/cli/main.ts';

type Io = NonNullable<Parameters<typeof main>[1]>;

/** What a verb writes to, and what it wrote so far. */
export function verbIo(env: Io['env'] = {}, other: Partial<Io> = {}) {
  const text = { out: '', err: '' };
  const into = (name: keyof typeof text) =>
    new Writable({
      write(chunk, _encoding, done) {
        text[name] += String(chunk);
        done();
      },
    });
  const io: Io = { stdout: into('out'), stderr: into('err'), stdin: process.stdin, env, ...other };
  return { text, io };
}

/** The exit code and everything printed. */
export async function runVerb(argv: readonly string[], env: Io['env'] = {}) {
  const { text, io } = verbIo(env);
  const code = await main(argv, io);
  return { code, ...text };
}
