/**
 * The alerts of a run: routes and limits from the settings, what is looked at and when, the summary
 * of the day, and what happens when no operator was there for too long.
 * Deliberately only tells; the one thing it does is to stop entries when nobody looks.
 */
import {
  type AlertLevel,
  type Command,
  commandId,
  moneyText,
  type Snapshot,
  untrusted,
} from '../engine/index.ts';
import { createPost } from '../runtime/alert-post.ts';
import type { Route } from '../runtime/alert-routes.ts';
import { type TriggerLimits, type Trouble, troublesOf } from '../runtime/alert-triggers.ts';
import { type AlertSettings, type Alerts, createAlerts } from '../runtime/alerts.ts';
import type { Log } from '../runtime/log.ts';
import { systemClock } from '../runtime/loop.ts';
import type { Config } from './config.ts';
import { isLoopback } from './config-kinds.ts';

/** Every route that is set up; together they are the allow-list of alerts. */
export function routesOf(config: Config): readonly Route[] {
  const { alertWebhook, alertTelegramToken, alertTelegramChat, alertNtfy, deadmanUrl } = config;
  const routes: Route[] = [];
  if (alertWebhook !== undefined) routes.push({ type: 'webhook', url: alertWebhook.reveal() });
  if (alertTelegramToken !== undefined && alertTelegramChat !== undefined) {
    const [token, chat] = [alertTelegramToken.reveal(), alertTelegramChat];
    routes.push({ type: 'telegram', base: config.alertTelegramUrl, token, chat });
  }
  if (alertNtfy !== undefined) {
    const token = config.alertNtfyToken?.reveal();
    routes.push({ type: 'ntfy', url: alertNtfy.reveal(), token });
  }
  const mail = mailRoute(config);
  if (mail !== undefined) routes.push(mail);
  if (deadmanUrl !== undefined) routes.push({ type: 'deadman', url: deadmanUrl.reveal() });
  return routes;
}

const MAIL_PORTS = { 'smtp:': 587, 'smtps:': 465 } as const;

/** The settings belong together; the configuration has refused half a route. */
function mailRoute(config: Config): Route | undefined {
  const { alertEmailServer, alertEmailFrom: from, alertEmailTo: to } = config;
  if (alertEmailServer === undefined || from === undefined || to === undefined) return undefined;
  const { protocol: said, hostname, port } = new URL(alertEmailServer.reveal());
  const protocol = said === 'smtps:' ? said : 'smtp:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const { alertEmailUser: user, alertEmailPassword: password } = config;
  const login = user && password && { user, password: password.reveal() };
  const where = { host, port: port === '' ? MAIL_PORTS[protocol] : Number(port) };
  return {
    type: 'email',
    server: { protocol, ...where, login: login || undefined, isLocal: isLoopback(host) },
    from,
    to,
  };
}

export const alertSettings = (config: Config): AlertSettings => ({
  routes: routesOf(config),
  least: config.alertLevel,
  repeatMs: config.alertRepeatMs,
  perHour: config.alertPerHour,
  summaryHour: config.alertSummaryHour,
  deadmanMs: config.deadmanMs,
});

const HOUR_MS = 3_600_000;

export interface RunAlertsParts {
  readonly config: Config;
  readonly log: Log;
  /** Replaces the machine's clock in tests. */
  readonly clock?: Parameters<typeof createAlerts>[0]['clock'];
}

/** One look at a run. */
export interface RunLook {
  readonly now: Snapshot;
  readonly freeMib: number | undefined;
  readonly ills: readonly string[];
  /** An operator is at the screen or attached. */
  readonly isWatched: boolean;
  /** Does what the policy for an absent operator says. */
  readonly command: (command: Command) => void;
}

export interface RunAlerts {
  /** What the engine itself wants a person to know. */
  heard(level: AlertLevel, text: string): void;
  /** Every few seconds. */
  look(look: RunLook): void;
  counts(): Readonly<Record<string, number>>;
  /** Lets what is under way arrive, for a moment. */
  settled(): Promise<void>;
}

export function createRunAlerts(parts: RunAlertsParts): RunAlerts {
  return new Watcher(parts);
}

class Watcher implements RunAlerts {
  readonly #config: Config;
  readonly #log: Log;
  readonly #clock: NonNullable<RunAlertsParts['clock']>;
  readonly #alerts: Alerts;
  readonly #limits: TriggerLimits;
  #troubles: readonly Trouble[] = [];
  #readyAt: number;
  #watchedAt: number;
  #isAbsent = false;

  constructor({ config, log, clock = systemClock() }: RunAlertsParts) {
    this.#config = config;
    this.#log = log;
    this.#clock = clock;
    const settings = alertSettings(config);
    this.#alerts = createAlerts({
      settings,
      source: `${config.environment}, ${config.mode}`,
      clock,
      post: createPost(settings.routes),
      note: (text, fields) => log.warn(text, fields),
    });
    this.#limits = {
      disconnectMs: config.alertDisconnectMs,
      silenceMs: config.alertSilenceMs,
      loginMs: config.alertLoginHours * HOUR_MS,
      freeMibLeast: config.alertFreeMib,
    };
    this.#readyAt = clock.mono();
    this.#watchedAt = clock.mono();
  }

  heard(level: AlertLevel, text: string): void {
    // Breakers, stops and orders are in the picture too, with a key that knows when it is over.
    if (/^breaker |has no stop|outcome unknown/.test(text)) return;
    this.#alerts.raise(level, text, text);
  }

  look({ now, freeMib, ills, isWatched, command }: RunLook): void {
    const at = this.#clock.mono();
    if (now.link.state === 'READY') this.#readyAt = at;
    const seen = { now, freeMib, ills, offlineMs: at - this.#readyAt };
    const troubles = troublesOf(seen, this.#limits);
    for (const { level, key, text } of troubles) this.#alerts.raise(level, key, text);
    const keys = new Set(troubles.map((one) => one.key));
    for (const { key, text } of this.#troubles) if (!keys.has(key)) this.#alerts.over(key, text);
    this.#troubles = troubles;
    this.#alerts.look(ills.length === 0, () => summaryOf(now, this.#alerts.counts()));
    if (isWatched) {
      this.#watchedAt = at;
      this.#isAbsent = false;
    }
    this.#judgeAbsence(at - this.#watchedAt, now, command);
  }

  #judgeAbsence(goneMs: number, now: Snapshot, command: RunLook['command']): void {
    const { absentHours, absentAction } = this.#config;
    if (absentHours === undefined || this.#isAbsent || goneMs < absentHours * HOUR_MS) return;
    this.#isAbsent = true;
    const stops = absentAction === 'stop-entries' && now.tradingState === 'active';
    const text = `no operator for ${absentHours} h${stops ? ': entries are stopped' : ''}`;
    this.#log.warn(text);
    this.#alerts.raise('warning', 'absent', text);
    if (!stops) return;
    command({
      id: commandId(`absent-${now.runId}-${now.seq}`),
      role: 'operator',
      by: untrusted('policy: operator absent'),
      body: { type: 'setTradingState', state: 'reducing' },
    });
  }

  counts(): Readonly<Record<string, number>> {
    return this.#alerts.counts();
  }

  async settled(): Promise<void> {
    const moment = new Promise<void>((resolve) => {
      this.#clock.after(1_000, resolve);
    });
    await Promise.race([this.#alerts.settled(), moment]);
  }
}

/** The day in one line; what is not known is not in it. */
export function summaryOf(now: Snapshot, counts: Readonly<Record<string, number>>): string {
  const { account, positions, stats, breakers, counters, dayDecisions } = now;
  const tripped = breakers.filter((one) => one.tripped).map((one) => one.name);
  const money =
    account === undefined
      ? []
      : [
          `balance ${moneyText(account.balance, account.exponent)} ${account.currency}`,
          ...(account.dayPnl === undefined
            ? []
            : [`day ${moneyText(account.dayPnl, account.exponent)}`]),
        ];
  return [
    `summary: ${now.tradingState}, link ${now.link.state}`,
    ...money,
    `${positions.filter((one) => one.ours).length} position(s)`,
    `${stats.trades} trade(s) in all`,
    `${dayDecisions.bars} bars today, ${dayDecisions.entered} entries`,
    tripped.length === 0 ? 'no breaker tripped' : `tripped: ${tripped.join(', ')}`,
    `${counters.reconnects} reconnects, ${counters.rejects} rejects`,
    `${counts['failed'] ?? 0} alert(s) failed`,
  ].join('; ');
}
