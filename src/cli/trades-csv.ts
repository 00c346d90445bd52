/**
 * Keeps `TRADES_CSV` while a run goes on: one line a trade's opening and close, only ever appended.
 * Deliberately beside the journal, never in its way: a file that cannot be written is told once.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Journal } from '../engine/index.ts';
import { viewJournal } from '../runtime/journal-view.ts';
import { Projections, type TradeRow } from '../runtime/projections.ts';
import { TRADE_HEADER, tradeLine } from './trade-cells.ts';

export interface TradesCsvParts {
  readonly file: string;
  /** What happened before is read from there: lines that are missing are added. */
  readonly journalFile: string;
  readonly journal: Journal;
  /** Resolves when all that was written to the journal is on the disk. */
  readonly settled: () => Promise<void>;
  readonly onFault: (sentence: string) => void;
}

export interface TradesCsv extends Journal {
  /** Resolves when the past was read. */
  readonly ready: Promise<void>;
}

/** The same journal, with the file kept beside it. */
export function keepTradesCsv(parts: TradesCsvParts): TradesCsv {
  return new Keeper(parts);
}

type Row = Parameters<Projections['take']>[0];

class Keeper implements TradesCsv {
  readonly ready: Promise<void>;
  readonly #parts: TradesCsvParts;
  readonly #projections: Projections;
  /** What came while the past was being read; nothing once that is done. */
  #early: Row[] | undefined = [];
  #written = new Set<string>();
  #at = { mono: 0, wall: 0 };
  #isBroken = false;

  constructor(parts: TradesCsvParts) {
    this.#parts = parts;
    this.#projections = new Projections({
      opened: (trade) => this.#line(trade, 'open'),
      closed: (trade) => this.#line(trade, 'close'),
    });
    this.ready = this.#readPast().catch((error: unknown) => this.#fault(error));
  }

  append(input: Parameters<Journal['append']>[0]): void {
    this.#parts.journal.append(input);
    const { seq, mono, wall, event } = input;
    this.#at = { mono, wall };
    if (event.type !== 'quote') this.#take({ id: 0, seq, mono, wall, kind: 'input', event });
  }

  record(...[seq, record, barrier]: Parameters<Journal['record']>): void {
    this.#parts.journal.record(seq, record, barrier);
    this.#take({ id: 0, seq, ...this.#at, kind: 'record', record });
  }

  #take(row: Row): void {
    if (this.#isBroken) return;
    if (this.#early === undefined) this.#projections.take(row);
    else this.#early.push(row);
  }

  async #readPast(): Promise<void> {
    const { file, journalFile } = this.#parts;
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text !== '' && !text.startsWith(TRADE_HEADER)) {
      throw new Error(`${file} does not begin with the columns of trades`);
    }
    if (text === '') appendFileSync(file, TRADE_HEADER, { mode: 0o600 });
    // A line cut by a crash is written again, on a line of its own.
    else if (!text.endsWith('\n')) appendFileSync(file, '\n');
    this.#written = new Set(text.split('\n').map((line) => `${line}\n`));
    let last = 0;
    const view = await viewJournal(journalFile);
    try {
      for (const row of view.facts()) {
        this.#projections.take(row);
        last = row.seq;
      }
    } finally {
      view.close();
    }
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const row of early) if (row.seq > last) this.#projections.take(row);
    this.#written.clear();
  }

  /** Not before the journal holds it: a crash must not take back what a file says. */
  #line(trade: TradeRow, event: 'open' | 'close'): void {
    const line = tradeLine(trade, event);
    if (this.#written.has(line)) return;
    void this.#parts.settled().then(() => this.#append(line));
  }

  #append(line: string): void {
    if (this.#isBroken) return;
    try {
      appendFileSync(this.#parts.file, line);
    } catch (error) {
      this.#fault(error);
    }
  }

  #fault(error: unknown): void {
    this.#isBroken = true;
    this.#early = undefined;
    const why = error instanceof Error ? error.message : String(error);
    this.#parts.onFault(`TRADES_CSV is not kept any more: ${why}`);
  }
}
