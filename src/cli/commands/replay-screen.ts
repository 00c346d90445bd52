/**
 * `replay` without a comparison: a recorded session on the same screen, with pause, step and speed.
 * Deliberately only watches: no command leaves the screen, and the journal is read and not written.
 */

import { type Mono, type Snapshot, wall } from '../../engine/index.ts';
import type { EngineLink } from '../../engine/ports.ts';
import { snapshot } from '../../engine/snapshot.ts';
import { Player } from '../../runtime/journal-player.ts';
import type { JournalView } from '../../runtime/journal-view.ts';
import { everyOf, systemClock } from '../../runtime/loop.ts';
import { listenToSignals } from '../../runtime/process.ts';
import type { ScreenOptions } from '../../ui/app.tsx';
import type { PlaybackDesk, PlaybackWish } from '../../ui/playback.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { operatorName } from '../operator-name.ts';
import { VERSION } from '../version.ts';

const TURN_MS = 50;

type Look = Pick<ScreenOptions, 'ascii' | 'theme' | 'colour' | 'renderer' | 'reads'>;

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
        stdin,
        process,
        env: io.env,
        version: VERSION,
        clock: { now: () => clock.mono(), every },
        onQuit: end,
        onHangUp: end,
        operator: operatorName(),
        role: 'observer',
        playback: deskOf(player),
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

/** What a person may wish of it. */
const WISHES: Readonly<Record<PlaybackWish, (player: Player) => void>> = {
  play: (player) => {
    player.isPaused = !player.isPaused;
  },
  nextBar: (player) => player.nextBar(),
  faster: (player) => player.faster(2),
  slower: (player) => player.faster(0.5),
};

/** What is wished is in the picture of the next turn. */
const deskOf = (player: Player): PlaybackDesk => ({
  now: () => ({
    state: player.isOver ? 'ended' : player.isPaused ? 'paused' : 'playing',
    speed: player.speed,
  }),
  wish: (wish) => WISHES[wish](player),
});

/** Pictures of the player; what a screen sends ends here. */
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

function pictureOf({ state, now }: Player): Snapshot | undefined {
  if (state.core.config === undefined) return undefined;
  const passed = Math.max(0, now - state.at.wall);
  const at = wall(Math.max(now, state.at.wall));
  return snapshot(state, { mono: (state.at.mono + passed) as Mono, wall: at });
}
