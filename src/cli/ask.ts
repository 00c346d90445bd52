/**
 * One line from the person, without showing it: a passphrase, a pasted address with a code in it.
 * Deliberately not a line editor: what is typed appears nowhere, so there is nothing to edit.
 */
import { type Secret, secret } from '../ctrader/secret.ts';
import type { Io } from './io.ts';

/** The person left with Ctrl-C or Ctrl-D, or the input ended. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

const LENGTH_MAX = 8_192;
const [INTERRUPT, END, BACKSPACE, DELETE] = ['\u0003', '\u0004', '\b', '\u007f'];

/** True when a person can be asked. */
export function canAsk(io: Io): boolean {
  const stdin = io.stdin as NodeJS.ReadStream;
  return stdin.isTTY === true && typeof stdin.setRawMode === 'function';
}

/** Reads one line; from a terminal unseen, from a pipe as it is. Rejects with {@link NoAnswer}. */
export function askUnseen(io: Io, question: string): Promise<Secret> {
  const stdin = io.stdin as NodeJS.ReadStream;
  const isTerminal = canAsk(io);
  return new Promise((resolve, reject) => {
    let line = '';
    const finish = (act: () => void): void => {
      stdin.off('data', onData);
      stdin.off('end', onEnd);
      if (isTerminal) stdin.setRawMode(false);
      stdin.pause();
      io.stderr.write('\n');
      act();
    };
    const onEnd = (): void => {
      if (line === '') finish(() => reject(new NoAnswer('Nothing was entered.')));
      else finish(() => resolve(secret(line)));
    };
    const onData = (chunk: Buffer | string): void => {
      for (const sign of String(chunk)) {
        if (sign === '\r' || sign === '\n') {
          finish(() => resolve(secret(line)));
          return;
        }
        if (isTerminal && (sign === INTERRUPT || sign === END)) {
          finish(() => reject(new NoAnswer('Given up: nothing was changed.')));
          return;
        }
        if (isTerminal && (sign === BACKSPACE || sign === DELETE)) {
          line = [...line].slice(0, -1).join('');
        } else if (line.length < LENGTH_MAX) {
          line += sign;
        }
      }
    };
    stdin.on('data', onData);
    stdin.once('end', onEnd);
    // Before the question: who answers at once must not be shown either.
    if (isTerminal) stdin.setRawMode(true);
    stdin.resume();
    io.stderr.write(question);
  });
}
