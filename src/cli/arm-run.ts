/**
 * `--arm ACCOUNT`: waits until a headless live run has its whole checklist green, then arms it
 * through the same command a person at the screen uses; or says why it cannot be.
 * Deliberately asks again and again on the run's own clock: in the simulator that repeats by seed.
 */
import { userInfo } from 'node:os';
import { type Command, commandId, untrusted } from '../engine/index.ts';
import { snapshot } from '../engine/snapshot.ts';
import type { Console } from './compose.ts';

/** Looks so often, and not longer, on the clock of the run; milliseconds. */
const LOOK_MS = 250;
export const ARM_WITHIN_MS = 120_000;

/**
 * Begins to wait; the console must have begun. `onRefused` is called at most once: it cannot be
 * armed, with a sentence for the person.
 */
export function armWhenReady(
  { clock, loop }: Console,
  number: string,
  onRefused: (sentence: string) => void,
): void {
  let limit: number = clock.mono() + ARM_WITHIN_MS;
  const id = commandId(`arm-${loop.state().core.runId}`);
  const refuse = (why: string): void => {
    onRefused(`Live mode was not armed: ${why}. Nothing was opened.`);
  };
  /** True while there is something to wait for. */
  const isOpen = (): boolean => {
    const { core } = loop.state();
    const answer = core.commands.find((one) => one.id === id);
    if (answer?.status === 'refused') refuse(answer.reason);
    if (answer !== undefined) return false;
    const { account } = core;
    if (account !== undefined && number !== account.login && number !== account.id) {
      refuse(`${number} is not the number of this account`);
      return false;
    }
    const { arming, session } = snapshot(loop.state(), loop.now());
    const red = arming.checklist.find((item) => !item.ok);
    // Stamps come with prices: while the market is closed nobody can know the clock's difference.
    if (red?.name === 'clock' && session.state === 'closed') limit = clock.mono() + ARM_WITHIN_MS;
    if (red === undefined) loop.post({ type: 'command', command: commandOf(id, number) });
    else if (clock.mono() >= limit) refuse(`${red.name}: ${red.reason}; ${red.remedy}`);
    return red === undefined || clock.mono() < limit;
  };
  const later = (): void => {
    clock.after(LOOK_MS, () => {
      if (isOpen()) later();
    });
  };
  later();
}

const commandOf = (id: Command['id'], account: string): Command => ({
  id,
  role: 'operator',
  by: untrusted(userInfo().username),
  body: { type: 'arm', account },
});
