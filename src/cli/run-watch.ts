/**
 * What watches a run from beside it: its pulse, metrics and health, the word to a service manager,
 * and the end of a headless run that was not well for too long.
 * Deliberately decides nothing about trading and never stops what is well.
 */
import type { AlertLevel, Snapshot } from '../engine/index.ts';
import type { Clock } from '../engine/ports.ts';
import { snapshot } from '../engine/snapshot.ts';
import { type HealthParts, illsOf } from '../runtime/health.ts';
import type { Log } from '../runtime/log.ts';
import { systemClock } from '../runtime/loop.ts';
import { createPulse, type Pulse } from '../runtime/pulse.ts';
import { createSupervisor, type Supervisor } from '../runtime/supervisor.ts';
import { openTelemetry, type Telemetry, unreadiness } from '../runtime/telemetry.ts';
import { createTimings, type Timings } from '../runtime/timings.ts';
import type { Console } from './compose.ts';
import type { Config } from './config.ts';
import { EXIT } from './exit.ts';
import { createRunAlerts, type RunAlerts } from './run-alerts.ts';

/** What is measured and watched inside the engine's own parts. */
export interface Vitals {
  readonly timings: Timings;
  /** Counted up by the main thread while it lives. */
  readonly beat: SharedArrayBuffer;
}

export interface RunWatchParts {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly log: Log;
  /** False once the loop has stopped for good. */
  readonly isAlive: () => boolean;
  /** True while an operator is at the screen or attached. */
  readonly isWatched: () => boolean;
  /** A headless run has not been well for as long as the settings allow. */
  readonly onUnwell: (code: number, why: string) => void;
  /** Replaces the machine's clock in tests. */
  readonly clock?: Pick<Clock, 'mono' | 'wall' | 'after'>;
}

/** What is looked at of a run. */
export interface Watched {
  readonly loop: Pick<Console['loop'], 'state' | 'now' | 'quietFor' | 'post'>;
  readonly journal: Pick<Console['journal'], 'waitsFor' | 'broken'>;
  readonly sentiment?: Console['sentiment'];
  readonly risk?: Console['risk'];
}

export interface RunWatch {
  readonly vitals: Vitals;
  /** Before anything else runs: a port in use must stop the start, not a running engine. */
  open(running: () => Watched | undefined): Promise<void>;
  /** What the engine wants a person to know. */
  readonly alert: (level: AlertLevel, text: string) => void;
  /** The run has begun. */
  began(): void;
  stopping(): void;
  close(): Promise<void>;
}

export function createRunWatch(parts: RunWatchParts): RunWatch {
  return new Watch(parts);
}

/** Beats between two looks at the whole. */
const LOOK_EVERY = 10;

class Watch implements RunWatch {
  readonly vitals: Vitals;
  readonly #parts: RunWatchParts;
  readonly #clock: NonNullable<RunWatchParts['clock']>;
  readonly #pulse: Pulse;
  readonly #notify: Supervisor;
  readonly #alerts: RunAlerts;
  #running: () => Watched | undefined = () => undefined;
  #telemetry: Telemetry | undefined;
  #unwellSince: number | undefined;
  #looks = 0;

  constructor(parts: RunWatchParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock();
    const timings = createTimings();
    this.#pulse = createPulse({ clock: this.#clock, timings, onBeat: () => this.#beat() });
    this.vitals = { timings, beat: this.#pulse.beat };
    const { env, pid, log, config } = parts;
    this.#alerts = createRunAlerts({ config, log, clock: this.#clock });
    const now = (): number => this.#clock.mono();
    this.#notify = createSupervisor({ env, pid, now, note: (text) => log.warn(text) });
  }

  async open(running: () => Watched | undefined): Promise<void> {
    this.#running = running;
    const { metricsEnabled, metricsHost, metricsPort } = this.#parts.config;
    if (!metricsEnabled) return;
    this.#telemetry = await openTelemetry({
      host: metricsHost,
      port: metricsPort,
      snapshot: () => this.#picture(),
      isAlive: this.#parts.isAlive,
      ills: () => this.#ills(),
      news: () => running()?.sentiment?.status?.(),
      risk: () => running()?.risk?.counts(),
      sources: {
        timings: this.vitals.timings,
        host: hostFigures,
        counts: {
          alerts: () => this.#alerts.counts(),
          log: () => this.#parts.log.suppressed?.() ?? {},
        },
      },
    });
  }

  alert = (level: AlertLevel, text: string): void => this.#alerts.heard(level, text);

  began(): void {
    this.#pulse.start();
    const { environment, mode } = this.#parts.config;
    this.#notify.ready(`${environment}, ${mode}`);
  }

  stopping(): void {
    this.#notify.stopping();
  }

  async close(): Promise<void> {
    this.#pulse.stop();
    await this.#alerts.settled();
    await this.#telemetry?.close();
  }

  #picture(): Snapshot | undefined {
    const loop = this.#running()?.loop;
    const isStarted = loop?.state().core.config !== undefined;
    return isStarted ? snapshot(loop.state(), loop.now()) : undefined;
  }

  #ills(): readonly string[] {
    const console = this.#running();
    return console === undefined ? [] : illsOf(healthOf(console));
  }

  #beat(): void {
    const ills = this.#ills();
    this.#notify.beat(ills.length === 0 && this.#parts.isAlive());
    // A whole picture costs more than the rest: once in five seconds is enough.
    this.#looks += 1;
    if (this.#looks % LOOK_EVERY !== 0) return;
    const now = this.#picture();
    this.#judge(now, ills);
    const loop = this.#running()?.loop;
    if (now === undefined || loop === undefined) return;
    this.#alerts.look({
      now,
      ills,
      freeMib: loop.state().core.outside.freeMib,
      isWatched: this.#parts.isWatched(),
      command: (command) => loop.post({ type: 'command', command }),
    });
  }

  /** Ends a headless run that stays unwell where a new start may help; people's work is left. */
  #judge(picture: Snapshot | undefined, ills: readonly string[]): void {
    const { unhealthyExitMs, ui } = this.#parts.config;
    if (unhealthyExitMs === undefined || ui) return;
    const trouble = healable(picture, ills);
    const now = this.#clock.mono();
    if (trouble === undefined) this.#unwellSince = undefined;
    else this.#unwellSince ??= now;
    if (trouble === undefined || now - (this.#unwellSince ?? now) < unhealthyExitMs) return;
    this.#parts.onUnwell(trouble.code, trouble.why);
  }
}

const healthOf = ({ loop, journal }: Watched): HealthParts => ({
  quietFor: () => loop.quietFor(),
  journalWaitsFor: () => journal.waitsFor(),
  journalBroken: () => journal.broken(),
});

/** Trouble that a new start may heal, and the exit code that says which. */
export function healable(
  now: Snapshot | undefined,
  ills: readonly string[],
): { readonly code: number; readonly why: string } | undefined {
  const [ill] = ills;
  if (ill !== undefined) {
    return { code: /journal|disk/.test(ill) ? EXIT.persistence : EXIT.stuck, why: ill };
  }
  // A login and a maintenance of the broker do not heal by trying again.
  if (now === undefined || ['AUTH_HALT', 'MAINTENANCE', 'HALTED'].includes(now.link.state)) {
    return undefined;
  }
  const why = unreadiness(now).find((one) => /^the link|^no fresh quote/.test(one));
  return why === undefined ? undefined : { code: EXIT.unreachable, why };
}

function hostFigures() {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    residentBytes: rss,
    heapBytes: heapUsed,
    externalBytes: external,
    cpuSeconds: (user + system) / 1e6,
  };
}
