/** A thread that begins before its journal: taken once, by the journal it was begun for. */
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { beginWriter, takeWriter } from '../../src/runtime/writer-thread.ts';

const script = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

const ECHO = script(`
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', (text) => parentPort.postMessage('heard ' + text));
`);

function taken(url: URL) {
  const thread = takeWriter(url);
  onTestFinished(() => void thread.terminate());
  return thread;
}

describe('a thread begun early', () => {
  it('is the one that is taken, once', async () => {
    beginWriter(ECHO);
    const [first, second] = [taken(ECHO), taken(ECHO)];
    expect(first.threadId).toBeLessThan(second.threadId);
    first.postMessage('open');
    expect(await once(first, 'message')).toEqual(['heard open']);
  });

  it('is not given to a journal with another script', async () => {
    beginWriter(ECHO);
    const other = taken(
      script(`import { parentPort } from 'node:worker_threads';
      parentPort.postMessage('other');`),
    );
    expect(await once(other, 'message')).toEqual(['other']);
    const own = taken(ECHO);
    own.postMessage('me');
    expect(await once(own, 'message')).toEqual(['heard me']);
  });

  it('that broke before it was taken is replaced', async () => {
    const broken = script(`throw new Error('broken');`);
    const announced = once(process, 'worker');
    beginWriter(broken);
    const [begun] = (await announced) as [Worker];
    await new Promise((resolve) => begun.once('exit', resolve));
    const thread = taken(broken);
    expect(thread).not.toBe(begun);
    const [error] = (await once(thread, 'error')) as [Error];
    expect(error.message).toBe('broken');
  });
});
