/**
 * The `attach` verb: the same screen as `run`, for an engine in another process.
 * Deliberately ends only itself: leaving, a closed terminal or a kill never touches the engine.
 */
import { skewNote } from '../../runtime/link-skew.ts';
import { NoEngine, type RemoteLink } from '../../runtime/link-socket.ts';
import { everyOf, systemClock } from '../../runtime/loop.ts';
import { letGoOfTerminal, listenToSignals } from '../../runtime/process.ts';
import type { ScreenOptions } from '../../ui/app.tsx';
import { engineName, findEngines } from '../engine-finder.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { operatorName } from '../operator-name.ts';
import { linkPlatform } from '../run-link.ts';
import { VERSION } from '../version.ts';
import type { LinkRequest } from './link-options.ts';

const NAME = 'palm-oil-tui';

export interface AttachWish {
  readonly readOnly: boolean;
  /** In the place of another attached screen. */
  readonly takeOver: boolean;
}

/** Shows the engine until the person leaves (0) or the engine is gone (`noEngine`). */
export async function attachCommand(
  request: LinkRequest,
  wish: AttachWish,
  io: Io,
): Promise<number> {
  if (!isTerminal(io, request.look.screenReader)) {
    io.stderr.write(`${NAME}: There is no terminal to draw on: use palm-oil-tui status --json.\n`);
    return EXIT.usage;
  }
  const role = wish.readOnly ? 'observer' : 'operator';
  try {
    const { takeOver } = wish;
    const [link] = await findEngines(request, linkPlatform(io.env), { role, most: 1, takeOver });
    const { hello } = link;
    const notes = [
      skewNote(hello.version, VERSION),
      role === hello.role ? undefined : seatNote(hello.operator),
    ];
    for (const note of notes) if (note !== undefined) io.stderr.write(`${NAME}: ${note}\n`);
    return await show(link, request, io);
  } catch (error) {
    if (!(error instanceof NoEngine)) throw error;
    io.stderr.write(`${NAME}: ${error.message}\n`);
    return EXIT.noEngine;
  }
}

/** Why this screen only watches, and how it could be otherwise. */
const seatNote = (operator = 'another screen'): string =>
  operator.startsWith('the engine')
    ? `The operator is ${operator}: this one only watches. SIGHUP to the engine's process lets ` +
      'it go on without that screen.'
    : `The operator is ${operator}: this one only watches. attach --take-over takes its place.`;

/** Lines for a screen reader need no terminal that can move its cursor. */
function isTerminal(io: Io, reads: boolean): boolean {
  const stdout = io.stdout as NodeJS.WriteStream;
  const stdin = io.stdin as NodeJS.ReadStream;
  const draws = reads || io.env['TERM'] !== 'dumb';
  return stdout.isTTY === true && stdin.isTTY === true && draws;
}

async function show(link: RemoteLink, { look }: LinkRequest, io: Io): Promise<number> {
  const clock = systemClock();
  let leave: () => void = () => undefined;
  const left = new Promise<undefined>((resolve) => {
    leave = () => resolve(undefined);
  });
  let isHungUp = false;
  const hangUp = (): void => {
    isHungUp = true;
    leave();
  };
  const deafen = listenToSignals({
    source: process,
    onStop: (reason) => (reason === 'SIGHUP' ? hangUp() : leave()),
    onHurry: leave,
    now: () => clock.mono(),
  });
  const { mountScreen } = await import('../../ui/app.tsx');
  const screen = mountScreen({
    link,
    stdout: io.stdout as unknown as ScreenOptions['stdout'],
    stdin: io.stdin as NodeJS.ReadStream,
    process,
    env: io.env,
    version: VERSION,
    clock: { now: () => clock.mono(), every: (ms, callback) => everyOf(clock, ms, callback) },
    onQuit: leave,
    onHangUp: hangUp,
    operator: operatorName(),
    detaches: true,
    role: link.hello.role === 'operator' ? 'operator' : 'observer',
    commandPrefix: `a${process.pid}-${clock.wall()}-`,
    bell: look.bell,
    renderer: look.renderer,
    reads: look.screenReader,
    suspendable: true,
    ...(look.theme === undefined ? {} : { theme: look.theme }),
    ...(look.ascii ? { ascii: true } : {}),
    ...(look.noColor ? { colour: false } : {}),
  });
  const gone = await Promise.race([link.ended, left]);
  screen.unmount();
  if (isHungUp) letGoOfTerminal();
  deafen();
  link.close();
  if (gone !== undefined) {
    io.stderr.write(`${NAME}: The screen is detached: ${gone}. The journal has the rest.\n`);
    return EXIT.noEngine;
  }
  io.stdout.write(`${NAME} detached: the engine goes on (${engineName(link)}).\n`);
  return EXIT.ok;
}

/** A repeating call from a clock that only knows single ones. */
