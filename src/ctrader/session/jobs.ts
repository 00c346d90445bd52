/**
 * Runs the questions with several answers inside a session: starts them, feeds them, tells the
 * result. Deliberately tells a void pass as such: a failed look is never evidence of absence (I08).
 */
import { type BrokerQuery, mono, untrusted, type Wall } from '../../engine/index.ts';
import {
  barsJob,
  type Job,
  type JobProgress,
  type PassJob,
  passJob,
  questionOf,
  snapshotOf,
  takeAnswer,
} from '../history.ts';
import { accountOf, type Complaints, sameScale } from '../translate.ts';
import { executionOf } from '../translate-order.ts';
import type { KnownMessage } from '../wire/codec.ts';
import { noteHolding } from './gauges.ts';
import { LINK_LIMITS } from './state.ts';
import { askPlain, change, closeLine, emit, hasAccount, note, type Turn } from './turn.ts';

const BARS_RETRY_MS = 1_000;
const BARS_RETRY_MAX_MS = 60_000;

/** What the machine does after a pass; handed in because it knows about READY. */
export interface AfterPass {
  /** A complete snapshot was told. */
  synced(turn: Turn): void;
}

/** The engine's question. Without an account session a look is void, and bars wait for the next. */
export function onQuery(turn: Turn, query: BrokerQuery): void {
  const { facts } = turn.state;
  if (query.type === 'reconcile') {
    if (!hasAccount(turn.state) || facts.scales === undefined) {
      tellVoid(turn, 'there is no account session');
    } else {
      startPass(turn, query.historyFrom, false);
    }
    return;
  }
  if (!hasAccount(turn.state) || query.instrumentId !== facts.instrument?.id) {
    note(turn, 'bars were asked for without a session of that instrument');
    return;
  }
  const job = barsJob(nextJob(turn), query, turn.at.wall);
  if (questionOf(job, turn.config.accountId) === undefined) {
    note(turn, `the broker has no bars of ${query.timeframeMs} ms`);
    return;
  }
  const others = turn.state.jobs.filter(
    (each) => each.type !== 'bars' || each.timeframeMs !== job.timeframeMs,
  );
  change(turn, { jobs: others });
  startJob(turn, job);
}

function nextJob(turn: Turn): number {
  const jobCounter = turn.state.jobCounter + 1;
  change(turn, { jobCounter });
  return jobCounter;
}

/** Begins a complete look at the account, with the history since `historyFrom` if given. */
export function startPass(turn: Turn, historyFrom: Wall | undefined, initial: boolean): void {
  startJob(turn, passJob(nextJob(turn), historyFrom, turn.at.wall, initial));
}

function startJob(turn: Turn, job: Job): void {
  if (turn.state.jobs.length >= LINK_LIMITS.jobs) {
    if (job.type === 'pass') tellVoid(turn, 'too many questions at once');
    else note(turn, 'too many questions at once: the bars were not asked for');
    return;
  }
  change(turn, { jobs: [...turn.state.jobs, job] });
  askJob(turn, job);
}

function askJob(turn: Turn, job: Job): void {
  const question = questionOf(job, turn.config.accountId);
  if (question === undefined) return;
  askPlain(turn, question.message, { type: 'job', job: job.id }, question.lane);
}

function tellVoid(turn: Turn, reason: string): void {
  const { generation } = turn.state;
  const pass = { complete: false, reason: untrusted(reason) } as const;
  emit(turn, { type: 'brokerSnapshot', generation, pass });
}

const dropJob = (turn: Turn, id: number): void =>
  change(turn, { jobs: turn.state.jobs.filter((each) => each.id !== id) });

/** Ends all running questions: their answers would belong to a session that is gone. */
export function voidJobs(turn: Turn, reason: string): void {
  const { jobs } = turn.state;
  if (jobs.length === 0) return;
  change(turn, { jobs: [] });
  for (const job of jobs) if (job.type === 'pass') tellVoid(turn, reason);
}

/** An answer to the question of a job; answers to jobs that ended meanwhile are nothing. */
export function onJobAnswer(turn: Turn, id: number, message: KnownMessage, after: AfterPass): void {
  const job = turn.state.jobs.find((each) => each.id === id);
  if (job === undefined) return;
  const progress: JobProgress = takeAnswer(job, message);
  if (progress.type === 'void') {
    onJobFailed(turn, id, progress.reason);
  } else if (progress.type === 'more') {
    const jobs = turn.state.jobs.map((each) => (each.id === id ? progress.job : each));
    change(turn, { jobs });
    askJob(turn, progress.job);
  } else if (progress.type === 'bars') {
    dropJob(turn, id);
    emit(turn, progress.event);
  } else {
    dropJob(turn, id);
    finishPass(turn, progress, after);
  }
}

function finishPass(
  turn: Turn,
  progress: Extract<JobProgress, { readonly type: 'pass' }>,
  after: AfterPass,
): void {
  const { job, present } = progress;
  const { entry, scope, assets, scales } = turn.state.facts;
  const complaints: Complaints = [];
  const trader = job.trader;
  if (trader === undefined || entry === undefined || assets === undefined || scales === undefined) {
    failPass(turn, job, 'the account is not known yet');
    return;
  }
  const account = accountOf({ trader, entry, scope, assets }, complaints);
  const at = turn.at.wall;
  const snapshot =
    account === undefined
      ? undefined
      : snapshotOf(job, present, { account, scales, at }, complaints);
  if (account === undefined || snapshot === undefined) {
    failPass(turn, job, complaints.join('; '));
    return;
  }
  if (sameScale(account, turn.state.facts.account)) {
    change(turn, { facts: { ...turn.state.facts, account } });
  }
  const { generation } = turn.state;
  noteHolding(turn, snapshot.positions.length > 0);
  emit(turn, { type: 'brokerSnapshot', generation, pass: { complete: true, snapshot } });
  replayEarly(turn);
  after.synced(turn);
}

/** Executions that arrived before the first snapshot are told after it, again if need be (6 b). */
function replayEarly(turn: Turn): void {
  const { facts, generation } = turn.state;
  change(turn, { facts: { ...facts, synced: true, early: [] } });
  if (facts.scales === undefined) return;
  for (const event of facts.early) {
    const complaints: Complaints = [];
    const heard = { generation, at: turn.at.wall };
    const { events } = executionOf(event, facts.scales, heard, complaints);
    for (const each of events) emit(turn, each);
    for (const complaint of complaints) note(turn, complaint);
  }
}

function failPass(turn: Turn, job: PassJob, reason: string): void {
  tellVoid(turn, reason);
  // Without a first snapshot nothing can begin: come back on the ladder.
  if (job.initial) closeLine(turn, `the first look at the account failed: ${reason}`);
}

/** The question of a job failed. Reading bars may simply be repeated, with growing pauses. */
export function onJobFailed(turn: Turn, id: number, reason: string): void {
  const job = turn.state.jobs.find((each) => each.id === id);
  if (job === undefined) return;
  if (job.type === 'pass') {
    dropJob(turn, id);
    failPass(turn, job, reason);
    return;
  }
  note(turn, `bars: ${reason}`);
  const pause = Math.min(BARS_RETRY_MAX_MS, BARS_RETRY_MS * 2 ** Math.min(job.failures, 10));
  const fresh = barsJob(job.id, job, turn.at.wall);
  const waiting: Job = { ...fresh, failures: job.failures + 1, retryAt: turn.at.mono + pause };
  const jobs = turn.state.jobs.map((each) => (each.id === id ? waiting : each));
  change(turn, { jobs });
}

/** Asks again for bars whose pause is over. */
export function retryJobs(turn: Turn): void {
  for (const job of turn.state.jobs) {
    if (job.type !== 'bars' || job.retryAt === undefined) continue;
    if (mono(job.retryAt) > turn.at.mono) continue;
    const again: Job = { ...barsJob(job.id, job, turn.at.wall), failures: job.failures };
    change(turn, { jobs: turn.state.jobs.map((each) => (each.id === job.id ? again : each)) });
    askJob(turn, again);
  }
}
