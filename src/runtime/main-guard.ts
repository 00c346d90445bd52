/**
 * Ends a process whose main thread hangs, from another thread, so that a service manager starts it
 * again: the stops are at the broker and recovery does the rest (F123, I28).
 * Deliberately counts beats, not time: a process that was suspended and woken up is not ended.
 */
import { writeSync } from 'node:fs';

/** Documented in the table of exit codes. */
export const STUCK_CODE = 71;
const LOOK_MS = 1_000;
/** Looks without a single beat; the main thread beats twice a second. */
const LOOKS_MAX = 12;
/** When even leaving does not work: a call into the system that never comes back. */
const KILL_MS = 2_000;

/** Begins to watch; never returns the main thread to life, only ends it. */
export function guardMainThread(beat: SharedArrayBuffer): void {
  const beats = new Int32Array(beat);
  let last = 0;
  let silent = 0;
  const timer = setInterval(() => {
    const now = Atomics.load(beats, 0);
    // Nothing is watched before the first beat, and nothing after a farewell.
    silent = now === last && now > 0 ? silent + 1 : 0;
    last = now;
    if (silent < LOOKS_MAX) return;
    clearInterval(timer);
    void endProcess();
  }, LOOK_MS);
  timer.unref();
}

async function endProcess(): Promise<void> {
  try {
    writeSync(2, `palm-oil-tui: the main thread hangs since ${LOOKS_MAX} s: ending (F123)\n`);
  } catch {
    // Nobody reads; the exit code says the same.
  }
  const last = setTimeout(() => process.kill(process.pid, 'SIGKILL'), KILL_MS);
  last.ref();
  try {
    const { Session } = await import('node:inspector');
    const session = new Session();
    // Reaches a thread that runs for ever; no port is opened.
    session.connectToMainThread();
    session.post('Runtime.evaluate', { expression: `process.exit(${STUCK_CODE})` });
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
}
