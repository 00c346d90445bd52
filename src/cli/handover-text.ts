/**
 * The hand-over report as one page of plain text.
 * Deliberately the same facts as its JSON, in the order in which a person asks for them.
 */
import { spanText } from '../engine/index.ts';
import { printable } from '../ui/text.ts';
import type { Handover } from './handover.ts';

type Row = readonly [heading: string, text: string];

const minute = (at: string | null): string =>
  at === null ? '?' : at.slice(0, 16).replace('T', ' ');
const shown = (value: string | number | null): string => (value === null ? 'unknown' : `${value}`);
const signed = (money: string | null, currency: string): string =>
  money === null ? 'unknown' : `${money.startsWith('-') ? '' : '+'}${money} ${currency}`;

/** One heading for several lines; the first line carries it. */
const under = (heading: string, lines: readonly string[], none: string): readonly Row[] =>
  lines.length === 0
    ? [[heading, none]]
    : lines.map((text, index): Row => [index === 0 ? heading : '', text]);

/** Breakers that are a part of the way to their trip; the others are only counted. */
const NEAR = 4;
const NEAR_LEAST = 0.1;

export function handoverText(report: Handover): string {
  const rows: readonly Row[] = [
    ...whoAndWhere(report),
    ...holds(report),
    ...under(
      'open',
      report.open.map(({ what, can }) => `${what} (${can})`),
      'nothing waits for a decision',
    ),
    ...distances(report),
    ...results(report),
    ...under(
      'warnings',
      report.warnings.map(({ at, text }) => `${minute(at)}  ${text}`),
      'none',
    ),
    ...settings(report),
    ['journal', `${report.engine.journal.entries} entries`],
  ];
  return rows.map(([heading, text]) => `${heading.padEnd(11)}${printable(text)}\n`).join('');
}

function whoAndWhere({ at, last, engine, troubles, trading }: Handover): readonly Row[] {
  const note = last?.note ?? '';
  const before =
    last === null
      ? 'nobody signed one before'
      : `the last one by ${last.by}, ${minute(last.at)}${note === '' ? '' : `: ${note}`}`;
  const versions =
    engine.version === engine.ownVersion
      ? `version ${engine.version}`
      : `version ${engine.version}, this program ${engine.ownVersion}`;
  const armed =
    engine.armedUntil === null ? engine.arming : `armed to ${minute(engine.armedUntil)}`;
  return [
    ['hand-over', `${minute(at)} UTC; ${before}`],
    [
      'engine',
      `${engine.env}, ${engine.mode}${engine.mode === 'live' ? ` (${armed})` : ''}, account ` +
        `${shown(engine.account)}, ${versions}, up ${spanText(engine.runtimeMs)}`,
    ],
    ['operator', engine.operator ?? 'nobody'],
    ['health', troubles.length === 0 ? 'ok' : troubles.join('; ')],
    ['trading', `${trading.state}, link ${trading.link}, session ${trading.session}`],
    ['entries', trading.entriesAllowed ? 'allowed' : `blocked: ${shown(trading.entriesBlockedBy)}`],
  ];
}

function holds({ positions, orders, funds }: Handover): readonly Row[] {
  const currency = funds?.currency ?? '';
  const held = positions.map(
    (one) =>
      `${one.id} ${one.side} ${one.volume} at ${shown(one.entry)}, ` +
      `${one.protected ? `stop ${shown(one.stop)}` : 'NO CONFIRMED STOP'}, ` +
      `target ${shown(one.target)}, ${signed(one.openPnl, currency)}, ${one.state}` +
      (one.ours ? '' : ', not ours'),
  );
  const working = orders.map(
    ({ id, side, volume, state, ageMs }) =>
      `${id} ${side} ${volume} ${state} for ${spanText(ageMs)}`,
  );
  return [...under('positions', held, 'flat'), ...under('orders', working, 'none on their way')];
}

function distances({ breakers }: Handover): readonly Row[] {
  const tripped = breakers.filter((one) => one.tripped);
  const near = breakers
    .filter((one) => !one.tripped && (one.used ?? 0) >= NEAR_LEAST)
    .slice(0, NEAR);
  return under(
    'breakers',
    [
      ...tripped.map(({ name, reason, clears }) => `${name} TRIPPED: ${reason}; clears: ${clears}`),
      ...near.map(({ name, distance }) => `${name} ${distance}`),
    ],
    `all ${breakers.length} clear, none near`,
  );
}

function results({ funds, today, since, last }: Handover): readonly Row[] {
  const currency = funds?.currency ?? '';
  const money =
    funds === null
      ? 'account unknown'
      : `balance ${shown(funds.balance)}, equity ${shown(funds.equity)} ${currency}, day ` +
        signed(funds.dayPnl, currency);
  const trades = (today?.list ?? []).map(
    (one) =>
      `${minute(one.closedAt)}  ${one.side} ${shown(one.volume)} ${shown(one.entry)} to ` +
      `${shown(one.close)}, ${signed(one.net, currency)}, by ${shown(one.by)}`,
  );
  const acts = (since?.acts ?? []).map(({ at, by, subject, what, why }) => {
    const words = [by ?? '', subject, what, why].filter((text) => text !== '');
    return `${minute(at)}  ${words.join(' ')}`;
  });
  const from = last === null ? 'the journal began' : 'the last report';
  return [
    ['funds', money],
    ...under(
      'today',
      today === null ? [] : [`${today.trades} trade(s), ${signed(today.net, currency)}`, ...trades],
      'the journal was not found: name its --data-dir',
    ),
    ...under(
      'since',
      since === null
        ? []
        : [
            `${from}: ${since.trades} trade(s), ${signed(since.net, currency)}, ` +
              `${since.starts} start(s)${since.older === 0 ? '' : `, ${since.older} older acts`}`,
            ...acts,
          ],
      'the journal was not found',
    ),
  ];
}

function settings({ settings: all }: Handover): readonly Row[] {
  return [
    ...under('settings', all.notDefault, 'as by default'),
    ...under('changed', all.changed, 'no setting of the strategy or of risk'),
    ...(all.otherHere.length === 0 ? [] : under('next start', all.otherHere, '')),
    ...(all.origins.length === 0 ? [] : under('set by', all.origins, '')),
  ];
}
