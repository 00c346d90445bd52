/** Lock, signals and the ladder down. */
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  AlreadyRunning,
  listenToSignals,
  lockInstance,
  walkLadder,
} from '../../src/runtime/process.ts';
import { tempDir } from '../support/temp-dir.ts';

describe('process', () => {
  it('lets one engine hold the lock and tells the second what to do (I20 F90)', async () => {
    const file = join(tempDir(), 'engine.lock');
    const first = await lockInstance(file);
    await expect(lockInstance(file)).rejects.toThrow(AlreadyRunning);
    first.release();
    const second = await lockInstance(file);
    second.release();
  });

  it('asks gracefully first and hurries on a second interrupt within five seconds', () => {
    const source = new EventEmitter();
    const heard: string[] = [];
    let now = 0;
    const deafen = listenToSignals({
      source,
      onStop: (reason) => heard.push(reason),
      onHurry: () => heard.push('hurry'),
      now: () => now,
    });
    source.emit('SIGTERM');
    source.emit('SIGINT');
    now = 1;
    source.emit('SIGINT');
    now = 4_000;
    source.emit('SIGINT');
    now = 20_000;
    source.emit('SIGINT');
    source.emit('SIGHUP');
    deafen();
    source.emit('SIGTERM');
    expect(heard).toEqual(['SIGTERM', 'SIGINT', 'hurry', 'SIGINT', 'SIGHUP']);
  });

  it('walks every step of the ladder, also past one that fails or never ends (I28)', async () => {
    const walked: string[] = [];
    const trouble: string[] = [];
    await walkLadder({
      hurried: () => false,
      onTrouble: (step, why) => trouble.push(`${step}: ${why}`),
      steps: [
        { name: 'one', budgetMs: 1_000, run: () => void walked.push('one') },
        {
          name: 'two',
          budgetMs: 1_000,
          run: () => {
            throw new Error('planted');
          },
        },
        { name: 'three', budgetMs: 30, run: () => new Promise<void>(() => undefined) },
        { name: 'four', budgetMs: 1_000, run: async () => void walked.push('four') },
      ],
    });
    expect(walked).toEqual(['one', 'four']);
    expect(trouble).toEqual(['two: planted', 'three: took longer than 30 ms']);
  });
});
