/**
 * `--arm ACCOUNT`: waits until a headless live run has its whole checklist green, then arms it
 * through the same command a person at the screen uses; or says why it cannot be.
 * Deliberately asks again and again on the run's own clock: in the simulator that repeats by seed.
 */
import { type Command, commandId, untrusted } from '../engine/index.ts';
import { snapshot } from '../engine/snapshot.ts';
import type { Console } from './compose.ts';

/** Looks so often, and not longer, on the clock of the run; milliseconds. */
const LOOK_MS = 250;
export const ARM_WITHIN_MS = 120_000;

export interface ArmWish {
  /** The number of the account, as it was given. */
  readonly account: string;
  /** Operating-system user, for the audit. */
  readonly by: string;
  /** It cannot be armed: a sentence for the person. Called at most once. */
  readonly onRefused: (sentence: string) => void;
}

/** Begins to wait; the console must have begun. */
export function armWhenReady({ clock, loop }: Console, wish: ArmWish): void {
  const limit = clock.mono() + ARM_WITHIN_MS;
  const id = commandId(`arm-${loop.state().core.runId}`);
  const refuse = (why: string): void => {
    wish.onRefused(`Live mode was not armed: ${why}. Nothing was opened.`);
  };
  /** True while there is something to wait for. */
  const isOpen = (): boolean => {
    const { core } = loop.state();
    const answer = core.commands.find((one) => one.id === id);
    if (answer?.status === 'refused') refuse(answer.reason);
    if (answer !== undefined) return false;
    const { account } = core;
    if (account !== undefined && wish.account !== account.login && wish.account !== account.id) {
      refuse(`${wish.account} is not the number of this account`);
      return false;
    }
    const red = snapshot(loop.state(), loop.now()).arming.checklist.find((item) => !item.ok);
    if (red === undefined) loop.post({ type: 'command', command: commandOf(id, wish) });
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

const commandOf = (id: Command['id'], { account, by }: ArmWish): Command => ({
  id,
  role: 'operator',
  by: untrusted(by),
  body: { type: 'arm', account },
});
