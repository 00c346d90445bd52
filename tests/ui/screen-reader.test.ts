// The screen that speaks: what a person hears, and that nothing but lines is written.
import { afterEach, describe, expect, it } from 'vitest';
import type { Command, Snapshot } from '../../src/engine/index.ts';
import { seq, untrusted, wall } from '../../src/engine/index.ts';
import { type MountedScreen, mountScreen, type ScreenOptions } from '../../src/ui/app.tsx';
import { position, quiet, tripped } from '../support/builders-snapshot.ts';
import { golden } from '../support/golden.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';
import { FakeInput, FakeOutput, FakeProcess, HandClock } from '../support/terminal.ts';

let mounted: MountedScreen | undefined;
afterEach(() => mounted?.unmount());

function mount(extra: Partial<ScreenOptions> = {}) {
  const stdout = new FakeOutput(80, 24);
  const stdin = new FakeInput();
  const clock = new HandClock();
  const sent: Command[] = [];
  const left: string[] = [];
  let listener: (snapshot: Snapshot) => void = () => undefined;
  const screen = mountScreen({
    link: {
      subscribe: (one) => {
        listener = one;
        return () => undefined;
      },
      send: (command) => sent.push(command),
    },
    stdout,
    stdin,
    process: new FakeProcess(),
    clock,
    env: { TERM: 'dumb', LANG: 'C.UTF-8' },
    version: '0.1.0',
    onQuit: () => left.push('quit'),
    operator: 'ann',
    role: 'operator',
    commandPrefix: 'ui',
    reads: true,
    bell: false,
    ...extra,
  });
  mounted = screen;
  const show = (snapshot: Snapshot): void => {
    listener(snapshot);
    clock.advance(100);
  };
  const press = (...keys: readonly string[]): void => {
    for (const key of keys) {
      stdin.send(key);
      // Only a pause tells a lone Esc from the beginning of a sequence.
      if (key === '\x1b') clock.advance(60);
    }
  };
  const heard = (): string => stdout.written.join('');
  /** What is said by `act` alone. */
  const during = (act: () => void): string => {
    const from = stdout.written.length;
    act();
    return stdout.written.slice(from).join('');
  };
  return { stdout, clock, sent, left, screen, show, press, heard, during };
}

const said = (snapshot: Snapshot, text: string, outside?: string): Snapshot => ({
  ...snapshot,
  activity: [
    ...snapshot.activity,
    {
      seq: seq(99_000 + snapshot.activity.length),
      wall: wall(snapshot.wall),
      kind: 'order',
      tone: 'plain',
      text,
      outside: outside === undefined ? undefined : untrusted(outside),
    },
  ],
});

describe('screen reader', () => {
  it('tells a day: state, news, a panel, a question, an answer (golden)', () => {
    const { show, press, heard, screen } = mount();
    show(SITUATIONS.long());
    show(said(SITUATIONS.long(), 'stop moved to 3962', 'amended'));
    for (const key of '12345678') press(key);
    press('f', 'f', 'l', 'a', 'x', '\x7f', '\x1b[A', 't', 't', 'e', 'n', '\r');
    show(SITUATIONS.tripped());
    show(SITUATIONS.unknown());
    press('K', 'stop', 's', 't', 'o', 'p', '\r', '\x1b', 'i', '\x1b', ':', 'p', 'a', '\x1b');
    screen.unmount();
    golden('ui/frames/spoken-day.txt', heard());
  });

  it('writes lines and the brackets of pastes, nothing else (F113)', () => {
    const { show, press, heard, screen } = mount();
    show(SITUATIONS.long());
    for (const key of ['?', '\r', 'b', 'q', ':', '\x1b[B', 'l', 'q', 't', 'z', '\t', 'q'])
      press(key);
    show(said(SITUATIONS.long(), 'x\x1b[2J\x07\x1b]2;evil\x07', '\u202Ered\x1b[31m'));
    screen.unmount();
    const bytes = heard();
    expect(bytes.startsWith('\x1b[?2004h')).toBe(true);
    expect(bytes.endsWith('\x1b[?2004l')).toBe(true);
    const between = bytes.slice('\x1b[?2004h'.length, -'\x1b[?2004l'.length);
    expect(between).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });

  it('says nothing while only prices and ages move', () => {
    const { show, clock, during } = mount();
    show(quiet());
    const quote = quiet().quote;
    const moved = { ...quiet(), seq: seq(60_000), quote: quote && { ...quote, ageMs: 900 } };
    expect(during(() => show(moved))).toBe('');
    expect(during(() => clock.advance(900))).toBe('');
  });

  it('confirms a danger by its word alone, never by a paste (F114)', () => {
    const { show, press, sent, during } = mount();
    show(SITUATIONS.long());
    expect(during(() => press('f'))).toContain('Close everything?');
    press('\x1b[200~flatten\x1b[201~', '\r');
    expect(sent).toEqual([]);
    press(...'flatten', '\r');
    expect(sent.map(({ body }) => body.type)).toEqual(['flatten']);
  });

  it('keeps news back while a word is typed, but not an alert', () => {
    const { show, press, during } = mount();
    show(SITUATIONS.long());
    press('f', 'f', 'l');
    const kill = SITUATIONS.long().breakers.map((one) =>
      one.name === 'KILL' ? tripped('KILL', 'operator') : one,
    );
    const worse = { ...said(SITUATIONS.long(), 'bar closed'), breakers: kill };
    const meanwhile = during(() => show(worse));
    expect(meanwhile).toContain('ALERT: KILL tripped');
    expect(meanwhile).not.toContain('bar closed');
    expect(during(() => show({ ...worse, seq: seq(60_001) }))).toBe('');
    press('\x1b');
    const later = during(() => show({ ...worse, seq: seq(60_002) }));
    expect(later).toContain('bar closed');
  });

  it('alerts for a position without stop, and says when it is over (F95)', () => {
    const { show, during } = mount();
    show(SITUATIONS.long());
    const naked = {
      ...SITUATIONS.long(),
      positions: [position({ stop: undefined, state: 'NAKED' })],
    };
    expect(during(() => show(naked))).toContain('ALERT: NO STOP on position');
    expect(during(() => show(SITUATIONS.long()))).toContain('Over: NO STOP');
  });

  it('says once that the engine does not answer, and once that it does (F116)', () => {
    const { show, clock, during } = mount();
    show(quiet());
    const silent = during(() => clock.advance(20_000));
    expect(silent.match(/does not answer/g)).toHaveLength(1);
    expect(during(() => show(quiet()))).toContain('answers again');
  });

  it('leaves on q and y, and on a second Ctrl-C', () => {
    const one = mount();
    one.show(quiet());
    one.press('q', 'y');
    expect(one.left).toEqual(['quit']);
    one.screen.unmount();
    const two = mount();
    two.press('\x03', '\x03');
    expect(two.left).toEqual(['quit']);
  });

  it('tells the latest after a reader that stopped reading', () => {
    const { show, stdout, heard } = mount();
    show(quiet());
    stdout.closeTap();
    show(said(quiet(), 'first'));
    const length = heard().length;
    show(said(said(quiet(), 'first'), 'second'));
    expect(heard().length).toBe(length);
    stdout.openTap();
    show(said(said(quiet(), 'first'), 'second'));
    expect(heard().match(/order: first/g)).toHaveLength(1);
    expect(heard()).toContain('order: second');
  });
});
