/**
 * `history fetch`: bars or ticks of a span into a file, page by page, from where it stopped.
 * Deliberately never holds more than one window: what has been read is in the part file.
 */
import { join } from 'node:path';
import { HistoryStopped, openHistoryLine } from '../../ctrader/history-line.ts';
import {
  barsWithin,
  joinSides,
  type Sides,
  ticksWithin,
  windowMs,
} from '../../ctrader/history-pages.ts';
import { price, type Wall, wall } from '../../engine/index.ts';
import { AlreadyRunning } from '../../runtime/process.ts';
import { BAR_HEADER, barLine, TICK_HEADER, tickLine } from '../../sim/bar-lines.ts';
import { readTicks } from '../../sim/recording.ts';
import type { Config } from '../config.ts';
import { EXIT } from '../exit.ts';
import { type HistoryDesk, historyDesk } from '../history-desk.ts';
import { HistoryFileFault, historyDir, openPart, type PartFile } from '../history-file.ts';
import { type HistoryPeriod, minuteText, periodWish, spanWish } from '../history-wish.ts';
import type { Io } from '../io.ts';
import { LoginUnusable } from '../stored-tokens.ts';

const NAME = 'palm-oil-tui';

export interface FetchWish {
  readonly period: string;
  readonly from: string;
  readonly to: string | undefined;
  readonly out: string | undefined;
}

type Say = (sentence: string, code: number) => number;

/** Answers with the exit code. */
export async function historyFetchCommand(
  config: Config,
  wish: FetchWish,
  io: Io,
): Promise<number> {
  const say: Say = (sentence, code) => {
    io.stderr.write(`${NAME}: ${sentence}\n`);
    return code;
  };
  const period = periodWish(wish.period);
  if (typeof period === 'string') return say(period, EXIT.usage);
  let desk: HistoryDesk | undefined;
  try {
    desk = await historyDesk(config, io);
    const span = spanWish(wish, desk.clock.wall());
    if (typeof span === 'string') return say(span, EXIT.usage);
    const file =
      wish.out ?? join(historyDir(config), fileName(config, period, span, wish.to !== undefined));
    const work = fetchAll({ config, desk, period, span, file, io, say });
    return await desk.during(work);
  } catch (error) {
    if (error instanceof LoginUnusable) return say(error.message, EXIT.authorization);
    if (error instanceof HistoryFileFault) return say(error.message, EXIT.usage);
    if (error instanceof AlreadyRunning) {
      return say(
        'Another process writes to the same file: wait for it, or use --out.',
        EXIT.locked,
      );
    }
    throw error;
  } finally {
    await desk?.close();
  }
}

interface Span {
  readonly from: Wall;
  readonly to: Wall;
}

interface Job {
  readonly config: Config;
  readonly desk: HistoryDesk;
  readonly period: HistoryPeriod;
  readonly span: Span;
  readonly file: string;
  readonly io: Io;
  readonly say: Say;
}

const dayText = (at: number): string =>
  new Date(at).toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T0000', '');

/** An end that was not named moves with the clock and is no part of the name. */
function fileName(
  { environment, symbol }: Config,
  period: HistoryPeriod,
  span: Span,
  hasEnd: boolean,
): string {
  const safe = symbol.replace(/[^\w.-]/g, '_');
  const end = hasEnd ? `-${dayText(span.to)}` : '';
  return `${environment}-${safe}-${period.name}-${dayText(span.from)}${end}.csv`;
}

/** What makes two fetches the same one. */
function requestOf({ config, desk, period, span }: Job): string {
  const { environment, host, seed, symbol } = config;
  const facts = [environment, host ?? '', seed, desk.accountId, symbol, period.name, span.from];
  return `${facts.join(' ')}\n`;
}

/** Between two attempts without a row in between; milliseconds. */
const LADDER_MS = [1_000, 2_000, 4_000, 8_000, 16_000] as const;

async function fetchAll(job: Job): Promise<number> {
  const { config, desk, period, span, file, io, say } = job;
  const part = await openPart(file, {
    header: period.timeframeMs === undefined ? TICK_HEADER : BAR_HEADER,
    // The end may move: what was read stays read.
    request: requestOf(job),
  });
  const progress = progressOn(io, span);
  const place = beginning(part, period, span);
  let failures = 0;
  try {
    for (;;) {
      const before = place.next;
      const end = await attempt(job, part, place, progress);
      progress(undefined);
      if (end === undefined) break;
      if (end.reason === 'refused') return say(end.message, EXIT.usage);
      failures = place.next > before ? 1 : failures + 1;
      if (end.reason === 'token') {
        const trouble = failures > 2 ? '' : await desk.renew();
        if (trouble !== undefined) {
          const sentence = `${end.message} ${trouble}`.trimEnd();
          return say(kept(sentence, part, file), EXIT.authorization);
        }
        continue;
      }
      const delay = LADDER_MS[failures - 1];
      if (delay === undefined) return say(kept(end.message, part, file), EXIT.unreachable);
      io.stderr.write(`${NAME}: ${end.message} Trying again.\n`);
      await new Promise<void>((resolve) => {
        desk.clock.after(delay, resolve);
      });
    }
    if (part.rows() === 0) {
      const text = `${minuteText(span.from)} to ${minuteText(span.to)}`;
      return say(
        `The broker has no ${words(period)} of ${config.symbol} from ${text}.`,
        EXIT.usage,
      );
    }
    part.finish();
    const left = place.crossed === 0 ? '' : `, ${place.crossed} crossed quotes left out`;
    io.stdout.write(`${file}: ${part.rows()} ${words(period)}${left}\n`);
    return EXIT.ok;
  } finally {
    part.close();
  }
}

const words = ({ name }: HistoryPeriod): string => (name === 'ticks' ? 'ticks' : `bars of ${name}`);

const kept = (sentence: string, part: PartFile, file: string): string =>
  part.rows() === 0
    ? sentence
    : `${sentence} ${part.rows()} rows are kept in ${file}.part: the same command goes on there.`;

interface Place {
  next: number;
  sides: Sides;
  crossed: number;
}

/** After the last row of the part file, or at the beginning of the span. */
function beginning(part: PartFile, period: HistoryPeriod, { from }: Span): Place {
  const fresh = { next: from as number, sides: { bid: undefined, ask: undefined }, crossed: 0 };
  const { lastLine } = part;
  if (lastLine === undefined) return fresh;
  if (period.timeframeMs !== undefined) {
    const at = Date.parse(lastLine.slice(0, lastLine.indexOf(',')));
    return Number.isNaN(at) ? strange(lastLine) : { ...fresh, next: at + 1 };
  }
  const reading = readTicks(`${TICK_HEADER}${lastLine}\n`);
  const last = reading.ok ? reading.rows[0] : undefined;
  if (last?.bid === undefined || last.ask === undefined) return strange(lastLine);
  const sides = { bid: price(last.bid), ask: price(last.ask) };
  return { ...fresh, next: last.time + 1, sides };
}

function strange(line: string): never {
  const text = JSON.stringify(line.slice(0, 60));
  throw new HistoryFileFault(`The last line of the part file is not ours: ${text}. Remove it.`);
}

/** One connection, as far as it gets; answers with why it could not go on. */
async function attempt(
  job: Job,
  part: PartFile,
  place: Place,
  progress: Progress,
): Promise<HistoryStopped | undefined> {
  const { config, desk, period, span } = job;
  const { clientId, clientSecret, dial, clock, accountId } = desk;
  const credentials = { clientId, clientSecret, accessToken: desk.token() };
  const { environment, symbol } = config;
  try {
    const line = await openHistoryLine({ dial, clock, credentials, accountId, environment });
    try {
      const { symbolId } = await line.instrument(symbol);
      const most = windowMs(period.timeframeMs);
      while (place.next < span.to) {
        const window = { from: wall(place.next), to: wall(Math.min(place.next + most, span.to)) };
        if (period.timeframeMs === undefined) {
          const bids = await ticksWithin(line, symbolId, 'bid', window);
          const asks = await ticksWithin(line, symbolId, 'ask', window);
          const joined = joinSides(bids, asks, place.sides);
          part.append(joined.rows.map(tickLine).join(''), joined.rows.length);
          place.sides = joined.last;
          place.crossed += joined.crossed;
        } else {
          const closed = clock.wall() - period.timeframeMs;
          const bars = await barsWithin(line, symbolId, period.timeframeMs, window);
          // The bar that is still forming would never be right.
          const whole = bars.filter((bar) => bar.openTime <= closed);
          part.append(whole.map(barLine).join(''), whole.length);
        }
        place.next = window.to;
        progress(place.next, part.rows());
      }
      return undefined;
    } finally {
      line.close();
    }
  } catch (error) {
    if (error instanceof HistoryStopped) return error;
    throw error;
  }
}

type Progress = (at: number | undefined, rows?: number) => void;

/** One line of a terminal, written over. */
function progressOn(io: Io, span: Span): Progress {
  const { isTTY } = io.stderr as { readonly isTTY?: boolean };
  if (isTTY !== true) return () => undefined;
  return (at, rows) => {
    if (at === undefined) {
      io.stderr.write('\r\u001b[K');
      return;
    }
    const share = Math.floor((100 * (at - span.from)) / (span.to - span.from));
    io.stderr.write(`\r\u001b[K${NAME}: ${share} %, ${minuteText(at)}, ${rows ?? 0} rows`);
  };
}
