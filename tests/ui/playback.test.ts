// A recording on the screen: its keys only wish, whoever plays does, and nothing is commanded.
import { afterEach, describe, expect, it } from 'vitest';
import { type Command, type Snapshot, wall } from '../../src/engine/index.ts';
import { type MountedScreen, mountScreen } from '../../src/ui/app.tsx';
import { KEYMAP } from '../../src/ui/keymap.ts';
import {
  followed,
  type Playback,
  type PlaybackDesk,
  type PlaybackWish,
} from '../../src/ui/playback.ts';
import { quiet } from '../support/builders-snapshot.ts';
import { Person, start } from '../support/person.ts';
import { SITUATIONS, type Situation } from '../support/situations-snapshot.ts';
import { FakeInput, FakeOutput, FakeProcess, HandClock } from '../support/terminal.ts';

const playing: Playback = { state: 'playing', speed: 60 };

/** The playback as wishes change it. */
class Desk implements PlaybackDesk {
  readonly wishes: PlaybackWish[] = [];
  playback = playing;
  now = () => this.playback;
  wish = (wish: PlaybackWish) => {
    this.wishes.push(wish);
    const { state, speed } = this.playback;
    if (wish === 'faster') this.playback = { state, speed: speed * 2 };
    if (wish === 'slower') this.playback = { state, speed: speed / 2 };
    if (wish === 'nextBar') this.playback = { state: 'paused', speed };
    if (wish === 'play') {
      this.playback = { state: state === 'paused' ? 'playing' : 'paused', speed };
    }
  };
}

const watching = (snapshot: Snapshot = quiet(), playback = playing) =>
  new Person(snapshot, start({ playback }));

describe('keys of a recording', () => {
  it.each([
    [' ', 'play'],
    ['.', 'nextBar'],
    ['+', 'faster'],
    ['=', 'faster'],
    ['-', 'slower'],
  ] as const)('%j wishes %s and changes nothing itself', (key, wish) => {
    const person = watching().press(key);
    expect(person.ui.wished).toEqual({ count: 1, wish });
    expect(person.ui.playback).toBe(playing);
    expect(person.press(key).ui.wished.count).toBe(2);
  });

  it('mean nothing on the screen of an engine', () => {
    const before = new Person(quiet());
    const { ui } = new Person(quiet()).press(' ', '.', '+', '-');
    expect(ui).toEqual(before.ui);
  });

  it('say why once it has ended', () => {
    const person = watching(quiet(), { ...playing, state: 'ended' }).press(' ');
    expect(person.ui.wished.count).toBe(0);
    expect(person.ui.notice?.text).toBe('Space: the recording ends here.');
  });

  it('are letters where something is typed', () => {
    const person = watching().press('/', 'a', ' ', '-', 'q');
    expect(person.ui.filter).toBe('a -q');
    expect([person.ui.wished.count, person.ui.leaving]).toEqual([0, false]);
  });

  it('are found in the palette by their words, and done there', () => {
    const person = watching().press(':').type('half as fast').press('enter');
    expect(person.ui.wished.wish).toBe('slower');
    const none = new Person(quiet()).press(':').type('half as fast').press('enter');
    expect(none.ui.wished.count).toBe(0);
  });

  it('q leaves without a question, Ctrl-C also from within one', () => {
    expect(watching().press('q').ui.leaving).toBe(true);
    expect(watching().press('/', 'ctrl-c').ui.leaving).toBe(true);
  });
});

describe('a recording takes no command', () => {
  it.each(['p', 'c', 'f', 'm', 'K', 's'])('%s says why', (key) => {
    const { ui, sent } = watching(SITUATIONS.long()).press(key);
    expect(ui.notice?.text).toBe(`${key}: this is a recording.`);
    expect([ui.dialog, sent]).toEqual([undefined, []]);
  });

  it('whatever is pressed, typed and confirmed, even by one who may operate', () => {
    const words = ['close', 'flatten', 'cancel', 'resume', 'stop', 'reduce', 'reason', 'live'];
    const keys = [...KEYMAP.flatMap((one) => one.keys), 'r', 'v', 'y'];
    for (const name of Object.keys(SITUATIONS) as Situation[]) {
      const person = watching(SITUATIONS[name]());
      for (const first of keys) {
        for (const second of ['r', 'v', 'c']) {
          for (const word of words) person.press(first, second).type(word).press('enter', 'esc');
        }
      }
      expect(person.sent).toEqual([]);
      expect(person.ui.pending).toEqual([]);
    }
  });
});

it('hands a wish on once and shows what the playback does then', () => {
  const desk = new Desk();
  const before = start({ playback: playing });
  const wished = watching().press(' ').ui;
  expect(followed(wished, before, desk).playback).toEqual({ state: 'paused', speed: 60 });
  expect(followed(wished, wished, desk).playback).toEqual({ state: 'paused', speed: 60 });
  expect(desk.wishes).toEqual(['play']);
  expect(followed(before, before, undefined)).toBe(before);
});

let mounted: MountedScreen | undefined;
afterEach(() => mounted?.unmount());

function mount(reads: boolean) {
  const stdout = new FakeOutput(80, 24);
  const stdin = new FakeInput();
  const clock = new HandClock();
  const desk = new Desk();
  const sent: Command[] = [];
  const left: string[] = [];
  let listener: (snapshot: Snapshot) => void = () => undefined;
  mounted = mountScreen({
    link: {
      subscribe: (one) => {
        listener = one;
        return () => undefined;
      },
      send: (command) => sent.push(command),
    },
    stdout,
    stdin,
    clock,
    process: new FakeProcess(),
    env: { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    version: '0.1.0',
    onQuit: () => left.push('quit'),
    operator: 'ann',
    role: 'observer',
    commandPrefix: 'ui',
    playback: desk,
    reads,
  });
  const show = (snapshot: Snapshot) => {
    listener(snapshot);
    clock.advance(100);
  };
  show(quiet());
  const heard = (...keys: readonly string[]) => {
    const from = stdout.written.length;
    for (const key of keys) stdin.send(key);
    return stdout.written.slice(from).join('');
  };
  return { stdout, desk, sent, left, show, heard };
}

describe('a mounted screen', () => {
  it('shows at once what a key did to the playback, in the title that it is one', () => {
    const { stdout, desk, heard, left, sent } = mount(false);
    expect(stdout.screen.title).toBe('REPLAY SIM FCPO palm-oil-tui');
    expect(stdout.screen.line(0)).toContain('REPLAY x60  SIM');
    heard(' ', '+', '.', 'f');
    expect(desk.wishes).toEqual(['play', 'faster', 'nextBar']);
    expect(stdout.screen.line(0)).toContain('REPLAY x120 paused');
    heard('q');
    expect([left, sent]).toEqual([['quit'], []]);
  });

  it('sees by itself that the recording has ended', () => {
    const { stdout, desk, show } = mount(false);
    desk.playback = { state: 'ended', speed: 60 };
    show(quiet({ wall: wall(quiet().wall + 1_000) }));
    expect(stdout.screen.line(0)).toContain('REPLAY x60 ended');
  });

  it('says it to a person who listens', () => {
    const { stdout, desk, heard, show } = mount(true);
    expect(stdout.written.join('')).toMatch(/REPLAY x60\n[\s\S]*Keys: Space pause, \. bar/);
    expect(heard(' ')).toBe('REPLAY x60 paused\n');
    expect(heard('-')).toBe('REPLAY x30 paused\n');
    expect(heard('f')).toBe('f: this is a recording.\n');
    desk.playback = { state: 'ended', speed: 30 };
    const from = stdout.written.length;
    show(quiet());
    expect(stdout.written.slice(from).join('')).toBe('REPLAY x30 ended\n');
  });
});
