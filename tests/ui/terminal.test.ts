// The terminal is left as it was found, on every way out.
import { describe, expect, it } from 'vitest';
import type { KeyInput } from '../../src/ui/keys.ts';
import { ENTER, LEAVE, Terminal } from '../../src/ui/terminal.ts';
import { FakeInput, FakeOutput, FakeProcess, HandClock } from '../support/terminal.ts';

function opened() {
  const stdout = new FakeOutput(80, 24);
  const stdin = new FakeInput();
  const process = new FakeProcess();
  const clock = new HandClock();
  const writeNow = (text: string): void => {
    stdout.write(text);
  };
  const terminal = new Terminal({ stdout, stdin, process, every: clock.every, writeNow });
  const keys: KeyInput[] = [];
  const seen: string[] = [];
  terminal.enter();
  terminal.listen({
    input: (input) => keys.push(input),
    resized: () => seen.push('resized'),
    resumed: () => seen.push('resumed'),
    hungUp: () => seen.push('hungUp'),
  });
  const modes = () => Object.fromEntries(stdout.screen.modes);
  return { stdout, stdin, process, clock, terminal, keys, seen, modes };
}

const BEFORE = { alternate: false, wrap: true, cursor: true, paste: false };
const WAYS_OUT = ['exit', 'uncaughtExceptionMonitor', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

describe('terminal (F111)', () => {
  it('takes the alternate screen without wrap and cursor, with raw keys', () => {
    const { modes, stdin } = opened();
    expect(modes()).toEqual({ alternate: true, wrap: false, cursor: false, paste: true });
    expect(stdin.raw).toBe(true);
  });

  it.each(WAYS_OUT)('restores every mode on %s, synchronously and once', (event) => {
    const { modes, stdin, stdout, process, terminal } = opened();
    process.emit(event);
    expect(modes()).toMatchObject(BEFORE);
    expect(stdin.raw).toBe(false);
    expect(stdin.reading).toBe(false);
    process.emit('exit');
    terminal.leave();
    expect(stdout.written.filter((text) => text === LEAVE)).toHaveLength(1);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])(
    'alone, %s then does what it always does',
    (signal) => {
      const { process } = opened();
      process.emit(signal);
      expect(process.killed).toEqual([signal]);
    },
  );

  it.each(['SIGINT', 'SIGTERM'])(
    'leaves the decision and the time to another listener of %s',
    (signal) => {
      const { process, modes, terminal } = opened();
      process.on(signal, () => undefined);
      process.emit(signal);
      expect(process.killed).toEqual([]);
      expect(modes()).toMatchObject({ alternate: true, cursor: false });
      terminal.leave();
      expect(modes()).toMatchObject(BEFORE);
    },
  );

  it('a terminal that is lost is left at once, whoever else listens (F112)', () => {
    const { process, modes } = opened();
    process.on('SIGHUP', () => undefined);
    process.emit('SIGHUP');
    expect(process.killed).toEqual([]);
    expect(modes()).toMatchObject(BEFORE);
  });

  it('leaves no listener behind', () => {
    const { process, terminal } = opened();
    terminal.leave();
    expect(process.eventNames()).toEqual([]);
  });

  it('survives a terminal that is gone while leaving (F112)', () => {
    const { stdin, terminal, modes } = opened();
    stdin.setRawMode = () => {
      throw new Error('EIO');
    };
    terminal.leave();
    expect(modes()).toMatchObject(BEFORE);
  });

  it('takes the screen again when the process goes on after a stop', () => {
    const { process, stdout, seen } = opened();
    process.emit('SIGCONT');
    expect(stdout.written.filter((text) => text === ENTER)).toHaveLength(2);
    expect(seen).toEqual(['resumed']);
  });
});

describe('suspending (F111)', () => {
  it('restores the modes before the whole job stops, and takes them again', () => {
    const { terminal, process, modes, stdin, seen } = opened();
    terminal.suspend();
    expect(modes()).toMatchObject(BEFORE);
    expect(stdin.raw).toBe(false);
    expect(process.killed).toEqual(['SIGSTOP']);
    process.emit('SIGCONT');
    expect(modes()).toMatchObject({ alternate: true, wrap: false, cursor: false, paste: true });
    expect(stdin.raw).toBe(true);
    expect(seen).toEqual(['resumed']);
  });

  it('does the same for a stop asked from outside', () => {
    const { process, modes } = opened();
    process.emit('SIGTSTP');
    expect(modes()).toMatchObject(BEFORE);
    expect(process.killed).toEqual(['SIGSTOP']);
  });
});

describe('keys and size', () => {
  it('delivers one key at a time and Esc after a pause', () => {
    const { stdin, clock, keys } = opened();
    stdin.send('j\x03\x1b');
    expect(keys.map((input) => input.type === 'key' && input.key)).toEqual(['j', 'ctrl-c']);
    clock.advance(40);
    expect(keys.at(-1)).toEqual({ type: 'key', key: 'esc', alone: true });
    expect(clock.timers).toBe(0);
  });

  it('a sequence split by a slow link is no Esc', () => {
    const { stdin, clock, keys } = opened();
    stdin.send('\x1b');
    clock.advance(30);
    stdin.send('[A');
    clock.advance(100);
    expect(keys).toEqual([{ type: 'key', key: 'up', alone: true }]);
  });

  it('tells about resize and hang-up, and never throws on a stream error (F112)', () => {
    const { stdin, stdout, seen } = opened();
    stdout.resizeTo(100, 30);
    stdin.emit('end');
    stdin.emit('error', new Error('EIO'));
    stdout.emit('error', new Error('EPIPE'));
    expect(seen).toEqual(['resized', 'hungUp', 'hungUp', 'hungUp']);
  });
});
