/**
 * The `status` verb: one look at a running engine as text or JSON; the exit code tells health.
 * Deliberately says only what the engine's snapshot says; what is unknown is `null`, never zero.
 */
import {
  bpsText,
  type Money,
  moneyText,
  PRICE_SCALE,
  priceText,
  type Snapshot,
  spanText,
  VOLUME_SCALE,
  volumeText,
} from '../../engine/index.ts';
import type { EngineHello, JournalHead } from '../../runtime/link-lines.ts';
import { skewNote } from '../../runtime/link-skew.ts';
import { NoEngine, type RemoteLink } from '../../runtime/link-socket.ts';
import { systemClock } from '../../runtime/loop.ts';
import { JournalDamaged } from '../../runtime/recovery.ts';
import { unreadiness } from '../../runtime/telemetry.ts';
import { printable } from '../../ui/text.ts';
import { findEngines } from '../engine-finder.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { linkPlatform } from '../run-link.ts';
import { VERSION } from '../version.ts';
import type { LinkRequest } from './link-options.ts';

const NAME = 'palm-oil-tui';
/** An engine shows itself at least once a second; more silence than this is a fault of its own. */
const PICTURE_MS = 5_000;

export interface StatusWish {
  readonly json: boolean;
  /** The page for who comes on shift, instead. */
  readonly handover: boolean;
  /** Signs it, with a text for who comes next. */
  readonly sign: string | undefined;
}

/** Prints one look; 0 when nothing needs attention, `unhealthy` or `noEngine` otherwise. */
export async function statusCommand(
  request: LinkRequest,
  { json, handover, sign }: StatusWish,
  io: Io,
): Promise<number> {
  try {
    const wish = { role: 'observer', most: 1 } as const;
    const [link] = await findEngines(request, linkPlatform(io.env), wish);
    const seen = await firstPicture(link);
    link.close();
    const [snapshot, journal] = seen;
    const troubles = unreadiness(snapshot);
    const look: Look = { snapshot, journal, hello: link.hello, troubles };
    const note = skewNote(link.hello.version, VERSION);
    if (note !== undefined) io.stderr.write(`${NAME}: ${note}\n`);
    const page = json ? `${JSON.stringify(statusJson(look), null, 2)}\n` : statusText(look);
    io.stdout.write(handover ? await pageOf(look, request, { json, sign }) : page);
    return troubles.length === 0 ? EXIT.ok : EXIT.unhealthy;
  } catch (error) {
    if (!(error instanceof NoEngine)) throw error;
    io.stderr.write(`${NAME}: ${error.message}\n`);
    if (handover && request.socket === undefined)
      await handOverStopped(request, { json, sign }, io);
    return EXIT.noEngine;
  }
}

type PageWish = Pick<StatusWish, 'json' | 'sign'>;

async function pageOf(look: Look, request: LinkRequest, wish: PageWish): Promise<string> {
  const { handoverReport } = await import('./handover.ts');
  const { dataDir, resolved } = request;
  return handoverReport(look, { dataDir, resolved, ...wish });
}

/** The page of an engine that ended: what its journal knew. */
async function handOverStopped(request: LinkRequest, wish: PageWish, io: Io): Promise<void> {
  const { stoppedLook } = await import('../stopped-look.ts');
  try {
    const look = await stoppedLook(request);
    if (look !== undefined) io.stdout.write(await pageOf(look, request, wish));
  } catch (error) {
    if (!(error instanceof JournalDamaged)) throw error;
    io.stderr.write(`${NAME}: ${error.message}\n`);
  }
}

/** Waits for the first picture; rejects with {@link NoEngine} when none comes. */
function firstPicture(link: RemoteLink): Promise<readonly [Snapshot, JournalHead]> {
  return new Promise((resolve, reject) => {
    const late = systemClock().after(PICTURE_MS, () => {
      link.close();
      reject(new NoEngine(`The engine at ${link.path} shows nothing: it hangs.`));
    });
    void link.ended.then((reason) => {
      late.cancel();
      reject(new NoEngine(`The engine at ${link.path} is gone: ${reason}.`));
    });
    link.subscribe((snapshot) => {
      late.cancel();
      resolve([snapshot, link.status().journal ?? { entries: 0, digest: '' }]);
    });
  });
}

export interface Look {
  readonly snapshot: Snapshot;
  readonly journal: JournalHead;
  readonly hello: EngineHello;
  /** What needs attention, in words; empty when healthy. */
  readonly troubles: readonly string[];
}

const instant = (wall: number | undefined) =>
  wall === undefined ? null : new Date(wall).toISOString();
const plain = (price: number | undefined) => (price === undefined ? null : price / PRICE_SCALE);

/** Money as text with the account's decimals; `null` where nothing can be compared. */
function shadowJson({ shadow, account }: Snapshot) {
  if (shadow === undefined || account === undefined) return null;
  const money = (value: Money | undefined) =>
    value === undefined ? null : moneyText(value, account.exponent);
  const { entryTicks, exitTicks, compared, missing, extra } = shadow;
  const { slippage, divergence } = shadow;
  return {
    ...{ compared, missing, extra, entryTicks, exitTicks },
    slippage: money(slippage),
    divergence: money(divergence),
    pairs: shadow.pairs,
  };
}

function shadowText({ shadow, account }: Snapshot): string {
  if (shadow === undefined || account === undefined) return 'nothing to compare';
  const { entryTicks, exitTicks, divergence, compared, missing, extra } = shadow;
  const apart =
    divergence === undefined
      ? ''
      : `, ${moneyText(divergence, account.exponent)} ${account.currency} against paper`;
  return (
    `${compared} trade(s) compared${apart}, slippage ${entryTicks} in, ${exitTicks} out (ticks), ` +
    `${missing} missing, ${extra} extra`
  );
}

const armingJson = ({ arming }: Snapshot) => ({
  state: arming.state,
  until: instant(arming.armedUntil),
  why: arming.why ?? null,
  checklist: arming.checklist.map(({ name, ok, reason, remedy }) => ({
    name,
    ok,
    reason,
    remedy: remedy ?? null,
  })),
});

/** The object of `status --json`: prices as quoted, volumes in units, money as decimal text. */
export function statusJson({ snapshot, journal, hello, troubles }: Look): object {
  const { account, link, quote, sentiment, instrument, stats } = snapshot;
  const money = (amount: Money | undefined) =>
    account === undefined || amount === undefined ? null : moneyText(amount, account.exponent);
  const decision = snapshot.decisions.at(-1);
  return {
    version: snapshot.productVersion,
    runId: snapshot.runId,
    env: snapshot.environment,
    mode: snapshot.mode,
    healthy: troubles.length === 0,
    troubles,
    account: account?.login ?? null,
    funds:
      account === undefined
        ? null
        : {
            currency: account.currency,
            balance: money(account.balance),
            equity: money(account.equity),
            dayPnl: money(account.dayPnl),
          },
    ...{ accountFingerprint: hello.account, operator: hello.operator ?? null },
    tradingState: snapshot.tradingState,
    arming: armingJson(snapshot),
    shadow: shadowJson(snapshot),
    entriesAllowed: snapshot.entriesAllowed,
    entriesBlockedBy: snapshot.entriesBlockedBy ?? null,
    link: { state: link.state, ageMs: link.ageMs, roundTripMs: link.roundTripMs ?? null },
    session: snapshot.session.state,
    instrument: instrument?.name ?? null,
    quote:
      quote === undefined
        ? null
        : { bid: plain(quote.bid), ask: plain(quote.ask), ageMs: quote.ageMs, fresh: quote.fresh },
    rsi: snapshot.indicators.rsi ?? null,
    sentiment: sentiment.reading ?? null,
    sentimentAbstained: sentiment.abstained ?? null,
    nextEvent: eventJson(snapshot),
    ...bookJson(snapshot, money),
    breakers: snapshot.breakers.map(({ name, tripped, reason, distance, clears }) => ({
      name,
      tripped,
      reason,
      distance,
      clears,
    })),
    lastDecision:
      decision === undefined
        ? null
        : {
            barTime: instant(decision.barTime),
            side: decision.side ?? null,
            blockedBy: decision.blockedBy ?? null,
            sentence: decision.sentence,
          },
    stats: {
      trades: stats.trades,
      wins: stats.wins,
      losses: stats.losses,
      netProfit: money(stats.netProfit),
      winRatePercent: stats.winRateBps === undefined ? null : stats.winRateBps / 100,
      profitFactor: stats.profitFactor ?? null,
      maxDrawdown: money(stats.maxDrawdown),
    },
    journal,
    digest: snapshot.digest,
    time: instant(snapshot.wall),
    runtimeMs: snapshot.runtimeMs,
  };
}

function eventRow({ nextEvent, wall }: Snapshot): readonly (readonly [string, string])[] {
  if (nextEvent === undefined) return [];
  const { name, at, waitsUntil } = nextEvent;
  const ahead = `${name} in ${spanText(Math.max(0, at - wall))}`;
  const waits = `${name}: entries wait ${spanText((waitsUntil ?? at) - wall)} more`;
  return [['next event', waitsUntil === undefined ? ahead : waits]];
}

function eventJson({ nextEvent }: Snapshot): object | null {
  if (nextEvent === undefined) return null;
  const { name, at, waitsUntil } = nextEvent;
  return { name, at: instant(at), entriesWaitUntil: instant(waitsUntil) };
}

/** Positions and orders; ids are text. */
function bookJson(snapshot: Snapshot, money: (amount: Money | undefined) => string | null): object {
  return {
    positions: snapshot.positions.map((one) => ({
      id: one.id,
      side: one.side,
      volume: one.volume / VOLUME_SCALE,
      entry: plain(one.entry),
      stop: plain(one.stop),
      target: plain(one.target),
      openPnl: money(one.openPnl),
      state: one.state,
      ours: one.ours,
    })),
    orders: snapshot.orders.map((one) => ({
      id: one.id,
      side: one.side,
      volume: one.volume / VOLUME_SCALE,
      executed: one.executed / VOLUME_SCALE,
      state: one.state,
      working: one.working,
      ageMs: one.ageMs,
    })),
  };
}

/** The same for a person, in a dozen lines. */
export function statusText({ snapshot, journal, hello, troubles }: Look): string {
  const { account, link, quote, indicators, instrument, stats, sentiment } = snapshot;
  const digits = instrument?.digits ?? 0;
  const whose = account === undefined ? 'account unknown' : `account ${account.login}`;
  const reading = sentiment.reading;
  const tripped = snapshot.breakers.filter((one) => one.tripped);
  const working = snapshot.orders.filter((one) => one.working);
  const rows: readonly (readonly [string, string])[] = [
    ['engine', `${snapshot.environment}, ${snapshot.mode}, ${whose}, run ${snapshot.runId}`],
    ['operator', hello.operator ?? 'nobody'],
    ['health', troubles.length === 0 ? 'ok' : troubles.join('; ')],
    ['trading', `${snapshot.tradingState}, link ${link.state}, session ${snapshot.session.state}`],
    ['entries', snapshot.entriesAllowed ? 'allowed' : `blocked: ${snapshot.entriesBlockedBy}`],
    [
      'quote',
      quote === undefined
        ? 'none'
        : `${priceText(quote.bid, digits)} / ${priceText(quote.ask, digits)} ` +
          `${instrument?.name ?? ''}, ${(quote.ageMs / 1_000).toFixed(1)} s old`,
    ],
    ['RSI', indicators.rsi?.toFixed(1) ?? 'warming up'],
    [
      'sentiment',
      reading === undefined
        ? 'none'
        : `${reading.score} from ${reading.source}, ${Math.round(reading.ageMs / 1_000)} s old` +
          (reading.simulated && reading.source !== 'simulated' ? ', simulated' : '') +
          (reading.expired ? ', expired' : '') +
          (sentiment.abstained === undefined ? '' : `; now abstains: ${sentiment.abstained}`),
    ],
    ...eventRow(snapshot),
    ...snapshot.positions.map(
      (one) =>
        [
          'position',
          `${one.id} ${one.side} ${volumeText(one.volume)} at ${priceText(one.entry, digits)}, ` +
            `stop ${one.stop === undefined ? 'NONE' : priceText(one.stop, digits)}, ${one.state}` +
            (one.ours ? '' : ', not ours'),
        ] as const,
    ),
    ...working.map((one) => ['order', `${one.id} ${one.side} ${one.state}`] as const),
    ...tripped.map((one) => ['breaker', `${one.name}: ${one.reason}`] as const),
    ['decision', snapshot.decisions.at(-1)?.sentence ?? 'none yet'],
    [
      'result',
      `${stats.trades} trade(s)` +
        (account === undefined
          ? ''
          : `, net ${moneyText(stats.netProfit, account.exponent)} ${account.currency}, ` +
            `drawdown ${bpsText(stats.maxDrawdownBps)}`),
    ],
    ...(snapshot.shadow === undefined ? [] : [['shadow', shadowText(snapshot)] as const]),
    ['journal', `${journal.entries} entries, digest ${journal.digest.slice(0, 16)}`],
  ];
  return rows.map(([name, text]) => `${name.padEnd(10)}${printable(text)}\n`).join('');
}
