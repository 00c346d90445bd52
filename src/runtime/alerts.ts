/**
 * Who is told what, and how often: the same trouble once, few alerts an hour, one summary a day,
 * and a sign of life for a watchdog elsewhere.
 * Deliberately never waits for anybody: a route that fails is counted, and the engine goes on.
 */
import type { AlertLevel } from '../engine/index.ts';
import type { Clock } from '../engine/ports.ts';
import type { Post, PostOutcome } from './alert-post.ts';
import { type Alert, hostOf, plainText, type Route, requestOf } from './alert-routes.ts';

export interface AlertSettings {
  readonly routes: readonly Route[];
  /** Nothing milder is sent. */
  readonly least: AlertLevel;
  /** The same trouble is not told again within this time. */
  readonly repeatMs: number;
  /** Alerts within any hour; what is more is counted and told with the next. */
  readonly perHour: number;
  /** Hour of the day in UTC for the summary; none when absent. */
  readonly summaryHour: number | undefined;
  readonly deadmanMs: number;
}

export interface AlertParts {
  readonly settings: AlertSettings;
  readonly source: string;
  /** Real time. */
  readonly clock: Pick<Clock, 'mono' | 'wall' | 'after'>;
  readonly post: Post;
  readonly note: (text: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface Alerts {
  raise(level: AlertLevel, key: string, text: string): void;
  /** The trouble of this key is over; told to whoever heard of it. */
  over(key: string, text: string): void;
  /** Asked again and again: sends the summary when its hour has come, and the sign of life. */
  look(isWell: boolean, summary: () => string): void;
  /** By what became of them: sent, repeated, held back, mild, failed. */
  counts(): Readonly<Record<string, number>>;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const KEYS_MAX = 500;
/** Alerts of one route that wait; older ones go first. */
const WAITING_MAX = 50;
/** Pauses before the second and the third try, in milliseconds. */
const RETRY_MS = [2_000, 15_000] as const;
const RANK: Readonly<Record<AlertLevel, number>> = { info: 0, warning: 1, critical: 2 };

export function createAlerts(parts: AlertParts): Alerts {
  return new Router(parts);
}

interface Told {
  at: number;
  repeats: number;
}

class Router implements Alerts {
  readonly #parts: AlertParts;
  readonly #lines: readonly RouteLine[];
  readonly #deadman: Route | undefined;
  readonly #told = new Map<string, Told>();
  readonly #counts: Record<string, number> = {};
  #sentAt: number[] = [];
  #heldBack = 0;
  #summaryDay: number | undefined;
  #pingedAt = Number.NEGATIVE_INFINITY;
  #ping: Promise<unknown> | undefined;

  constructor(parts: AlertParts) {
    this.#parts = parts;
    const { routes } = parts.settings;
    this.#deadman = routes.find((one) => one.type === 'deadman');
    this.#lines = routes
      .filter((one) => one.type !== 'deadman')
      .map((route) => new RouteLine(route, parts, (word) => this.#count(word)));
  }

  raise(level: AlertLevel, key: string, text: string): void {
    const { settings, clock } = this.#parts;
    if (this.#lines.length === 0) return;
    if (RANK[level] < RANK[settings.least]) {
      this.#count('mild');
      return;
    }
    const now = clock.mono();
    const told = this.#told.get(key);
    if (told !== undefined && now - told.at < settings.repeatMs) {
      told.repeats += 1;
      this.#count('repeated');
      return;
    }
    if (!this.#mayTell(now)) {
      this.#heldBack += 1;
      this.#count('held back');
      return;
    }
    const again = told === undefined || told.repeats === 0 ? '' : ` (${told.repeats} times since)`;
    const more = this.#heldBack === 0 ? '' : ` [${this.#heldBack} alert(s) were held back]`;
    this.#heldBack = 0;
    this.#told.delete(key);
    if (this.#told.size >= KEYS_MAX) this.#told.delete(this.#told.keys().next().value ?? '');
    this.#told.set(key, { at: now, repeats: 0 });
    this.#tell(level, key, `${text}${again}${more}`);
  }

  over(key: string, text: string): void {
    if (!this.#told.delete(key)) return;
    if (this.#mayTell(this.#parts.clock.mono())) this.#tell('info', key, `over: ${text}`);
  }

  look(isWell: boolean, summary: () => string): void {
    const { clock, settings, post } = this.#parts;
    const { summaryHour, deadmanMs } = settings;
    const wall = clock.wall();
    const day = summaryHour === undefined ? 0 : Math.floor((wall - summaryHour * HOUR_MS) / DAY_MS);
    // The first look only learns which day it is: a restart is no reason for a summary.
    if (this.#summaryDay !== undefined && day > this.#summaryDay) {
      this.#tell('info', 'summary', summary());
    }
    this.#summaryDay = day;
    const now = clock.mono();
    if (this.#deadman === undefined || !isWell || this.#ping !== undefined) return;
    if (now - this.#pingedAt < deadmanMs) return;
    this.#pingedAt = now;
    this.#ping = post(requestOf(this.#deadman, this.#alert('info', 'deadman', ''))).then((done) => {
      this.#ping = undefined;
      this.#count(done.status === 'delivered' ? 'pinged' : 'ping failed');
    });
  }

  counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  async settled(): Promise<void> {
    await Promise.all([this.#ping, ...this.#lines.map((line) => line.settled())]);
  }

  #tell(level: AlertLevel, key: string, text: string): void {
    this.#sentAt.push(this.#parts.clock.mono());
    const alert = this.#alert(level, key, text);
    for (const line of this.#lines) line.take(alert);
  }

  #alert(level: AlertLevel, key: string, text: string): Alert {
    const { source, clock } = this.#parts;
    return { level, key, text: plainText(text), source, at: clock.wall() };
  }

  #mayTell(now: number): boolean {
    this.#sentAt = this.#sentAt.filter((at) => now - at < HOUR_MS);
    return this.#sentAt.length < this.#parts.settings.perHour;
  }

  #count(word: string): void {
    this.#counts[word] = (this.#counts[word] ?? 0) + 1;
  }
}

/** The alerts of one route, one after the other, each tried three times. */
class RouteLine {
  readonly #route: Route;
  readonly #parts: AlertParts;
  readonly #count: (word: string) => void;
  readonly #waiting: Alert[] = [];
  #work: Promise<void> | undefined;

  constructor(route: Route, parts: AlertParts, count: (word: string) => void) {
    this.#route = route;
    this.#parts = parts;
    this.#count = count;
  }

  take(alert: Alert): void {
    if (this.#waiting.length >= WAITING_MAX) {
      this.#waiting.shift();
      this.#count('dropped');
    }
    this.#waiting.push(alert);
    this.#work ??= this.#deliver().finally(() => {
      this.#work = undefined;
    });
  }

  async settled(): Promise<void> {
    await this.#work;
  }

  async #deliver(): Promise<void> {
    for (let alert = this.#waiting.shift(); alert !== undefined; alert = this.#waiting.shift()) {
      const outcome = await this.#try(alert);
      const isThere = outcome.status === 'delivered';
      this.#count(isThere ? 'sent' : 'failed');
      const why = isThere ? outcome.remark : outcome.why;
      if (why === undefined) continue;
      const fields = { route: this.#route.type, host: hostOf(this.#route), key: alert.key, why };
      const what = isThere ? 'an alert did not reach everybody' : 'an alert was not delivered';
      this.#parts.note(what, fields);
    }
  }

  async #try(alert: Alert): Promise<PostOutcome> {
    const request = requestOf(this.#route, alert);
    let outcome = await this.#parts.post(request);
    for (const pause of RETRY_MS) {
      if (outcome.status === 'delivered') return outcome;
      await new Promise<void>((resolve) => {
        this.#parts.clock.after(pause, resolve);
      });
      outcome = await this.#parts.post(request);
    }
    return outcome;
  }
}
