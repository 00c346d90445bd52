/**
 * The `explain` verb: why a bar, a trade or an order came about, from the journal alone (I31).
 * Deliberately asks no engine and no configuration: what decided was recorded with the decision.
 */
import { shownDecision } from '../../engine/decision-words.ts';
import {
  type DecisionRecord,
  decimalText,
  GATES,
  moneyText,
  priceText,
  secondsText,
  spanText,
  volumeText,
} from '../../engine/index.ts';
import type { JournalView } from '../../runtime/journal-view.ts';
import type { AuditRow, TradeRow } from '../../runtime/projections.ts';
import { printable } from '../../ui/text.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { tradeCells } from '../trade-cells.ts';
import { project } from './trades.ts';

export type Topic =
  | { readonly type: 'bar'; readonly day: string | undefined; readonly clock: string }
  | { readonly type: 'trade'; readonly number: number }
  | { readonly type: 'order'; readonly id: string };

/** What was asked about, or a sentence on how to ask. */
export function topicOf(what: string, name: string): Topic | string {
  if (what === 'bar') {
    const parts = /^(?:(\d{4}-\d\d-\d\d)T)?(\d\d:\d\d)Z?$/.exec(name);
    if (parts?.[2] !== undefined) return { type: 'bar', day: parts[1], clock: parts[2] };
    return 'a bar is named by the UTC time it opened at: 14:35 or 2026-03-02T14:35.';
  }
  if (what === 'trade') {
    if (/^[1-9]\d{0,8}$/.test(name)) return { type: 'trade', number: Number(name) };
    return 'a trade is named by its number: palm-oil-tui trades lists them.';
  }
  if (what === 'order') return { type: 'order', id: name };
  const words = JSON.stringify(what);
  return `explain knows bar, trade and order, not ${words}: for example explain bar 14:35.`;
}

/** All that the journal says about the topic. */
interface Story {
  decision: DecisionRecord | undefined;
  trade: TradeRow | undefined;
  readonly moves: AuditRow[];
}

/** Explains, or says in one sentence that the journal knows nothing of it (exit 64). */
export function explain(view: JournalView, topic: Topic, json: boolean, io: Io): number {
  const story = storyOf(view, topic);
  const isKnown = story.decision ?? story.trade ?? story.moves[0];
  if (isKnown === undefined) {
    const name = topic.type === 'bar' ? topic.clock : 'id' in topic ? topic.id : topic.number;
    const text = `The journal knows no ${topic.type} ${JSON.stringify(name)}.`;
    io.stderr.write(`palm-oil-tui: ${text}\n`);
    return EXIT.usage;
  }
  io.stdout.write(json ? `${JSON.stringify(storyJson(story), orNull, 2)}\n` : storyText(story));
  return EXIT.ok;
}

function storyOf(view: JournalView, topic: Topic): Story {
  const story: Story = { decision: undefined, trade: undefined, moves: [] };
  if (topic.type === 'bar') {
    project(view, {
      decision: (decision) => {
        if (isOf(decision, topic)) story.decision = decision;
      },
    });
    return story;
  }
  const isAsked = (trade: TradeRow) =>
    topic.type === 'trade' ? trade.number === topic.number : trade.orderId === topic.id;
  project(view, {
    opened: (trade) => {
      if (topic.type === 'order' && isAsked(trade)) story.trade = trade;
    },
    closed: (trade) => {
      if (isAsked(trade)) story.trade = trade;
    },
  });
  story.decision = story.trade?.decision;
  const id = topic.type === 'order' ? topic.id : story.trade?.orderId;
  if (id !== undefined) followOrder(view, id, story);
  return story;
}

/** The order's own moves; its decision is the newest before the first of them. */
function followOrder(view: JournalView, id: string, story: Story): void {
  let newest: { readonly decision: DecisionRecord; readonly seq: number } | undefined;
  project(view, {
    decision: (decision, seq) => {
      newest = { decision, seq };
    },
    audit: (row) => {
      if (row.subject !== id && row.subject !== story.trade?.positionId) return;
      if (row.kind === 'order' && newest?.seq === row.seq) story.decision ??= newest.decision;
      story.moves.push(row);
    },
  });
}

function isOf({ barTime }: DecisionRecord, { day, clock }: Topic & { type: 'bar' }): boolean {
  const iso = new Date(barTime).toISOString();
  return iso.slice(11, 16) === clock && (day === undefined || iso.slice(0, 10) === day);
}

const instant = (at: number) => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
type Row = readonly [name: string, text: string];

function storyText({ decision, trade, moves }: Story): string {
  const rows: Row[] = [];
  if (trade !== undefined) rows.push(...tradeRows(trade), ['', '']);
  if (decision !== undefined) rows.push(...decisionRows(decision));
  else rows.push(['decision', 'none is in the journal']);
  if (moves.length > 0) rows.push(['', '']);
  for (const { at, kind, what, why } of moves) {
    rows.push([kind, `${instant(at)}  ${what}${why === '' ? '' : `: ${why}`}`]);
  }
  return rows
    .map(([name, text]) => `${`${name.padEnd(12)}${printable(text)}`.trimEnd()}\n`)
    .join('');
}

function tradeRows(trade: TradeRow): readonly Row[] {
  const cells = tradeCells(trade, 'close');
  const number = trade.number === undefined ? 'open' : String(trade.number);
  const { side, symbol, entry_price: entry, volume: size, close_reason: by } = cells;
  const opened = trade.openedAt === undefined ? 'not known' : instant(trade.openedAt);
  const closed = trade.closedAt === undefined ? 'still open' : instant(trade.closedAt);
  return [
    ['trade', `${number}: ${side} ${size} ${symbol ?? ''}, position ${trade.positionId}`],
    ['opened', `${opened} at ${entry}, stop ${cells.sl ?? 'NONE'}, target ${cells.tp ?? 'none'}`],
    ['closed', by === undefined ? closed : `${closed} at ${cells.close_price} by ${by}`],
    ...(by === undefined ? [] : [['result', `${cells.pnl} after all costs`] as const]),
  ];
}

function decisionRows(record: DecisionRecord): readonly Row[] {
  const { sentence, gates, blockedBy } = shownDecision(record);
  const blockedAt = blockedBy === undefined ? GATES.length : GATES.indexOf(blockedBy);
  return [
    ['decision', sentence],
    ['decided', instant(record.decidedAt)],
    ...inputRows(record),
    ...gates.map(({ gate, pass, value, threshold }): Row => {
      const mark = GATES.indexOf(gate) > blockedAt ? 'not decisive' : pass ? 'yes' : 'NO';
      const needs = threshold === '' || threshold === value ? '' : `, needed: ${threshold}`;
      return [gate, `${mark.padEnd(13)}${value}${needs}`];
    }),
  ];
}

/** What was known at that moment, as it was recorded. */
function inputRows({ terms, view, risk, barTime }: DecisionRecord): readonly Row[] {
  const { instrument, account } = terms;
  const { bar, rsi, trend, sentiment, sentimentAgeMs } = view;
  const at = (value: Parameters<typeof priceText>[0] | undefined) =>
    value === undefined ? 'not known' : priceText(value, instrument.digits);
  const ohlc = [bar.open, bar.high, bar.low, bar.close].map((one) => at(one)).join(' ');
  const cash = (value: typeof risk.equity) =>
    value === undefined || account === undefined
      ? 'not known'
      : `${moneyText(value, account.exponent)} ${account.currency}`;
  return [
    ['quote', `${instrument.name} bid ${at(risk.bid)}, ask ${at(risk.ask)}`],
    ['bar', `${instant(barTime)}: open high low close ${ohlc}`],
    ['indicators', `RSI ${rsi === undefined ? 'warming up' : rsi.toFixed(2)}, trend ${trend}`],
    [
      'news',
      sentiment === undefined
        ? 'none that was valid'
        : `${decimalText(sentiment.score, 0)} with ${sentiment.confidence} % confidence from ` +
          `${sentiment.source}${sentiment.simulated ? ' (simulated)' : ''}, ` +
          ageWords(sentimentAgeMs),
    ],
    ['tripped', risk.tripped.length === 0 ? 'no breaker' : risk.tripped.join(', ')],
    ['account', `equity ${cash(risk.equity)}, margin used ${cash(risk.usedMargin)}`],
    ['grid', `lot ${volumeText(instrument.lotSize)}, step ${volumeText(instrument.stepVolume)}`],
  ];
}

function ageWords(ms: number | undefined): string {
  if (ms === undefined) return 'age not known';
  return `${ms < 60_000 ? secondsText(ms) : spanText(ms)} old`;
}

const orNull = (_key: string, value: unknown) => (value === undefined ? null : value);

/** Words and raw record: prices, volumes and money of the record are the engine's integers. */
function storyJson({ decision, trade, moves }: Story): object {
  const { decision: _own, ...facts } = trade ?? { decision: undefined };
  return {
    words: decision === undefined ? null : shownDecision(decision),
    record: decision ?? null,
    trade: trade === undefined ? null : facts,
    moves: moves.map((row) => ({ ...row, at: new Date(row.at).toISOString() })),
  };
}
