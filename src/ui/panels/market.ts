/**
 * Quote, spread, change and range of the day, bar countdown, trading session.
 * Deliberately two forms: a strip of one or two rows without a title, and a panel.
 */
import { type Price, priceText, type Snapshot, type Wall } from '../../engine/index.ts';
import { type Area, keepWhole, type Line, lineWidth, type Span, span, spread } from '../lines.ts';
import type { Glyphs, Role } from '../look.ts';
import {
  age,
  clockMinutes,
  firstFit,
  fitNumber,
  fitWords,
  signedPercent,
  signedPrice,
} from '../text.ts';
import { barTable } from './bar-table.ts';

type Quote = NonNullable<Snapshot['quote']>;
/** Five digits, one decimal and a blank; finer instruments get more, so that nothing is cut. */
const PRICE_CELLS = 8;
const priceCells = (digits: number): number => Math.max(PRICE_CELLS, 7 + digits);
/** In its cells; a price that needs more is whole all the same. */
const cellsOf = (text: string, cells: number): string =>
  fitNumber(text, Math.max(cells, text.length + 1));

export function marketStrip(snapshot: Snapshot, late: number, area: Area): readonly Line[] {
  const { instrument, quote } = snapshot;
  const digits = instrument?.digits;
  const name = span('strong', ` ${instrument?.name ?? 'no instrument yet'} `);
  const bar = nextBar(snapshot, late);
  if (quote === undefined || digits === undefined) {
    return [
      spread([name, span('warn', ' no quote yet')], [span('dim', bar)], area.width),
      session(snapshot, area),
    ];
  }
  const prices = bidAsk(quote, digits, late);
  const countdown = span('dim', `${bar} `);
  const parts = [
    { rank: 0, line: [name] },
    { rank: 0, line: prices },
    { rank: 2, line: fresh(quote, late) ? spreadPart(quote, digits) : [] },
    { rank: 1, line: change(quote, digits) },
  ];
  const room = area.width - lineWidth([countdown]) - 1;
  const crowded = lineWidth([name, ...prices]) > room;
  const first = crowded
    ? keepWhole(parts, area.width)
    : spread(keepWhole(parts, room), [countdown], area.width);
  const range = [
    span('dim', '   day low '),
    span('text', priceText(quote.dayLow, digits)),
    span('dim', ' high '),
    span('text', `${priceText(quote.dayHigh, digits)} `),
  ];
  return [first, spread(session(snapshot, area), range, area.width)];
}

export function marketPanel(snapshot: Snapshot, late: number, area: Area): readonly Line[] {
  const { instrument, quote, bars } = snapshot;
  const digits = instrument?.digits;
  if (quote === undefined || digits === undefined) {
    return [[span('warn', ' no quote yet')], session(snapshot, area)];
  }
  const done = bars.closesInMs === undefined ? undefined : 1 - bars.closesInMs / bars.timeframeMs;
  const low = priceText(quote.dayLow, digits);
  const high = priceText(quote.dayHigh, digits);
  const rangeCells = Math.min(TRACK_MAX, area.width - LABEL_CELLS - low.length - high.length - 4);
  const label = (text: string) => span('dim', ` ${fitWords(text, LABEL_CELLS)}`);
  const name = span('strong', ` ${instrument?.name ?? ''} `);
  const own = [
    firstLine(name, quote, { digits, late, width: area.width }),
    [label('day'), ...dayChange(quote, digits)],
    [
      label('range'),
      span('text', `${low} `),
      span('dim', slider(place(quote.bid, quote), rangeCells, area.look.glyphs)),
      span('text', ` ${high}`),
    ],
    [
      label(`${frameWords(bars.timeframeMs)} bar`),
      ...(done === undefined ? [] : bargraph(done, 12, 'accent', area.look.glyphs)),
      span('dim', ` ${nextBar(snapshot, late)}`),
    ],
    session(snapshot, area),
  ];
  return [...own, ...barTable(snapshot, { ...area, height: area.height - own.length })];
}

/** Prices whatever the width; what is left out first is the name, last that they are stale. */
function firstLine(
  name: Span,
  quote: Quote,
  {
    digits,
    late,
    width,
  }: { readonly digits: number; readonly late: number; readonly width: number },
): Line {
  const prices = pricesOf(quote, digits, late);
  const beside = fresh(quote, late)
    ? [spreadPart(quote, digits), []]
    : [stalePart(quote, late), [span('warn', ' STALE')], []];
  const forms = beside.flatMap((more): readonly Line[] => [
    [name, ...prices, ...more],
    [span('text', ' '), ...prices, ...more],
  ]);
  // A spread is less than the name, an age is more.
  const [whole = [], bare = [], named = []] = forms;
  const order = fresh(quote, late) ? [whole, named, bare, ...forms] : forms;
  return order.find((line) => lineWidth(line) <= width) ?? prices;
}

const LABEL_CELLS = 7;
const TRACK_MAX = 60;

const fresh = (quote: Quote, late: number): boolean => quote.fresh && late === 0;

/** A stale quote has no spread worth knowing: its age takes that place (F116). */
const bidAsk = (quote: Quote, digits: number, late: number): readonly Span[] =>
  fresh(quote, late)
    ? pricesOf(quote, digits, late)
    : [...pricesOf(quote, digits, late), ...stalePart(quote, late)];

const stalePart = (quote: Quote, late: number): readonly Span[] => [
  span('warn', `  STALE ${age(quote.ageMs + late)}`),
];

function pricesOf(quote: Quote, digits: number, late: number): readonly Span[] {
  const role: Role = fresh(quote, late) ? 'strong' : 'warn';
  const cells = (value: Price) => cellsOf(priceText(value, digits), priceCells(digits));
  return [
    span('dim', 'bid'),
    span(role, cells(quote.bid)),
    span('dim', '  ask'),
    span(role, cells(quote.ask)),
  ];
}

function spreadPart(quote: Quote, digits: number): readonly Span[] {
  const text = priceText((quote.ask - quote.bid) as Price, digits);
  return [span('dim', '  spread '), span('text', cellsOf(text, 3 + digits))];
}

interface Change {
  readonly role: Role;
  readonly by: string;
  readonly percent: string;
}

function changeOf(quote: Quote, digits: number): Change | undefined {
  const by = (quote.bid - quote.dayOpen) as Price;
  if (quote.dayOpen <= 0) return undefined;
  const role: Role = by > 0 ? 'up' : by < 0 ? 'down' : 'text';
  const bps = Math.round((by / quote.dayOpen) * 10_000);
  return { role, by: signedPrice(by, digits), percent: signedPercent(bps) };
}

function change(quote: Quote, digits: number): readonly Span[] {
  const found = changeOf(quote, digits);
  if (found === undefined) return [];
  const { role, by, percent } = found;
  return [span(role, ` ${cellsOf(by, 7 + digits)} ${cellsOf(percent, 9)}`)];
}

/** The same below its neighbours' left edge. */
function dayChange(quote: Quote, digits: number): readonly Span[] {
  const found = changeOf(quote, digits);
  if (found === undefined) return [];
  return [span(found.role, `${found.by.padEnd(6 + digits)} ${found.percent}`)];
}

/** Padded, so that the countdown moves nothing. */
function nextBar({ bars: { closesInMs } }: Snapshot, late: number): string {
  if (closesInMs === undefined) return 'no bar is forming';
  return `next bar ${age(Math.max(0, closesInMs - late)).padEnd(8)}`;
}

function session({ session: { state, changesAt }, wall, instrument }: Snapshot, area: Area): Line {
  const words = { open: 'session open', closed: 'session CLOSED', unknown: 'session unknown' };
  const role: Role = state === 'open' ? 'text' : 'warn';
  const verb = state === 'open' ? 'closes' : 'opens';
  const left = changesAt === undefined ? '' : age((changesAt - wall) as Wall);
  const forms =
    changesAt === undefined
      ? ['']
      : [`, ${verb} ${clockMinutes(changesAt)} UTC in ${left}`, `, ${verb} in ${left}`, ''];
  const status =
    instrument === undefined || instrument.status === 'open'
      ? ''
      : `, instrument ${instrument.status}`;
  const room = area.width - lineWidth([span(role, ` ${words[state]}`), span('bad', status)]);
  const until = firstFit(forms, Math.max(0, room));
  const line = [span(role, ` ${words[state]}`), span('dim', until), span('bad', status)];
  return area.width < 40 ? line.slice(0, 1) : line;
}

function place(value: Price, { dayLow, dayHigh }: Quote): number {
  return dayHigh > dayLow ? (value - dayLow) / (dayHigh - dayLow) : 0.5;
}

/** `5m`, `1h`: as the setting is written. */
const frameWords = (ms: number): string =>
  ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : `${ms / 60_000}m`;

/** A track with a knob at `at` (0 to 1), in exactly `cells`. */
export function slider(
  at: number,
  cells: number,
  glyphs: Glyphs,
  notches: readonly number[] = [],
): string {
  if (cells < 3) return '';
  const inner = cells - 2;
  const cellOf = (value: number) =>
    Math.max(0, Math.min(inner - 1, Math.round(value * (inner - 1))));
  const track = Array.from({ length: inner }, () => glyphs.track);
  for (const notch of notches) track[cellOf(notch)] = glyphs.notch;
  if (Number.isFinite(at)) track[cellOf(at)] = glyphs.knob;
  return glyphs.trackLeft + track.join('') + glyphs.trackRight;
}

/** A filled bar, 0 to 1, in exactly `cells`; the rest of it is drawn faintly. */
export function bargraph(used: number, cells: number, role: Role, glyphs: Glyphs): Line {
  const share = Number.isFinite(used) ? Math.max(0, Math.min(1, used)) : 0;
  // Something used is never shown as nothing, and not yet full never as full.
  const raw = share * cells;
  const filled =
    share > 0 && raw < 1 ? 1 : share < 1 ? Math.min(cells - 1, Math.floor(raw)) : cells;
  return [
    span(role, glyphs.full.repeat(Math.max(0, filled))),
    span('rule', glyphs.empty.repeat(Math.max(0, cells - filled))),
  ];
}
