/**
 * `status --handover`: the report for who comes on shift, and the mark of who signs it.
 * Deliberately a reader of engine and journal; the one thing it writes is its own mark beside them.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EngineConfig } from '../../engine/index.ts';
import { type JournalView, viewJournal } from '../../runtime/journal-view.ts';
import type { EngineHello } from '../../runtime/link-lines.ts';
import { accountFingerprint } from '../../runtime/link-place.ts';
import { type AuditRow, Projections, type TradeRow } from '../../runtime/projections.ts';
import { JournalDamaged } from '../../runtime/recovery.ts';
import { engineConfig, type ResolvedConfig, resolveConfig } from '../config.ts';
import { handover, type Mark, type Past } from '../handover.ts';
import { handoverText } from '../handover-text.ts';
import { operatorName } from '../operator-name.ts';
import { VERSION } from '../version.ts';
import { shownSettings } from './config.ts';
import type { Look } from './status.ts';

export interface HandoverWish {
  readonly dataDir: string;
  readonly json: boolean;
  /** Absent: look only. Text for who comes next, possibly empty. */
  readonly sign: string | undefined;
  /** What a start from this shell would use; absent when its configuration is not sound. */
  readonly resolved: ResolvedConfig | undefined;
}

const ACTS = 20;
/** What the engine does by itself all day is in the trades and the warnings already. */
const ACTS_OF_PEOPLE: ReadonlySet<AuditRow['kind']> = new Set(['asked', 'started', 'breaker']);
const MARK = 'handover.json';

/** The report as text; with a signature, what it says is the last report from now on. */
export async function handoverReport(look: Look, wish: HandoverWish): Promise<string> {
  const journal = journalOf(wish.dataDir, look.hello);
  const file = journal && join(dirname(journal), MARK);
  const mark = file === undefined ? undefined : readMark(file);
  const past = journal === undefined ? undefined : await pastOf(journal, mark);
  const { environment, mode } = look.hello;
  const here = wish.resolved;
  const isSame = here?.config.environment === environment && here.config.mode === mode;
  const report = handover({
    ...look,
    ownVersion: VERSION,
    mark,
    past: past?.told,
    here: isSame ? engineConfig(here.config) : undefined,
    plain: plainConfig(past?.told.config),
    origins: here === undefined ? [] : ownSettings(here),
  });
  if (wish.sign !== undefined && file !== undefined && past !== undefined) {
    const note = wish.sign === '' ? undefined : wish.sign;
    sign(file, { at: look.snapshot.wall, by: operatorName(), row: past.row, note });
  }
  return wish.json ? `${JSON.stringify(report, null, 2)}\n` : handoverText(report);
}

const PLACE = /^(sim|demo|live)-(.+?)-(dry-run|live|backtest)$/;

/** The journal of that engine: the socket names its account by fingerprint only. */
function journalOf(dataDir: string, hello: EngineHello): string | undefined {
  if (!existsSync(dataDir)) return undefined;
  const name = readdirSync(dataDir).find((one) => {
    const [, environment = '', account = '', mode] = PLACE.exec(one) ?? [];
    if (environment !== hello.environment || mode !== hello.mode) return false;
    return accountFingerprint(environment, account) === hello.account;
  });
  const file = name && join(dataDir, name, 'journal.db');
  return file !== undefined && existsSync(file) ? file : undefined;
}

async function pastOf(
  file: string,
  mark: Mark | undefined,
): Promise<{ readonly told: Past; readonly row: number } | undefined> {
  let view: JournalView | undefined;
  try {
    view = await viewJournal(file);
    return readPast(view, mark);
  } catch (error) {
    // A damaged journal is for `doctor` and `replay` to judge; the picture is still worth a page.
    if (error instanceof JournalDamaged) return undefined;
    throw error;
  } finally {
    view?.close();
  }
}

function readPast(view: JournalView, mark: Mark | undefined) {
  let today: TradeRow[] = [];
  const since: TradeRow[] = [];
  const audit: AuditRow[] = [];
  let left = 0;
  let starts = 0;
  let row = 0;
  let config: EngineConfig | undefined;
  let configThen: EngineConfig | undefined;
  const isNew = (): boolean => row > (mark?.row ?? 0);
  const projections = new Projections({
    equity: ({ cause }) => {
      if (cause === 'day') today = [];
    },
    closed: (trade) => {
      today.push(trade);
      if (isNew()) since.push(trade);
    },
    audit: (act) => {
      if (!isNew() || !ACTS_OF_PEOPLE.has(act.kind)) return;
      audit.push(act);
      if (audit.length > ACTS) left += audit.splice(0, 1).length;
    },
  });
  for (const fact of view.facts()) {
    row = fact.id;
    if (fact.kind === 'input' && fact.event.type === 'started') {
      config = fact.event.config;
      if (isNew()) starts += 1;
      else configThen = config;
    }
    projections.take(fact);
  }
  return { told: { today, since, audit, left, starts, config, configThen } as const, row };
}

/** What an engine of this environment and mode would be told without a single setting. */
function plainConfig(running: EngineConfig | undefined): EngineConfig | undefined {
  if (running === undefined) return undefined;
  const { environment, mode, instrumentName } = running;
  const platform = { os: process.platform, home: '/', cwd: '/' };
  const access = { CTRADER_CLIENT_ID: 'x', CTRADER_CLIENT_SECRET: 'x' };
  const env = environment === 'sim' ? {} : { ...access, SYMBOL: instrumentName };
  const resolved = resolveConfig({ options: { environment, mode }, env, platform });
  return resolved.status === 'resolved' ? engineConfig(resolved.config) : undefined;
}

/** Settings that are not the default, secrets masked, each with where it came from. */
const ownSettings = (resolved: ResolvedConfig): readonly string[] =>
  shownSettings(resolved)
    .filter(({ origin }) => origin !== 'default')
    .map(({ name, value, origin }) => `${name}=${value ?? '-'} (${origin})`);

function readMark(file: string): Mark | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { at, by, row, note } = value as Readonly<Record<string, unknown>>;
    const isMark = Number.isSafeInteger(at) && Number.isSafeInteger(row) && typeof by === 'string';
    if (!isMark) return undefined;
    const words = typeof note === 'string' ? note : undefined;
    return { at: at as number, by, row: row as number, note: words };
  } catch {
    return undefined;
  }
}

/** Whole or not at all, for its owner alone. */
function sign(file: string, mark: Mark): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(mark)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
