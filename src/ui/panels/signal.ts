/**
 * RSI gauge, trend, news sentiment, and the gates of the last closed bar: why or why not.
 * Deliberately says "simulated" and "expired" in words wherever a reading is one (F105).
 */
import type { Decision, GateName, GateResult, Snapshot } from '../../engine/index.ts';
import { GATES, priceText } from '../../engine/index.ts';
import { type Area, type Line, lineWidth, type Span, span } from '../lines.ts';
import type { Role } from '../look.ts';
import { age, clockMinutes, fitNumber, fitWords, printable, reading, signed } from '../text.ts';
import { decisionLine } from './ledger.ts';
import { slider } from './market.ts';

/** A blank, a title and two lines: fewer tell nothing. */
const EARLIER_FROM = 4;
/** From this width on the news take one row, so that the gates have theirs. */
const ONE_ROW_NEWS = 42;

export function signalPanel(snapshot: Snapshot, late: number, area: Area): readonly Line[] {
  const decision = snapshot.decisions[snapshot.decisions.length - 1];
  const newsRows = newsLines(snapshot, late, area.width);
  const head = [rsiLine(snapshot, area), trendLine(snapshot), ...newsRows];
  const room = area.height - head.length;
  if (decision === undefined) return [...head, [span('dim', ' no bar has closed yet')]];
  const gates = gateLines(decision, { ...area, height: room });
  const cited = citationLines(snapshot, area, room - gates.length);
  const left = room - gates.length - cited.length;
  return [...head, ...gates, ...cited, ...earlierLines(snapshot, { ...area, height: left })];
}

/** The bar whose gates these are, for the title; absent before the first. */
export function judgedBar({ decisions }: Snapshot): string | undefined {
  const last = decisions[decisions.length - 1];
  return last === undefined ? undefined : `bar ${clockMinutes(last.barTime)}`;
}

/** With more room than its own: how the bars before were judged, newest first. */
function earlierLines({ decisions }: Snapshot, area: Area): readonly Line[] {
  if (area.height < EARLIER_FROM || decisions.length < 2) return [];
  const earlier = [...decisions].reverse().slice(1, area.height - 1);
  const lines = earlier.map((decision) => decisionLine(decision, area));
  return [[], [span('title', ' Bars before')], ...lines];
}

/** Where the score comes from, as far as there is room: a zoomed panel shows every address. */
function citationLines({ sentiment }: Snapshot, area: Area, room: number): readonly Line[] {
  const found = sentiment.mode === 'off' ? [] : (sentiment.reading?.citations ?? []);
  const shown = found.map((one, at): Line => {
    const lead = at === 0 ? ' from  ' : '       ';
    return [span('dim', lead), span('dim', fitWords(printable(one), area.width - lead.length))];
  });
  return shown.slice(0, Math.max(0, room));
}

function rsiLine({ indicators }: Snapshot, { width, look }: Area): Line {
  const { rsi, oversold, overbought } = indicators;
  if (rsi === undefined) return [span('dim', ' RSI   '), span('warn', 'warming up')];
  const head = [span('dim', ' RSI '), span('strong', fitNumber(reading(rsi), 5)), span('dim', ' ')];
  const side = rsi <= oversold ? 'low ' : rsi >= overbought ? 'high' : '';
  const cells = Math.min(40, width - lineWidth(head) - 6);
  const gauge = slider(rsi / 100, cells, look.glyphs, [oversold / 100, overbought / 100]);
  return [...head, span(side === '' ? 'accent' : 'warn', gauge), span('warn', ` ${side}`)];
}

function trendLine({ indicators, instrument }: Snapshot): Line {
  const { trend, ema, emaPeriod, trendFilter } = indicators;
  const roles: Record<typeof trend, Role> = {
    up: 'up',
    down: 'down',
    flat: 'text',
    unknown: 'warn',
  };
  const value =
    ema === undefined || instrument === undefined
      ? 'unknown'
      : priceText(roundedPrice(ema, instrument.digits), instrument.digits);
  return [
    span('dim', ' trend '),
    span(roles[trend], trend.padEnd(8)),
    span('dim', `EMA ${emaPeriod} `),
    span('text', value),
    span('dim', trendFilter ? '' : '  filter off'),
  ];
}

type PriceValue = Parameters<typeof priceText>[0];

function roundedPrice(value: number, digits: number): PriceValue {
  const tick = 10 ** (5 - digits);
  return (Math.round(value / tick) * tick) as PriceValue;
}

/** Where it is narrow the words that explain leave first, then whose news it is and how sure. */
const NEWS_FORMS = [
  { old: ' old', sure: ' sure', source: true },
  { old: '', sure: '', source: true },
  { old: '', sure: '', source: false },
] as const;

/** Score and age, in one row where it is wide enough. */
function newsLines(snapshot: Snapshot, late: number, width: number): readonly Line[] {
  const forms = NEWS_FORMS.map((form) => newsParts(snapshot, late, form));
  const shown = width < ONE_ROW_NEWS ? forms : forms.map((lines) => [lines.flat()]);
  const fits = (lines: readonly Line[]) => lines.every((line) => lineWidth(line) <= width);
  return shown.find(fits) ?? shown[shown.length - 1] ?? [];
}

function newsParts(
  { sentiment }: Snapshot,
  late: number,
  words: (typeof NEWS_FORMS)[number],
): readonly Line[] {
  const label = span('dim', ' news  ');
  if (sentiment.mode === 'off') return [[label, span('warn', 'gate is OFF')], []];
  const news = sentiment.reading;
  const needs = span('dim', `needs ${sentiment.threshold}`);
  // Why nobody answers matters only where there is nothing to rely on.
  const why = sentiment.abstained === undefined ? '' : `  ${sentiment.abstained}`;
  if (news === undefined) return [[label, span('warn', 'no reading  '), needs], [span('dim', why)]];
  const score = Math.round(news.score);
  const scoreRole: Role = score > 0 ? 'up' : score < 0 ? 'down' : 'text';
  const state =
    news.expired || news.ageMs + late >= sentiment.lifetimeMs
      ? span('bad', 'EXPIRED ')
      : span('dim', '');
  return [
    [
      label,
      span(scoreRole, fitNumber(signed(String(score), score), 4)),
      span('dim', ` needs ${sentiment.threshold} `),
    ],
    [
      span('text', ' '),
      state,
      span('text', `${age(news.ageMs + late)}${words.old}`),
      ...(words.source || news.simulated ? [sourcePart(news)] : []),
      span('dim', words.source ? ` ${Math.round(news.confidence)} %${words.sure}` : ''),
      span('warn', why),
    ],
  ];
}

const sourcePart = (news: { readonly simulated: boolean; readonly source: string }): Span =>
  news.simulated ? span('warn', ' simulated') : span('dim', ` ${news.source}`);

function gateLines(decision: Decision, area: Area): readonly Line[] {
  const results = new Map(decision.gates.map((result) => [result.gate, result]));
  const all = GATES.map((gate) => ({ gate, result: results.get(gate) }));
  // Both ask about time: where rows are short, the one that blocks stands for both.
  const isWaiting = results.get('event')?.pass === false && results.get('calendar')?.pass === true;
  const spare: GateName = isWaiting ? 'calendar' : 'event';
  const gates = area.height >= all.length ? all : all.filter(({ gate }) => gate !== spare);
  if (area.height >= gates.length && area.width >= 34) {
    return gates.map(({ gate, result }) => gateLine(gate, result, area));
  }
  const columns = Math.max(1, Math.min(3, Math.ceil(gates.length / Math.max(1, area.height - 1))));
  const rows = Math.ceil(gates.length / columns);
  // A few of the gates would look like all of them: the verdict says which one counts.
  if (rows > area.height) return [decisionLine(decision, area)];
  const cells = Math.floor((area.width - 1) / columns);
  const grid = Array.from({ length: rows }, (_, row): Line => {
    const line: Span[] = [span('text', ' ')];
    for (let column = 0; column < columns; column += 1) {
      const entry = gates[column * rows + row];
      if (entry === undefined) continue;
      line.push(
        ...mark(entry.result, area),
        span(markRole(entry.result), fitWords(entry.gate, cells - 2)),
      );
    }
    return line;
  });
  const head = span('dim', ' last bar  ');
  return rows < area.height ? [[head, ...verdict(decision)], ...grid] : grid;
}

const verdict = (decision: Decision): readonly Span[] =>
  decision.blockedBy === undefined
    ? [span('good', decision.side === 'sell' ? 'enter SELL' : 'enter BUY')]
    : [span('warn', `stopped at ${decision.blockedBy}`)];

const markRole = (result: GateResult | undefined): Role =>
  result === undefined ? 'dim' : result.pass ? 'text' : 'warn';

function mark(result: GateResult | undefined, { look }: Area): readonly Span[] {
  if (result === undefined) return [span('dim', `${look.glyphs.notAsked} `)];
  return result.pass ? [span('good', `${look.glyphs.yes} `)] : [span('bad', `${look.glyphs.no} `)];
}

function gateLine(gate: string, result: GateResult | undefined, area: Area): Line {
  const name = [
    span('text', ' '),
    ...mark(result, area),
    span(markRole(result), fitWords(gate, 10)),
  ];
  if (result === undefined) return [...name, span('dim', 'not asked')];
  const { value, threshold, pass } = result;
  const room = area.width - lineWidth(name);
  // A value that is the threshold's own words is said once: no "all clear (all clear)".
  const whole = threshold.startsWith(value)
    ? [threshold]
    : [...(pass ? [] : [`${value}, needs ${threshold}`]), `${value} (${threshold})`, value];
  const forms = whole.filter((form) => form.length <= room);
  return [...name, span(result.pass ? 'dim' : 'text', forms[0] ?? '')];
}
