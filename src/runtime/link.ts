/**
 * The in-process EngineLink: the latest snapshot out at a bounded rate, the answer to a command at
 * once, commands in. Deliberately holds no trading state and sends nothing faster than that.
 */
import type { Command, CommandView, Snapshot } from '../engine/index.ts';
import type { EngineLink, Timer } from '../engine/ports.ts';

export interface LinkParts {
  /** Builds the picture of now; undefined before the run has started. */
  readonly picture: () => Snapshot | undefined;
  readonly post: (command: Command) => void;
  /** Real time. */
  readonly after: (delayMs: number, callback: () => void) => Timer;
}

export interface LocalLink extends EngineLink {
  /**
   * Says that the state changed; the picture follows at the latest after the interval. A list of
   * answers to commands other than the last one does not wait, nor does a connection that became
   * ready or ceased to be: somebody does.
   */
  changed(answers: readonly CommandView[], isReady: boolean): void;
  stop(): void;
}

/** At most eight pictures a second, and at least one, so that ages keep growing on the screen. */
const LEAST_MS = 125;
const MOST_MS = 1_000;
/** Answers that come together share a picture; commands are bounded where they come in. */
const ANSWER_MS = 1;

export function createLink(parts: LinkParts): LocalLink {
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let timer: Timer | undefined;
  let isSoon = false;
  let isAnswering = false;
  let answered: readonly CommandView[] | undefined;
  let wasReady = false;
  let isStopped = false;

  const publish = (): void => {
    timer = undefined;
    isSoon = false;
    isAnswering = false;
    if (isStopped) return;
    const snapshot = listeners.size === 0 ? undefined : parts.picture();
    plan(MOST_MS);
    if (snapshot === undefined) return;
    for (const listener of listeners) listener(snapshot);
  };
  const plan = (delayMs: number): void => {
    timer?.cancel();
    timer = parts.after(delayMs, publish);
  };
  plan(0);
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      const snapshot = parts.picture();
      if (snapshot !== undefined) listener(snapshot);
      return () => {
        listeners.delete(listener);
      };
    },
    send: (command) => parts.post(command),
    changed: (answers, isReady) => {
      const isAnswer = answers !== answered || isReady !== wasReady;
      answered = answers;
      wasReady = isReady;
      if (isStopped || isAnswering || (isSoon && !isAnswer)) return;
      isSoon = true;
      isAnswering = isAnswer;
      plan(isAnswer ? ANSWER_MS : LEAST_MS);
    },
    stop: () => {
      isStopped = true;
      timer?.cancel();
      listeners.clear();
    },
  };
}
