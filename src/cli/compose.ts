/**
 * The only place that makes hands and joins them to the engine (A12): what differs between
 * environments
 * and modes is here and nowhere else. Deliberately runs nothing: `commands/run.ts` starts and
 * stops.
 */
import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { type CtraderBroker, createCtraderBroker } from '../ctrader/broker.ts';
import type { Tokens } from '../ctrader/oauth/tokens.ts';
import { secret } from '../ctrader/secret.ts';
import { type Dial, tlsDial } from '../ctrader/transport.ts';
import {
  type Account,
  type AlertLevel,
  accountId,
  type Command,
  type Environment,
  mono,
  untrusted,
  type Wall,
} from '../engine/index.ts';
import type { Broker, Clock, Journal, Timer } from '../engine/ports.ts';
import { snapshot } from '../engine/snapshot.ts';
import { type EngineState, initialState } from '../engine/state.ts';
import { createSpaceWatch, type SpaceWatch } from '../runtime/free-space.ts';
import { type FileJournal, openJournal } from '../runtime/journal.ts';
import { GENESIS } from '../runtime/journal-rows.ts';
import { createLink, type LocalLink } from '../runtime/link.ts';
import type { Log } from '../runtime/log.ts';
import { createLoop, type Loop, type LoopHands, soon, systemClock } from '../runtime/loop.ts';
import type { Pacer } from '../runtime/pacer.ts';
import type { Recovered } from '../runtime/recovery.ts';
import { createRiskBook, type RiskBook } from '../runtime/risk-book.ts';
import { WRITER_URL } from '../runtime/writer-thread.ts';
import { allowedHosts, createLiveSentiment } from '../sentiment/index.ts';
import { FIRST_IDS, seedExchange } from '../sim/exchange.ts';
import { fcpoListing, SIMULATED_ACCOUNT } from '../sim/fcpo.ts';
import type { Market } from '../sim/market-types.ts';
import { createPaperBroker } from '../sim/paper-broker.ts';
import { type PaperSeed, paperSeed } from '../sim/paper-restore.ts';
import { createPrng } from '../sim/prng.ts';
import type { FaultScript } from '../sim/server/faults.ts';
import { memoryDial } from '../sim/server/memory-dial.ts';
import { createSimulatorServer } from '../sim/server/server.ts';
import { STANDARD_CREDENTIALS, standardBroker } from '../sim/server/standard-broker.ts';
import { withShadow } from '../sim/shadow-broker.ts';
import { createSimulatedSentiment } from '../sim/simulated-sentiment.ts';
import { type Config, engineConfig } from './config.ts';
import { createEventFeed, type EventFeed, eventCalendar } from './event-feed.ts';
import {
  liveSentimentSettings,
  type NewsSource,
  noteLevel,
  sentimentStore,
  spendingBook,
} from './live-sentiment.ts';
import type { Vitals } from './run-watch.ts';
import { pacerFor, virtualClock } from './sim-time.ts';
import { keeperOf, type TokenKeeper, withLogin } from './token-keeper.ts';
import { keepTradesCsv } from './trades-csv.ts';
import { VERSION } from './version.ts';

/** Everything a run consists of, joined and not yet started. */
export interface Console {
  readonly loop: Loop;
  readonly link: LocalLink;
  readonly journal: FileJournal;
  readonly broker: Broker;
  readonly sentiment: NewsSource | undefined;
  /** Absent where no calendar is known for the instrument. */
  readonly events: EventFeed | undefined;
  /** Absent where time is simulated: the same seed gives the same journal. */
  readonly space: SpaceWatch | undefined;
  readonly risk: RiskBook;
  /** Present where time is simulated. */
  readonly pacer: Pacer | undefined;
  /** Present with a stored login. */
  readonly keeper: TokenKeeper | undefined;
  readonly clock: Clock;
  readonly description: string;
}

export interface ComposeParts {
  readonly config: Config;
  readonly account: string;
  readonly runId: string;
  readonly recovered: Recovered | undefined;
  /** What of the former run's journal is missing or stands beside it: entries must wait. */
  readonly trouble?: string | undefined;
  readonly journalFile: string;
  /** Owner-only directory of this environment, account and mode. */
  readonly stateDir: string;
  /** The simulated market; present in environment `sim` only. */
  readonly market: Market | undefined;
  /** Of the simulated link; absent for an honest one. */
  readonly faults?: FaultScript | undefined;
  /** Simulated instant at which the run is over by itself. */
  readonly until: Wall | undefined;
  /** The stored login of this account; absent with a token from the environment, and in `sim`. */
  readonly tokens?: Tokens | undefined;
  readonly log: Log;
  /** Where spans of time are counted and the sign of life is kept; absent in proofs. */
  readonly vitals?: Vitals;
  /** What the engine wants a person to know at once. */
  readonly onAlert?: (level: AlertLevel, text: string) => void;
  /** A simulated run is over: its duration has passed. */
  readonly onEnd: () => void;
  readonly onDefect: (error: unknown) => void;
  /** After a change that is durable: what may be shown. */
  readonly onChange: (state: EngineState) => void;
  /** After every turn, durable or not: what proofs compare with. */
  readonly onTurn?: (state: EngineState) => void;
  /** Names of the frames that reached the simulated broker: what proofs count. */
  readonly onWire?: (name: string) => void;
}

/** Space for closing on a full disk; a simulation needs little. */
const RESERVE_BYTES = 32 * 1024 * 1024;
const SIM_RESERVE_BYTES = 64 * 1024;
/** One way, between client and simulator, in simulated milliseconds. */
const SIM_LATENCY_MS = 20;

const WRITER = { url: WRITER_URL };

const afterReal = (delayMs: number, callback: () => void): Timer => {
  const timer = setTimeout(callback, delayMs);
  return { cancel: () => clearTimeout(timer) };
};

/** Joins engine, journal, broker and link for the configured environment and mode. */
export function compose(parts: ComposeParts): Console {
  const { config, recovered, market } = parts;
  const state = recovered?.state ?? initialState();
  const virtual = market === undefined ? undefined : virtualClock(market, state);
  const clock = virtual ?? systemClock();
  const { broker, keeper } = brokerFor(parts, clock, state);
  const risk = createRiskBook(state);
  const journal = openJournal({
    file: parts.journalFile,
    head: recovered?.head ?? GENESIS,
    writer: WRITER,
    after: afterReal,
    ...journalTimes(parts),
    reserveBytes: market === undefined ? RESERVE_BYTES : SIM_RESERVE_BYTES,
    onReserve: (text) => parts.log.error('the journal is broken; kept in reserve', { text }),
    onAnswer: (answer) => {
      if (answer.type === 'durable') loop.post({ type: 'durable', upTo: answer.upTo });
      else loop.post({ type: 'journalFault', reason: answer.reason });
    },
  });
  // Nothing is shown or logged before it is durable: a crash must not take back what a person read.
  const show = (): void => {
    const { commands, link: connection } = loop.state().core;
    link.changed(commands, connection.state === 'READY');
    parts.onChange(loop.state());
  };
  const loop = createLoop({
    state,
    clock,
    monoBase: mono(state.at.mono + (recovered === undefined ? 0 : 1)),
    journal: withTradesCsv(parts, journal),
    schedule: virtual === undefined ? soon : () => pacer?.wake(),
    hands: handsOf(parts, broker),
    onChange: (next) => {
      journal.checkpointIfDue(next);
      risk.see(next);
      parts.onTurn?.(next);
      if (journal.pending()) void journal.settled().then(show);
      else show();
    },
    onDefect: parts.onDefect,
    ...timingsOf(parts),
  });
  const link = createLink({
    picture: () => {
      const now = loop.state();
      if (now.core.config === undefined) return undefined;
      return withLogin(snapshot(now, loop.now()), parts.tokens);
    },
    post: (command: Command) => loop.post({ type: 'command', command: withNews(command) }),
    after: afterReal,
  });
  const isReal = virtual === undefined || market === undefined;
  const pacer = isReal ? undefined : pacerFor({ parts, virtual, market, loop, journal });
  const sentiment = sentimentFor(parts, clock);
  /** The source answers where the command meets it; the engine journals question and answer. */
  const withNews = (command: Command): Command => {
    if (command.body.type !== 'refreshSentiment' || command.role !== 'operator') return command;
    const answer = sentiment?.refresh();
    return answer === undefined ? command : { ...command, body: { ...command.body, answer } };
  };
  const calendar = eventCalendar(config);
  const events = calendar && createEventFeed(calendar, config.eventWindows, clock);
  const description = market?.description ?? `cTrader ${config.host}`;
  const space = virtual === undefined ? spaceWatch(parts, clock, loop) : undefined;
  const hands = { broker, sentiment, events, space, risk, pacer, keeper };
  return { loop, link, journal, ...hands, clock, description };
}

const handsOf = ({ log, onAlert }: ComposeParts, broker: Broker): LoopHands => ({
  transmit: (request) => broker.send(request),
  query: (query) => broker.query(query),
  subscribe: (id) => broker.subscribe(id),
  alert: (level, text) => {
    if (level === 'info') log.info(text);
    else log.warn(text);
    onAlert?.(level, text);
  },
});

const timingsOf = ({ vitals }: ComposeParts) =>
  vitals === undefined ? {} : { timings: vitals.timings };

function withTradesCsv({ config, journalFile, log }: ComposeParts, journal: FileJournal): Journal {
  const { tradesCsv: file } = config;
  if (file === undefined) return journal;
  const settled = () => journal.settled();
  const onFault = (sentence: string) => log.error(sentence);
  return keepTradesCsv({ file, journalFile, journal, settled, onFault });
}

const journalTimes = ({ vitals, config }: ComposeParts) => ({
  keepDays: config.journalDays,
  now: () => performance.now(),
  onCommit: (spentMs: number) => vitals?.timings.observe('commit', spentMs),
  ...(vitals === undefined ? {} : { beat: vitals.beat }),
});

const spaceWatch = ({ stateDir, log }: ComposeParts, clock: Clock, loop: Loop): SpaceWatch =>
  createSpaceWatch({
    directory: stateDir,
    clock,
    post: (event) => loop.post(event),
    note: (text) => log.warn(text),
  });

/** Starts the engine's life: the first input, then the hands. */
export function begin(console: Console, parts: ComposeParts): void {
  const config = engineConfig(parts.config);
  const { loop, broker, sentiment, events, space } = console;
  loop.post({ type: 'started', runId: parts.runId, config, version: VERSION });
  // In the same turn and so in the same commit: a crash now must find the loss again.
  const { trouble } = parts;
  if (trouble !== undefined) loop.post({ type: 'journalFault', reason: untrusted(trouble) });
  loop.turn();
  loop.start();
  parts.tokens?.start();
  console.keeper?.start();
  broker.start((event) => {
    console.keeper?.heard(event);
    loop.post(event);
  });
  space?.start();
  events?.start((event) => loop.post(event));
  sentiment?.start((reading, abstained) =>
    loop.post({ type: 'sentiment', reading, ...(abstained === undefined ? {} : { abstained }) }),
  );
  console.pacer?.start();
}

interface Hands {
  readonly broker: Broker;
  readonly keeper: TokenKeeper | undefined;
}

/** Dry-run: a feed that cannot trade, and the paper exchange. Live: the broker itself (A2, I19). */
function brokerFor(parts: ComposeParts, clock: Clock, state: EngineState): Hands {
  const { config } = parts;
  const isTrading = config.mode === 'live';
  const fresh: Account = { ...SIMULATED_ACCOUNT, id: accountId(parts.account) };
  const seed = paperSeed(state, fresh);
  const { tokens } = parts;
  const feed: CtraderBroker = createCtraderBroker({
    dial: dialFor(parts, clock, state),
    clock,
    credentials: credentialsFor(parts, () => keeper),
    renewsToken: tokens !== undefined,
    environment: wireEnvironment(config.environment),
    accountId: parts.account,
    instrumentName: config.symbol,
    instrumentAliases: config.symbolAliases,
    trading: isTrading,
    random: randomFor(parts),
    note: (text) => parts.log.debug(text),
  });
  const keeper = tokens && keeperOf(parts, tokens, feed);
  if (isTrading) return { broker: withShadow(feed, clock, fresh), keeper };
  const broker = createPaperBroker({
    feed,
    clock,
    account: seed.account,
    adoptFeedAccount: parts.market === undefined && parts.recovered === undefined,
    ids: seed.ids,
    positions: seed.positions,
    list: (instrument) => ({ ...fcpoListing(instrument.sessions), instrument }),
  });
  return { broker, keeper };
}

/** The simulator plays a demo host: the account on it is not a live one. */
const wireEnvironment = (environment: Environment): Environment =>
  environment === 'sim' ? 'demo' : environment;

function dialFor(parts: ComposeParts, clock: Clock, state: EngineState): Dial {
  const { config, market } = parts;
  if (market !== undefined) {
    const time = clock.wall();
    const exchange = seedExchange({ ...simulatedBook(parts, state), time });
    const seed = String(config.seed);
    const { onWire } = parts;
    const faults: FaultScript = (connection) => {
      const wished = parts.faults?.(connection);
      return (frame) => {
        if (frame.direction === 'in') onWire?.(frame.name ?? 'undecodable');
        return wished?.(frame);
      };
    };
    const server = createSimulatorServer(standardBroker({ clock, seed, market, exchange, faults }));
    return memoryDial(server, clock, SIM_LATENCY_MS);
  }
  return dialBroker(config);
}

/**
 * The simulated broker died with the process: where orders went to it, its book begins with what
 * the journal proves; in a dry run it holds nothing, because the paper exchange holds it.
 */
function simulatedBook(parts: ComposeParts, state: EngineState): PaperSeed {
  const account = { ...SIMULATED_ACCOUNT, id: accountId(parts.account) };
  if (parts.config.mode === 'live') return paperSeed(state, account);
  return { account, ids: FIRST_IDS, positions: [] };
}

/** A verified line to the configured broker; each call of it is a fresh connection. */
export function dialBroker(config: Config): Dial {
  const host = config.host ?? '';
  const ca = config.caFile === undefined ? undefined : readFileSync(config.caFile, 'utf8');
  const base = { host, port: config.port, serverName: host };
  return tlsDial(ca === undefined ? base : { ...base, ca });
}

function credentialsFor(parts: ComposeParts, keeper: () => TokenKeeper | undefined) {
  const { credentials } = parts.config;
  if (credentials === undefined) {
    const { clientId, clientSecret, accessToken, viewAccessToken } = STANDARD_CREDENTIALS;
    const token = parts.config.mode === 'live' ? accessToken : viewAccessToken;
    return { clientId, clientSecret: secret(clientSecret), accessToken: secret(token) };
  }
  const { clientId, clientSecret, accessToken } = credentials;
  const { tokens } = parts;
  if (tokens === undefined)
    return { clientId, clientSecret, accessToken: accessToken ?? secret('') };
  return {
    clientId,
    clientSecret,
    // A renewed token is seen at the next login of the session.
    get accessToken() {
      return keeper()?.present() ?? tokens.current();
    },
  };
}

/** Jitter for reconnecting: by seed in the simulator, so that runs repeat; by chance elsewhere. */
function randomFor({ config, market }: ComposeParts): () => number {
  if (market === undefined) return Math.random;
  const prng = createPrng(String(config.seed)).stream('reconnect');
  return () => prng.uniform();
}

function sentimentFor(parts: ComposeParts, clock: Clock): NewsSource | undefined {
  const { config, log, stateDir } = parts;
  if (config.environment === 'sim') {
    return createSimulatedSentiment({ seed: String(config.seed), clock });
  }
  const settings = liveSentimentSettings(config, stateDir, clock.wall());
  const { perplexity, nitter } = settings;
  if (perplexity === undefined && nitter === undefined) {
    log.warn('no sentiment source is configured: entries wait while SENTIMENT_MODE is required');
    return undefined;
  }
  return createLiveSentiment(settings, {
    fetch: (address, options) => fetch(address, options),
    clock,
    random: randomFor(parts),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    store: sentimentStore(stateDir, (why) => log.warn('a reading was not stored', { why })),
    note: (note) => log[noteLevel(note)](`news: ${note.type}`, { ...note }),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    onSpent: spendingBook(stateDir, (why) => log.warn('the cost of news was not kept', { why })),
    allowHosts: allowedHosts([perplexity?.endpoint ?? '', ...(nitter?.instances ?? [])]),
  });
}
