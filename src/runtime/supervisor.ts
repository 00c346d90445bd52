/**
 * Tells a service manager that the engine is ready, lives and stops: READY, WATCHDOG, STOPPING.
 * Node cannot send a datagram to a Unix socket, so the manager's own `systemd-notify` does; the
 * unit needs NotifyAccess=all. Deliberately gives up with one line where that program is missing.
 */
import { execFile } from 'node:child_process';

export interface SupervisorParts {
  /** Of the process; NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID and PATH are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  /** The machine's time in milliseconds. */
  readonly now: () => number;
  readonly note: (text: string) => void;
}

export interface Supervisor {
  ready(status: string): void;
  /** Asked twice a second; keeps the watchdog quiet while all is well, and only then. */
  beat(isWell: boolean): void;
  stopping(): void;
}

const LIMIT_MS = 5_000;
const PROGRAM = 'systemd-notify';

const NOBODY: Supervisor = {
  ready: () => undefined,
  beat: () => undefined,
  stopping: () => undefined,
};

/** Does nothing at all without a service manager. */
export function createSupervisor(parts: SupervisorParts): Supervisor {
  const { env, pid, now, note } = parts;
  if (env['NOTIFY_SOCKET'] === undefined || env['NOTIFY_SOCKET'] === '') return NOBODY;
  const everyMs = watchdogMs(env, pid);
  let isDead = false;
  let isBusy = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  const say = (...lines: readonly string[]): void => {
    if (isDead) return;
    isBusy = true;
    // Only what the program needs: secrets of ours stay with us.
    const own = { NOTIFY_SOCKET: env['NOTIFY_SOCKET'], PATH: env['PATH'] };
    execFile(PROGRAM, [...lines], { env: own, timeout: LIMIT_MS }, (error) => {
      isBusy = false;
      if (error === null || isDead) return;
      isDead = error.code === 'ENOENT';
      const why = isDead ? `${PROGRAM} is not installed` : error.message.split('\n')[0];
      note(`the service manager cannot be told: ${why}`);
    });
  };
  return {
    ready: (status) => say('READY=1', `STATUS=${status}`, `MAINPID=${pid}`),
    beat: (isWell) => {
      if (everyMs === undefined || !isWell || isBusy || now() - toldAt < everyMs) return;
      toldAt = now();
      say('WATCHDOG=1');
    },
    stopping: () => say('STOPPING=1'),
  };
}

/** A third of what the manager allows, so that one lost word does not end us. */
function watchdogMs(env: SupervisorParts['env'], pid: number): number | undefined {
  const allowed = Number(env['WATCHDOG_USEC']) / 1_000;
  const whose = env['WATCHDOG_PID'];
  if (!(allowed > 0) || (whose !== undefined && whose !== String(pid))) return undefined;
  return allowed / 3;
}
