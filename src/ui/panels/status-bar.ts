/**
 * The two top rows: what am I, is it true now, may it enter, what do I hold, how is the day.
 * Deliberately the only place with the mode badge; it is shown at every size that has panels.
 */
import {
  type LinkState,
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

export function statusBar(snapshot: Snapshot, late: number, area: Area): readonly Line[] {
  return [identity(snapshot, late, area), holdings(snapshot, late, area)];
}

function identity(snapshot: Snapshot, late: number, { width }: Area): Line {
  const words = modeWords(snapshot.environment, snapshot.mode);
  const [tradingRole, trading] = tradingWords(snapshot);
  const { account, link, quote, sentiment } = snapshot;
  const trip = link.roundTripMs === undefined ? '' : ` ${link.roundTripMs} ms`;
  const accountWord = width < 100 ? '#' : 'account ';
  const left: Span[][] = [
    [span(modeRole(words), ` ${words} `)],
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
  const [role, text] = standing(snapshot, late, look.glyphs);
  const most = width < 76 ? width >> 1 : Math.min(76, width - 34);
  const parts = holdingParts(snapshot);
  const whole = keepWhole([...eventParts(snapshot, late, width), ...parts], most);
  const roomBeside = (right: Line): number => width - lineWidth(right) - 2;
  // What comes next gives way to why nothing may be entered now.
  const right = displayWidth(text) <= roomBeside(whole) ? whole : keepWhole(parts, most);
  return spread([span('text', ' '), ...sentence(role, text, roomBeside(right))], right, width);
}

/** The most urgent thing to say: no answer, an alert, or whether entries are allowed. */
function standing(snapshot: Snapshot, late: number, glyphs: Glyphs): readonly [Role, string] {
  if (late > 0) {
    return ['bad', `${glyphs.warn} THE ENGINE DOES NOT ANSWER, shown is ${age(late)} old`];
  }
  const [alert, ...more] = alertsOf(snapshot);
  if (alert !== undefined) {
    const others = more.length === 0 ? '' : ` (+${more.length} more)`;
    const role = alert.tone === 'bad' ? 'bad' : 'warn';
    return [role, `${glyphs.warn} ${alert.text}${others}`];
  }
  return snapshot.entriesAllowed
    ? ['good', `${glyphs.bullet} entries allowed`]
    : ['warn', `${glyphs.bullet} ${blockedWords(snapshot)}`];
}

/** "state: entries are paused" says it all by itself; other gates are named. */
function blockedWords({ entriesBlockedBy, session }: Snapshot): string {
  if (entriesBlockedBy === undefined) return 'no entries: not said why';
  // Outside trading hours nobody wonders about a missing quote.
  if (session.state === 'closed') return 'no entries: the session is closed';
  const own = entriesBlockedBy.replace(/^state: /, '');
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

function holdingParts(snapshot: Snapshot): readonly Part[] {
  const { account, positions } = snapshot;
  // The alert on the left says it already, unless something worse stands there.
  const said = alertsOf(snapshot)[0]?.short === 'NO STOP';
  const naked = !said && positions.some((one) => one.stop === undefined);
  const parts: Part[] = naked ? [{ rank: 0, line: [span('bad', 'NO STOP  ')] }] : [];
  parts.push({ rank: 1, line: openPart(snapshot) });
  if (account === undefined) return parts;
  const { dayPnl, dayPnlBps, exponent, currency } = account;
  if (dayPnl === undefined) {
    return [...parts, { rank: 2, line: [span('dim', '  day '), span('warn', 'unknown ')] }];
  }
  const role = signRole(dayPnl);
  parts.push({
    rank: 2,
    line: [span('dim', '  day '), span(role, `${signedMoney(dayPnl, exponent)} `)],
  });
  parts.push({ rank: 4, line: [span(role, `${currency} `)] });
  if (dayPnlBps !== undefined) {
    parts.push({ rank: 3, line: [span(role, `${signedPercent(dayPnlBps)} `)] });
  }
  return parts;
}

function openPart(snapshot: Snapshot): Span[] {
  const { positions, account } = snapshot;
  const orders = openOrders(snapshot).length;
  // "flat" alone would be a promise while an order may still become a position.
  if (positions.length === 0) {
    return orders === 0 ? [span('dim', 'flat')] : [span('warn', `flat, ${count(orders, 'order')}`)];
  }
  const many = positions.length === 1 ? '1 position' : `${positions.length} positions`;
  let sum = 0;
  for (const position of positions) {
    if (position.openPnl === undefined) return [span('text', many), span('warn', ' P&L unknown')];
    sum += position.openPnl;
  }
  if (account === undefined) return [span('text', many)];
  const money = signedMoney(
    sum as NonNullable<(typeof positions)[number]['openPnl']>,
    account.exponent,
  );
  return [span('text', `${many} `), span(signRole(sum), money)];
}
