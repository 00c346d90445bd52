/**
 * The `run` verb: lock, recover, compose, show or log, and the ladder down. Deliberately decides
 * nothing about trading; it owns the order of starts and stops, and the last line a person reads.
 */
import { join } from 'node:path';
import type { Tokens } from '../../ctrader/oauth/tokens.ts';
import { type Wall, wall } from '../../engine/index.ts';
import { digest } from '../../engine/state.ts';
import { prepareJournal } from '../../runtime/journal.ts';
import { migrateJournal } from '../../runtime/journal-migration.ts';
import { GENESIS, type JournalIdentity } from '../../runtime/journal-rows.ts';
import type { LinkServer } from '../../runtime/link-socket.ts';
import type { Log } from '../../runtime/log.ts';
import {
  AlreadyRunning,
  type InstanceLock,
  LockUnusable,
  letGoOfTerminal,
  listenToSignals,
  lockInstance,
  type StopReason,
  walkLadder,
} from '../../runtime/process.ts';
import { JournalDamaged, type Recovered, recover } from '../../runtime/recovery.ts';
import { NoSqliteDriver } from '../../runtime/sqlite.ts';
import { PortUnavailable } from '../../runtime/telemetry.ts';
import { armWhenReady } from '../arm-run.ts';
import { begin, type ComposeParts, type Console, compose } from '../compose.ts';
import type { Config, ResolvedConfig } from '../config.ts';
import { UnusableCalendar } from '../event-feed.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { UnusablePrompt } from '../live-sentiment.ts';
import { timeLeft } from '../login-note.ts';
import { createReporter } from '../report.ts';
import { endSentence, exitCode, lastLine, stopsText } from '../run-end.ts';
import { openRunLink } from '../run-link.ts';
import { openRunLog } from '../run-log.ts';
import {
  inLiveMode,
  makePlace,
  type Place,
  placeOf,
  refuse,
  StateDirUnusable,
  setAside,
  troubleOf,
} from '../run-place.ts';
import { mountRunScreen } from '../run-screen.ts';
import { inFlightDone, isFlying, stopAll, stopsConfirmed, unconfirmed } from '../run-stop.ts';
import { createRunWatch, type RunWatch } from '../run-watch.ts';
import { UnplayableRecording } from '../sim-market.ts';
import { LoginUnusable, openTokens } from '../stored-tokens.ts';
import { closeLink } from '../token-keeper.ts';
import { VERSION } from '../version.ts';

const NAME = 'palm-oil-tui';

/** Faults a person can do something about, with the exit code each has. */
const KNOWN: readonly (readonly [new (text: string) => Error, number])[] = [
  [AlreadyRunning, EXIT.locked],
  [LockUnusable, EXIT.persistence],
  [StateDirUnusable, EXIT.persistence],
  [JournalDamaged, EXIT.persistence],
  [NoSqliteDriver, EXIT.persistence],
  [UnplayableRecording, EXIT.usage],
  [UnusablePrompt, EXIT.usage],
  [LoginUnusable, EXIT.authorization],
  [UnusableCalendar, EXIT.usage],
  [PortUnavailable, EXIT.usage],
];

/** Runs until something stops it; answers with the exit code. */
export async function runCommand(resolved: ResolvedConfig, io: Io): Promise<number> {
  const code = await runOnce(resolved, io);
  return code === GO_LIVE ? runCommand(inLiveMode(resolved), io) : code;
}

/** No exit code: a person wants a live run in its place. */
const GO_LIVE = 'go live';

async function runOnce(resolved: ResolvedConfig, io: Io): Promise<number | typeof GO_LIVE> {
  const refusal = refuse(resolved.config, io);
  if (refusal !== undefined) {
    io.stderr.write(`${NAME}: ${refusal.sentence}\n`);
    return refusal.code;
  }
  let lock: InstanceLock | undefined;
  try {
    const place = placeOf(resolved);
    makePlace(place);
    lock = await lockInstance(join(place.stateDir, 'engine.lock'));
    return await new Run(resolved, io, place).whole();
  } catch (error) {
    const known = KNOWN.find(([kind]) => error instanceof kind);
    if (known === undefined) throw error;
    const hint = error instanceof AlreadyRunning ? ` ${NAME} attach shows it.` : '';
    io.stderr.write(`${NAME}: ${(error as Error).message}${hint}\n`);
    return known[1];
  } finally {
    lock?.release();
  }
}

class Run {
  readonly #config: Config;
  readonly #io: Io;
  readonly #place: Place;
  readonly #log: Log;
  readonly #reporter: ReturnType<typeof createReporter>;
  readonly #watch: RunWatch;
  #unwellCode: number | undefined;
  #defect: unknown;
  #isHurried = false;
  /** The terminal is gone and the engine goes on without it. */
  #isHungUp = false;
  #remote: LinkServer | undefined;
  #screen: { unmount(): void } | undefined;
  #notArmed: string | undefined;
  #goesLive = false;
  #tokens: Tokens | undefined;
  #isQuiet: () => boolean = () => true;
  #stop: (reason: StopReason) => void = () => undefined;
  readonly #stopped = new Promise<StopReason>((resolve) => {
    this.#stop = resolve;
  });

  constructor(resolved: ResolvedConfig, io: Io, place: Place) {
    this.#config = resolved.config;
    this.#io = io;
    this.#place = place;
    this.#log = openRunLog(resolved.config, place.stateDir);
    this.#reporter = createReporter(this.#log);
    this.#watch = createRunWatch({
      config: this.#config,
      env: io.env,
      pid: process.pid,
      log: this.#log,
      isAlive: () => this.#defect === undefined,
      isWatched: () => this.#screen !== undefined || this.#remote?.hasOperator() === true,
      onUnwell: (code, why) => {
        this.#log.error(`not well for too long: ${why}`, { code });
        this.#unwellCode = code;
        this.#stop('unwell');
      },
    });
  }

  async whole(): Promise<number | typeof GO_LIVE> {
    // Before anything is opened: the passphrase is asked for on a plain screen.
    this.#tokens = await this.#openTokens();
    const recovered = await this.#recover();
    if (recovered !== undefined) this.#reporter.skip(recovered.state);
    const trouble = await troubleOf(this.#place.journalFile, recovered?.head ?? GENESIS);
    if (trouble !== undefined) this.#log.error(`the journal is not whole: ${trouble}`);
    const parts = { ...this.#parts(recovered), trouble };
    let composed: Console | undefined;
    await this.#watch.open(() => composed);
    const console = compose(parts);
    composed = console;
    this.#isQuiet = () => !isFlying(console.loop.state());
    const deafen = listenToSignals({
      source: process,
      onStop: (reason) => (reason === 'SIGHUP' ? this.#hangUp() : this.#stop(reason)),
      onHurry: () => {
        this.#isHurried = true;
      },
      now: () => performance.now(),
    });
    begin(console, parts);
    this.#watch.began();
    this.#sayStart(console, recovered);
    this.#arm(console);
    const remote = await this.#serve(console, parts);
    this.#remote = remote;
    if (this.#config.ui && !this.#isHungUp) this.#screen = await this.#mount(console);
    const reason = await this.#stopped;
    this.#watch.stopping();
    await this.#ladder(console, reason, remote);
    this.#screen?.unmount();
    if (reason === 'SIGHUP' && this.#config.ui) letGoOfTerminal();
    await this.#watch.close();
    deafen();
    const code = this.#sayEnd(console, reason);
    return this.#goesLive && code === EXIT.ok ? GO_LIVE : code;
  }

  /** A simulated run that ended is over; one that crashed goes on where its journal ends. */
  async #recover(): Promise<Recovered | undefined> {
    const { journalFile, account, sim } = this.#place;
    const { environment, mode } = this.#config;
    const identity: JournalIdentity = { environment, account, mode };
    await migrateJournal(journalFile);
    let recovered = await recover(journalFile, identity);
    if (recovered?.ended !== undefined && sim !== undefined) {
      setAside(journalFile);
      recovered = undefined;
    }
    await prepareJournal(journalFile, identity);
    return recovered;
  }

  #openTokens(): Promise<Tokens | undefined> {
    return openTokens(this.#config, this.#io, {
      quiet: () => this.#isQuiet(),
      note: (level, sentence) => this.#log[level](sentence),
      hide: (text) => this.#log.keepSecret(text),
    });
  }

  /** How long the stored login lasts without being renewed. */
  #loginLeft(): { readonly login?: string } {
    const end = this.#tokens?.expiresAt();
    return end === undefined ? {} : { login: `${timeLeft(end, Date.now())} left` };
  }

  #parts(recovered: Recovered | undefined): ComposeParts {
    const { account, journalFile, sim, stateDir, faults } = this.#place;
    return {
      config: this.#config,
      account,
      stateDir,
      runId: `${account}-${(recovered?.state.at.seq ?? 0) + 1}`,
      recovered,
      tokens: this.#tokens,
      journalFile,
      market: sim?.market,
      faults,
      until: this.#until(),
      log: this.#log,
      vitals: this.#watch.vitals,
      onAlert: this.#watch.alert,
      onEnd: () => this.#onEnd(),
      onDefect: (error) => {
        this.#defect = error;
        this.#stop('defect');
      },
      onChange: (state) => this.#reporter.changed(state),
    };
  }

  #until(): Wall | undefined {
    const { sim } = this.#place;
    const { durationMs } = this.#config;
    if (sim === undefined) return undefined;
    return durationMs === undefined ? sim.endsAt : wall(sim.market.liveFrom + durationMs);
  }

  /** A recording that is over stays on the screen; without a screen there is nothing left to do. */
  #onEnd(): void {
    const { durationMs, hold, ui } = this.#config;
    if (ui && (hold || durationMs === undefined)) this.#log.info('recording ended');
    else this.#stop('end');
  }

  #sayStart(console: Console, recovered: Recovered | undefined): void {
    const { environment, mode } = this.#config;
    this.#log.info('started', {
      version: VERSION,
      environment,
      mode,
      account: this.#place.account,
      market: console.description,
      journal: this.#place.journalFile,
      ...this.#loginLeft(),
    });
    if (recovered === undefined) return;
    if (recovered.defect !== undefined) {
      this.#log.error('an input that broke the former run was left out', {
        defect: recovered.defect,
      });
    }
    this.#log.info('recovered', {
      ...this.#reporter.facts(recovered.state),
      replayed: recovered.replayed,
    });
  }

  /** Headless live runs arm themselves with what the command line says, or end. */
  #arm(console: Console): void {
    const { arm } = this.#config;
    if (arm === undefined) return;
    armWhenReady(console, arm, (sentence) => {
      this.#notArmed = sentence;
      this.#stop('operator');
    });
  }

  #serve({ link, journal }: Console, { runId }: ComposeParts): Promise<LinkServer | undefined> {
    const { environment, mode, ui } = this.#config;
    const { account, stateDir } = this.#place;
    return openRunLink({
      stateDir,
      link,
      facts: { version: VERSION, runId, environment, mode, account },
      head: () => journal.head(),
      hasScreen: () => ui && !this.#isHungUp,
      env: this.#io.env,
      log: this.#log,
    });
  }

  #mount({ link }: Console): Promise<{ unmount(): void }> {
    return mountRunScreen(this.#config, this.#io, {
      link,
      clock: {
        now: () => performance.now(),
        every: (ms, callback) => {
          const timer = setInterval(callback, ms);
          return () => clearInterval(timer);
        },
      },
      tokens: this.#tokens,
      onQuit: () => this.#stop('operator'),
      onHangUp: () => this.#hangUp(),
      onGoLive: () => {
        this.#goesLive = true;
        this.#stop('operator');
      },
    });
  }

  /** SSH is gone (F112): the engine goes on, unless told otherwise or nobody could reach it. */
  #hangUp(): void {
    const ends = this.#config.hangUp === 'stop' || this.#remote === undefined;
    if (ends) this.#stop('SIGHUP');
    if (ends || this.#isHungUp) return;
    this.#isHungUp = true;
    this.#screen?.unmount();
    this.#screen = undefined;
    letGoOfTerminal();
    this.#log.warn('the terminal is gone: the engine goes on, attach shows it');
  }

  /** Safety rules, section 8: gate shut, orders awaited, stops looked at, link closed. */
  #ladder(console: Console, reason: StopReason, remote?: LinkServer): Promise<void> {
    const { loop, journal, sentiment, events, space, pacer, link } = console;
    const stopping = { loop, pause };
    return walkLadder({
      hurried: () => this.#isHurried || reason === 'defect',
      onTrouble: (step, why) => this.#log.error(`shutdown: ${step} failed`, { why }),
      steps: [
        { name: 'stop the news', budgetMs: 500, run: () => stopAll(sentiment, events, space) },
        { name: 'await orders', budgetMs: 8_000, run: () => inFlightDone(stopping, reason) },
        {
          name: 'confirm the stops',
          budgetMs: 6_000,
          run: () => stopsConfirmed(stopping, reason),
        },
        { name: 'stop time', budgetMs: 2_000, run: () => pacer?.stop() },
        { name: 'stop the loop', budgetMs: 500, run: () => loop.stop() },
        {
          name: 'sync the journal',
          budgetMs: 4_000,
          run: () => journal.close(loop.state(), reason),
        },
        { name: 'close the link', budgetMs: 2_000, run: () => closeLink(console) },
        { name: 'keep the tokens', budgetMs: 3_000, run: () => this.#tokens?.stop() },
        {
          name: 'dismiss the screens',
          budgetMs: 1_000,
          run: () => remote?.close(`the engine stopped (${reason})`),
        },
        { name: 'stop publishing', budgetMs: 100, run: () => link.stop() },
      ],
    });
  }

  #sayEnd(console: Console, reason: StopReason): number {
    const state = console.loop.state();
    const head = console.journal.head();
    const left = this.#notArmed === undefined ? exitCode(state) : EXIT.notArmed;
    const unwell = left === EXIT.ok ? (this.#unwellCode ?? left) : left;
    const code = this.#defect === undefined ? unwell : EXIT.internal;
    for (const { id } of unconfirmed(state)) {
      this.#log.error(`the stop of position ${id} is not confirmed by the broker`);
    }
    this.#log.info('stopped', {
      reason,
      stops: stopsText(state),
      ...this.#reporter.facts(state),
      entries: head.id,
      digest: head.hash,
      stateDigest: digest(state),
    });
    const fault = this.#defect instanceof Error ? this.#defect.message : this.#defect;
    const told = [
      fault === undefined ? undefined : `stopped on an internal fault: ${fault}`,
      this.#notArmed,
      endSentence(state, this.#place.journalFile),
    ];
    for (const one of told) if (one !== undefined) this.#io.stderr.write(`${NAME}: ${one}\n`);
    if (this.#config.ui && !this.#isHungUp) this.#io.stdout.write(`${lastLine(console)}\n`);
    return code;
  }
}

/** How often a step of the ladder looks again at what it waits for. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
