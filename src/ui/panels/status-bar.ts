/**
 * The two top rows: what am I, is it true now, may it enter, what do I hold, how is the day.
 * Deliberately the only place with the mode badge; it is shown at every size that has panels.
 */
import {
  type LinkState,
  money,
  type Snapshot,
  spanText,
  TRADING_STATE,
  type TradingState,
} from '../../engine/index.ts';
import { alertsOf, openOrders } from '../book.ts';
import { count } from '../dialogs.ts';
import {
  type Area,
  keepWhole,
  type Line,
  lineWidth,
  type Part,
  type Span,
  sentence,
  signRole,
  span,
  spread,
} from '../lines.ts';
import { type Glyphs, modeRole, modeWords, type Role } from '../look.ts';
import { type Playback, playbackWords } from '../playback.ts';
import {
  age,
  clockText,
  displayWidth,
  firstFit,
  fitNumberLeft,
  signedMoney,
  signedPercent,
} from '../text.ts';

const TRADING: Readonly<Record<TradingState, readonly [Role, string]>> = {
  active: ['good', TRADING_STATE.active],
  reducing: ['warn', TRADING_STATE.reducing],
  halted: ['bad', TRADING_STATE.halted],
};

/**
 * The state the engine is in. A tripped breaker and a run nobody armed let no entry by: what they
 * say comes before an ACTIVE that would not be true.
 */
export function tradingWords(snapshot: Snapshot): readonly [Role, string] {
  const { tradingState, breakers, arming } = snapshot;
  if (tradingState !== 'active') return TRADING[tradingState];
  if (breakers.some((one) => one.tripped)) return ['bad', 'BLOCKED'];
  return arming.state === 'unarmed' ? ['warn', 'NOT ARMED'] : TRADING.active;
}

const linkRole = (state: LinkState): Role =>
  state === 'READY' ? 'good' : state === 'HALTED' || state === 'AUTH_HALT' ? 'bad' : 'warn';

/** From ten hours on without minutes, so that it never touches its neighbour. */
const shortAge = (ms: number): string => {
  const text = age(ms);
  return text.length < AGE_CELLS ? text : text.split(' ').slice(0, 2).join(' ');
};

/** Columns of an age, so that a growing number moves nothing. */
const AGE_CELLS = 9;

export function statusBar(
  snapshot: Snapshot,
  late: number,
  area: Area,
  playback?: Playback,
): readonly Line[] {
  return [identity(snapshot, late, area, playback), holdings(snapshot, late, area)];
}

function identity(
  snapshot: Snapshot,
  late: number,
  { width }: Area,
  playback: Playback | undefined,
): Line {
  const words = modeWords(snapshot.environment, snapshot.mode);
  const [tradingRole, trading] = tradingWords(snapshot);
  const { account, link, quote, sentiment } = snapshot;
  const trip = link.roundTripMs === undefined ? '' : ` ${link.roundTripMs} ms`;
  const accountWord = width < 100 ? '#' : 'account ';
  const played = playback === undefined ? [] : [span('badge', ` ${playbackWords(playback)} `)];
  const left: Span[][] = [
    // A recording looks like an engine otherwise: nobody may take one for the other.
    [...played, span(modeRole(words), ` ${words} `)],
    [span(tradingRole, `  ${trading}`)],
    [span(linkRole(link.state), `  ${link.state}`)],
    [span('dim', trip.padEnd(8))],
    [span('dim', account === undefined ? ' no account yet' : ` ${accountWord}${account.login}`)],
    [span('dim', account === undefined ? '' : `  ${account.brokerName}`)],
  ];
  const quoteAge = quote === undefined ? 'none' : shortAge(quote.ageMs + late);
  const news = sentiment.reading;
  const newsAge =
    sentiment.mode === 'off' ? 'off' : news === undefined ? 'none' : shortAge(news.ageMs + late);
  const fresh = quote?.fresh === true && late === 0;
  const right: Span[][] = [
    [
      span(
        'text',
        width < 100 ? `${clockText(snapshot.wall)}Z ` : `${clockText(snapshot.wall)} UTC `,
      ),
    ],
    [span('dim', 'quote '), span(fresh ? 'text' : 'warn', fitNumberLeft(quoteAge, AGE_CELLS))],
    // The account comes before the age of the news: it is part of what am I.
    [],
    [],
    [
      span('dim', 'news '),
      span(news?.expired === true ? 'warn' : 'text', fitNumberLeft(newsAge, AGE_CELLS)),
    ],
  ];
  return packed(left, right, width);
}

/** Takes parts in order of importance, alternating sides, as long as they fit. */
function packed(left: readonly Span[][], right: readonly Span[][], width: number): Line {
  const chosenLeft: Span[] = [];
  const chosenRight: Span[] = [];
  let room = width - 1;
  const take = (part: readonly Span[] | undefined, put: (part: readonly Span[]) => void) => {
    if (part === undefined || lineWidth(part) > room) return;
    room -= lineWidth(part);
    put(part);
  };
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    take(left[index], (part) => chosenLeft.push(...part));
    take(right[index], (part) => chosenRight.unshift(...part));
  }
  return spread(chosenLeft, chosenRight, width);
}

function holdings(snapshot: Snapshot, late: number, { width, look }: Area): Line {
  const [role, ...forms] = standing(snapshot, late, look.glyphs);
  const most = width < 76 ? width >> 1 : Math.min(90, width - 30);
  const parts = holdingParts(snapshot, width);
  const whole = keepWhole([...eventParts(snapshot, late, width), ...parts], most);
  // What comes next gives way to why nothing may be entered now, and so does the currency.
  const bare = parts.filter(({ rank }) => rank !== CURRENCY_RANK);
  const sides = [whole, keepWhole(parts, most), keepWhole(bare, most)];
  const roomBeside = (right: Line) => width - lineWidth(right) - 2;
  const pairs = forms.flatMap((form) => sides.map((right) => ({ form, right })));
  const chosen = pairs.find(({ form, right }) => displayWidth(form) <= roomBeside(right));
  const { form, right } = chosen ?? { form: forms[forms.length - 1] ?? '', right: sides[1] ?? [] };
  const said = sentence(role, form, roomBeside(right));
  return spread([span('text', ' '), ...said], right, width);
}

/** What to say and how loudly; the same in fewer words behind it. */
type Standing = readonly [Role, ...string[]];

/** The most urgent thing to say: no answer, an alert, or what entries wait for. */
function standing(snapshot: Snapshot, late: number, glyphs: Glyphs): Standing {
  if (late > 0) {
    return [
      'bad',
      `${glyphs.warn} THE ENGINE DOES NOT ANSWER, shown is ${age(late)} old`,
      `${glyphs.warn} NO ANSWER for ${age(late)}`,
    ];
  }
  const [alert, ...more] = alertsOf(snapshot);
  if (alert !== undefined) {
    const others = more.length === 0 ? '' : ` (+${more.length} more)`;
    const role = alert.tone === 'bad' ? 'bad' : 'warn';
    return [
      role,
      `${glyphs.warn} ${alert.text}${others}`,
      `${glyphs.warn} ${alert.short}${others}`,
    ];
  }
  if (!snapshot.entriesAllowed) {
    const why = `${glyphs.bullet} ${blockedWords(snapshot)}`;
    return ['warn', why, why.replace('no entries: ', '')];
  }
  const waits = waitWords(snapshot);
  const allowed = `${glyphs.bullet} entries allowed`;
  return waits === undefined ? ['good', allowed] : ['good', `${allowed}, ${waits}`, allowed];
}

/** What the last closed bar was missing: while nothing blocks, that is what everybody waits for. */
function waitWords({ decisions }: Snapshot): string | undefined {
  const last = decisions[decisions.length - 1];
  if (last?.blockedBy === undefined) return undefined;
  return `last bar: ${last.sentence.replace(/^no entry: /, '')}`;
}

/** "state: entries are paused" says it all by itself; other gates are named. */
export function blockedWords({ entriesBlockedBy, session }: Snapshot): string {
  if (entriesBlockedBy === undefined) return 'no entries: not said why';
  // Outside trading hours nobody wonders about a missing quote.
  if (session.state === 'closed') return 'no entries: the session is closed';
  const own = entriesBlockedBy
    .replace(/^state: /, '')
    .replace(/^slot: 1 taken$/, 'a position is open')
    .replace(/^slot: (\d+) taken$/, '$1 positions are open');
  return own.startsWith('entries ') ? own : `no entries: ${own}`;
}

/** What comes next, or how long entries still wait for it; first to go where room is short. */
function eventParts({ nextEvent, wall }: Snapshot, late: number, width: number): readonly Part[] {
  if (nextEvent === undefined) return [];
  const { name, at, waitsUntil } = nextEvent;
  const word = width < 100 ? shortName(name) : name;
  const short = firstFit([word], EVENT_CELLS) || `${word.slice(0, EVENT_CELLS - 1)}.`;
  const whole = spanText(Math.max(0, (waitsUntil ?? at) - wall - late));
  const left = width < 100 ? whole.replace(/ d .*$/, ' d') : whole;
  const line =
    waitsUntil === undefined
      ? [span('dim', `${short} in `), span('text', `${left}  `)]
      : [span('warn', `${short}: wait ${left}  `)];
  return [{ rank: 5, line }];
}

/** The first word, and the second one when the first is no name by itself: "US". */
const shortName = (name: string): string => {
  const [first = name, second] = name.split(' ');
  return first.length > 2 || second === undefined ? first : `${first} ${second}`;
};

const EVENT_CELLS = 24;
const CURRENCY_RANK = 4;

function holdingParts(snapshot: Snapshot, width: number): readonly Part[] {
  const { account, positions } = snapshot;
  // The alert on the left says it already, unless something worse stands there.
  const said = alertsOf(snapshot)[0]?.short === 'NO STOP';
  const naked = !said && positions.some((one) => one.stop === undefined);
  const parts: Part[] = naked ? [{ rank: 0, line: [span('bad', 'NO STOP  ')] }] : [];
  parts.push({ rank: 1, line: openPart(snapshot, width) });
  if (account === undefined) return parts;
  const { dayPnl, dayPnlBps, exponent, currency } = account;
  if (dayPnl === undefined) {
    return [...parts, { rank: 2, line: [span('dim', '  day '), span('warn', 'unknown ')] }];
  }
  const role = signRole(dayPnl);
  const day = steady(signedMoney(dayPnl, exponent), MONEY_CELLS, width);
  parts.push({ rank: 2, line: [span('dim', '  day '), span(role, `${day} `)] });
  parts.push({ rank: CURRENCY_RANK, line: [span(role, `${currency} `)] });
  if (dayPnlBps !== undefined) {
    const percent = steady(signedPercent(dayPnlBps), PERCENT_CELLS, width);
    parts.push({ rank: 3, line: [span(role, `${percent} `)] });
  }
  return parts;
}

function openPart(snapshot: Snapshot, width: number): Span[] {
  const { positions, account, reconciliation } = snapshot;
  const orders = openOrders(snapshot).length;
  if (positions.length === 0) {
    // Before the broker has shown what it holds, nobody knows that it is nothing (I18).
    if (reconciliation.ageMs === undefined) return [span('warn', 'positions unknown')];
    // "flat" alone would be a promise while an order may still become a position.
    return orders === 0 ? [span('dim', 'flat')] : [span('warn', `flat, ${count(orders, 'order')}`)];
  }
  const many = width < 100 ? `${positions.length} open` : count(positions.length, 'position');
  let sum = 0;
  for (const position of positions) {
    if (position.openPnl === undefined) return [span('text', many), span('warn', ' P&L unknown')];
    sum += position.openPnl;
  }
  if (account === undefined) return [span('text', many)];
  const worth = steady(signedMoney(money(sum), account.exponent), MONEY_CELLS, width);
  return [span('text', `${many} `), span(signRole(sum), worth)];
}

/** Cells of money and of a percentage up here; longer ones grow in steps. */
const MONEY_CELLS = 8;
const PERCENT_CELLS = 7;
const STEP = 3;

/** Right-aligned in a width that changes seldom: what stands before it does not move. */
function steady(text: string, cells: number, width: number): string {
  if (width < 80) return text;
  return text.padStart(cells + Math.ceil(Math.max(0, text.length - cells) / STEP) * STEP);
}
