// The mounted screen against a model of a terminal: what a person would see and what is sent.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Command, Snapshot } from '../../src/engine/index.ts';
import { price, seq } from '../../src/engine/index.ts';
import { type MountedScreen, mountScreen, type ScreenOptions } from '../../src/ui/app.tsx';
import { quiet } from '../support/builders-snapshot.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';
import { FakeInput, FakeOutput, FakeProcess, HandClock } from '../support/terminal.ts';

// Where `CI` is set Ink keeps its frames to itself until the end; a person's terminal has none.
vi.hoisted(() => {
  process.env['CI'] = 'false';
});

let mounted: MountedScreen | undefined;
afterEach(() => mounted?.unmount());

/** React finishes its work within a few turns of the event loop; nothing here waits for time. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 6; turn += 1) await new Promise((done) => setImmediate(done));
};

function mount(columns = 80, rows = 24, extra: Partial<ScreenOptions> = {}) {
  const stdout = new FakeOutput(columns, rows);
  const stdin = new FakeInput();
  const process = new FakeProcess();
  const clock = new HandClock();
  const sent: Command[] = [];
  const left: string[] = [];
  let listener: ((snapshot: Snapshot) => void) | undefined;
  const screen = mountScreen({
    link: {
      subscribe: (one) => {
        listener = one;
        return () => {
          listener = undefined;
        };
      },
      send: (command) => sent.push(command),
    },
    stdout,
    stdin,
    process,
    clock,
    env: { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    version: '0.1.0',
    onQuit: () => left.push('quit'),
    onHangUp: () => left.push('hangup'),
    operator: 'ann',
    role: 'operator',
    commandPrefix: 'ui',
    ...extra,
  });
  mounted = screen;
  const deliver = (snapshot: Snapshot): void => listener?.(snapshot);
  const publish = async (snapshot: Snapshot): Promise<void> => {
    deliver(snapshot);
    clock.advance(100);
    await settle();
  };
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) stdin.send(key);
    await settle();
  };
  const subscribed = () => listener !== undefined;
  return { stdout, stdin, process, clock, sent, left, screen, deliver, publish, press, subscribed };
}

describe('mounted screen', () => {
  it('paints at once, before any snapshot and before React has run', () => {
    const { stdout } = mount();
    expect(stdout.screen.line(0)).toContain('connecting');
    expect(stdout.screen.modes.get('alternate')).toBe(true);
  });

  it('shows a snapshot, names the window, and writes only its own sequences (F109)', async () => {
    const { stdout, publish } = mount();
    await publish(SITUATIONS.long());
    expect(stdout.screen.text()).toContain('PROTECTED');
    expect(stdout.screen.title).toBe('SIM FCPO palm-oil-tui');
    expect(stdout.screen.foreign).toEqual([]);
    expect(stdout.screen.line(23).trim()).toBe('');
  });

  // How far Ink has come is up to the machine; the number of pictures must not depend on it.
  it.each([
    ['while Ink is loading', async () => undefined],
    ['once Ink draws', async () => void (await import('../../src/ui/ink-root.tsx'))],
  ])('publishes at most ten times a second, always the latest, %s', async (_when, loaded) => {
    const { stdout, deliver, publish, clock } = mount();
    await publish(quiet());
    await loaded();
    await settle();
    const frames = stdout.written.length;
    const base = quiet();
    for (let step = 1; step <= 50; step += 1) {
      const quote = base.quote && { ...base.quote, bid: price((4_000 + step) * 100_000) };
      deliver({ ...base, seq: seq(50_000 + step), quote });
      clock.advance(20);
      await settle();
    }
    expect(stdout.written.length - frames).toBeLessThanOrEqual(10);
    expect(stdout.written.length - frames).toBeGreaterThan(5);
    expect(stdout.screen.text()).toContain('4050');
  });

  it('answers a key without waiting for the next publication', async () => {
    const { stdout, publish, press } = mount();
    await publish(quiet());
    await press('?');
    expect(stdout.screen.text()).toContain('panic ladder');
  });

  it('sends a confirmed wish to the link, once', async () => {
    const { sent, publish, press } = mount();
    await publish(SITUATIONS.long());
    await press('f', ...'flatten', '\r', '\r');
    expect(sent.map((command) => command.body)).toEqual([{ type: 'flatten' }]);
  });

  it('counts ages on and says when the engine does not answer (F116)', async () => {
    const { stdout, publish, clock } = mount(120, 40);
    await publish(quiet());
    clock.advance(9_000);
    await settle();
    expect(stdout.screen.text()).toContain('THE ENGINE DOES NOT ANSWER, shown is 9 s old');
    expect(stdout.screen.text()).toContain('STALE 9 s');
  });

  it('draws the new size whole after a resize', async () => {
    const { stdout, publish } = mount(120, 40);
    await publish(quiet());
    stdout.resizeTo(40, 10);
    await settle();
    expect(stdout.screen.text()).toContain('no position');
    expect(stdout.screen.foreign).toEqual([]);
  });

  it('asks before it leaves, and tells the caller once', async () => {
    const { left, stdout, publish, press } = mount();
    await publish(SITUATIONS.long());
    await press('q');
    expect(stdout.screen.text()).toContain('What stays open in SIM: 1 position, 0 orders.');
    await press('y', 'y');
    expect(left).toEqual(['quit']);
  });

  it('two Ctrl-C in one packet leave (a slow link sends them so)', async () => {
    const { left, publish, press } = mount();
    await publish(quiet());
    await press('\x03\x03');
    expect(left).toEqual(['quit']);
  });

  it('after unmounting the shell has its screen back and nothing more is written', async () => {
    const { stdout, screen, clock, subscribed } = mount();
    screen.unmount();
    screen.unmount();
    await settle();
    const { length } = stdout.written;
    clock.advance(5_000);
    await settle();
    expect(stdout.written).toHaveLength(length);
    expect(Object.fromEntries(stdout.screen.modes)).toMatchObject({
      alternate: false,
      cursor: true,
    });
    expect(subscribed()).toBe(false);
    expect(clock.timers).toBe(0);
  });

  it('an engine that takes its time to stop is shown until it has stopped', async () => {
    const { stdout, process, publish, screen } = mount();
    process.on('SIGTERM', () => undefined);
    await publish(quiet());
    process.emit('SIGTERM');
    await publish(SITUATIONS.long());
    expect(stdout.screen.modes.get('alternate')).toBe(true);
    expect(stdout.screen.text()).toContain('PROTECTED');
    screen.unmount();
    expect(stdout.screen.modes.get('alternate')).toBe(false);
    expect(stdout.written.at(-1)).toContain('\x1b[?1049l');
  });

  it('rings once for new trouble, never for what was there, not at all when told so', async () => {
    const rings = (texts: readonly string[]) => texts.filter((text) => text === '\x07').length;
    const loud = mount();
    await loud.publish(SITUATIONS.long());
    await loud.publish(SITUATIONS.tripped());
    await loud.publish(SITUATIONS.tripped());
    expect(rings(loud.stdout.written)).toBe(1);
    loud.screen.unmount();
    const silent = mount(80, 24, { bell: false });
    await silent.publish(SITUATIONS.long());
    await silent.publish(SITUATIONS.tripped());
    expect(rings(silent.stdout.written)).toBe(0);
  });

  it('copies the selected id through the terminal, and says so', async () => {
    const { stdout, publish, press } = mount();
    await publish(SITUATIONS.long());
    await press('y');
    expect(stdout.written).toContain(`\x1b]52;c;${btoa('70012')}\x07`);
    expect(stdout.screen.text()).toContain('Sent to the clipboard: 70012');
  });

  it('copies nothing on a terminal without a clipboard, and says why', async () => {
    const { stdout, publish, press } = mount(80, 24, { env: { TERM: 'linux' } });
    await publish(SITUATIONS.long());
    await press('y');
    expect(stdout.written.join('')).not.toContain(']52;');
    expect(stdout.screen.text()).toContain('no clipboard');
  });

  it('makes no pictures for a line that takes none, and shows the latest afterwards', async () => {
    const { stdout, publish, clock } = mount();
    await publish(quiet());
    stdout.closeTap();
    for (let step = 0; step < 100; step += 1) await publish(quiet({ seq: seq(60_000 + step) }));
    expect(stdout.waiting).toBeLessThanOrEqual(1);
    await publish(SITUATIONS.long());
    stdout.openTap();
    clock.advance(1_000);
    await settle();
    expect(stdout.screen.text()).toContain('PROTECTED');
  });

  it('lets Ink write by itself when asked, and draws the same words', async () => {
    const { stdout, publish } = mount(80, 24, { renderer: 'ink' });
    await import('../../src/ui/ink-root.tsx');
    await publish(SITUATIONS.long());
    const isDrawn = () => stdout.written.some((text) => text.includes('PROTECTED'));
    await vi.waitUntil(isDrawn, { timeout: 60_000 });
    expect(stdout.written.join('')).not.toContain('\x1b[3J');
  });

  it('reports a terminal that hung up (F112)', async () => {
    const { left, stdin } = mount();
    stdin.emit('end');
    await settle();
    expect(left).toEqual(['hangup']);
  });
});
