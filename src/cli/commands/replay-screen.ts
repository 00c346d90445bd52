/**
 * `replay` without a comparison: a recorded session on the same screen, with pause, step and speed.
 * Deliberately only watches: no command leaves the screen, and the journal is read and not written.
 */

import { type Mono, type Snapshot, seq, wall } from '../../engine/index.ts';
import type { EngineLink } from '../../engine/ports.ts';
import { snapshot } from '../../engine/snapshot.ts';
import { Player } from '../../runtime/journal-player.ts';
import type { JournalView } from '../../runtime/journal-view.ts';
import { everyOf, systemClock } from '../../runtime/loop.ts';
import { listenToSignals } from '../../runtime/process.ts';
import type { ScreenOptions } from '../../ui/app.tsx';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { operatorName } from '../operator-name.ts';
import { VERSION } from '../version.ts';

const TURN_MS = 50;
const CTRL_C = '\u0003';
const ESCAPE = '\u001b';

type Look = Pick<ScreenOptions, 'ascii' | 'theme' | 'colour' | 'renderer'>;

/** Plays until the person leaves. */
export async function replayScreen(
  view: JournalView,
  { speed, look }: { readonly speed: number; readonly look: Look },
  io: Io,
): Promise<number> {
  const stdin = io.stdin as NodeJS.ReadStream;
  const stdout = io.stdout as NodeJS.WriteStream;
  if (stdout.isTTY !== true || stdin.isTTY !== true) {
    io.stderr.write('palm-oil-tui: There is no terminal to draw on: use --verify or --backtest.\n');
    return EXIT.usage;
  }
  const player = Player.of(view, speed);
  if (typeof player === 'string') {
    io.stderr.write(`palm-oil-tui: The journal cannot be shown: ${player}.\n`);
    return EXIT.persistence;
  }
  const clock = systemClock();
  const every = (ms: number, callback: () => void) => everyOf(clock, ms, callback);
  const show = createShow(player);
  let last = clock.mono();
  const stop = every(TURN_MS, () => {
    const now = clock.mono();
    player.advance(now - last);
    last = now;
    show.publish();
  });
  await new Promise<void>((leave) => {
    const deafen = listenToSignals({
      source: process,
      onStop: () => leave(),
      onHurry: () => leave(),
      now: () => clock.mono(),
    });
    void import('../../ui/app.tsx').then(({ mountScreen }) => {
      const screen = mountScreen({
        ...look,
        link: show.link,
        stdout: stdout as unknown as ScreenOptions['stdout'],
        stdin: withKeys(stdin, (key) => {
          if (key === 'q' || key === CTRL_C) end();
          else if (!press(player, key)) return false;
          else show.publish();
          return true;
        }),
        process,
        env: io.env,
        version: VERSION,
        clock: { now: () => clock.mono(), every },
        onQuit: end,
        onHangUp: end,
        operator: operatorName(),
        role: 'observer',
        detaches: true,
        bell: false,
        commandPrefix: 'replay-',
      });
      function end(): void {
        screen.unmount();
        deafen();
        leave();
      }
    });
  });
  stop();
  return EXIT.ok;
}

/** True when the key was one of a replay. */
function press(player: Player, key: string): boolean {
  if (key === ' ') player.isPaused = !player.isPaused;
  else if (key === '.') player.nextBar();
  else if (key === '+' || key === '=') player.faster(2);
  else if (key === '-') player.faster(0.5);
  else return false;
  return true;
}

/** The terminal's input without the keys that `take` answers to. */
function withKeys(
  stdin: NodeJS.ReadStream,
  take: (key: string) => boolean,
): ScreenOptions['stdin'] {
  type Listener = (chunk: Uint8Array) => void;
  const own = new Map<Listener, Listener>();
  return {
    setRawMode: (raw) => stdin.setRawMode(raw),
    resume: () => stdin.resume(),
    pause: () => stdin.pause(),
    on: (event, listener) => {
      const filtered: Listener = (chunk) => {
        const text = String(chunk);
        // An arrow, a click or a paste is one word of the terminal.
        if (event !== 'data' || text.startsWith(ESCAPE)) return listener(chunk);
        const rest = [...text].filter((key) => !take(key)).join('');
        if (rest !== '') listener(Buffer.from(rest));
      };
      own.set(listener, filtered);
      return stdin.on(event, filtered);
    },
    off: (event, listener) => stdin.off(event, own.get(listener) ?? listener),
  };
}

/** Pictures of the player, each with a line that says what it is. */
function createShow(player: Player): { readonly link: EngineLink; publish(): void } {
  const listeners = new Set<(picture: Snapshot) => void>();
  const publish = (): void => {
    const picture = pictureOf(player);
    if (picture === undefined) return;
    for (const listener of listeners) listener(picture);
  };
  return {
    publish,
    link: {
      subscribe: (listener) => {
        listeners.add(listener);
        publish();
        return () => listeners.delete(listener);
      },
      send: () => undefined,
    },
  };
}

function pictureOf(player: Player): Snapshot | undefined {
  const { state, now, speed, isPaused, isOver } = player;
  if (state.core.config === undefined) return undefined;
  const passed = Math.max(0, now - state.at.wall);
  const at = wall(Math.max(now, state.at.wall));
  const picture = snapshot(state, { mono: (state.at.mono + passed) as Mono, wall: at });
  const what = isOver ? 'REPLAY end' : isPaused ? 'REPLAY paused' : `REPLAY x${speed}`;
  const line: Snapshot['activity'][number] = {
    seq: seq(state.at.seq + 1),
    wall: at,
    kind: 'system',
    tone: 'warn',
    outside: undefined,
    text: `${what}: space pauses, . shows the next bar, + and - change the speed`,
  };
  // The name is shown at every size, and in the title of the window: nobody takes it for now.
  const { instrument } = picture;
  return {
    ...picture,
    instrument: instrument && { ...instrument, name: `${instrument.name} ${what}` },
    activity: [...picture.activity, line],
  };
}
