/**
 * Dialogs that only tell: a position or order, an entry of the activity.
 * Deliberately act on nothing: what may be done is said in words, with the key that does it.
 */
import { type Price, priceText, type Snapshot, volumeText } from '../../engine/index.ts';
import { bookRows } from '../book.ts';
import { SIDES } from '../dialogs.ts';
import { cancelOf } from '../inbox.ts';
import type { Area, Line } from '../lines.ts';
import type { Role } from '../look.ts';
import { age, clockText, dayAndClock, signedMoney, signedPercent } from '../text.ts';
import { type Box, fact, factLines, gap, keysLine, words } from './box.ts';
import { wayEnd } from './way.ts';

const close = keysLine(['Esc', 'closes']);

export function detailsBox(rowId: string, snapshot: Snapshot, { width }: Area): Box {
  const row = bookRows(snapshot).find((one) => one.id === rowId);
  if (row === undefined) {
    return {
      title: 'Details',
      alarming: false,
      lines: [...words('It is gone.', width), gap, close],
    };
  }
  return row.type === 'order'
    ? orderBox(row.order, width)
    : positionBox(row.position, snapshot, width);
}

function orderBox(order: Snapshot['orders'][number], width: number): Box {
  const unproven = order.state === 'UNKNOWN' || order.state === 'QUARANTINED';
  const next = unproven
    ? 'Nobody knows whether it was executed: i opens the inbox with both sides.'
    : cancelOf(order) === undefined
      ? 'The broker has not named it yet, so it cannot be cancelled.'
      : 'c cancels it, after Esc.';
  const lines = [
    fact('order', order.id),
    fact('at broker', order.brokerOrderId ?? 'no name yet'),
    fact('side', SIDES[order.side]),
    fact('volume', `${volumeText(order.volume)}, executed ${volumeText(order.executed)}`),
    fact('state', order.state, unproven ? 'bad' : 'text'),
    fact('since', age(order.ageMs)),
    ...words(order.reason, width),
    gap,
    ...words(next, width, 'dim'),
  ];
  return { title: 'Order', alarming: unproven, lines: [...lines, gap, close] };
}

type Position = Snapshot['positions'][number];

function positionBox(position: Position, snapshot: Snapshot, width: number): Box {
  const digits = snapshot.instrument?.digits;
  const exponent = snapshot.account?.exponent;
  const { currency } = snapshot.account ?? { currency: '' };
  const price = (value: Price | undefined, absent: string) =>
    value === undefined ? absent : digits === undefined ? 'unknown' : priceText(value, digits);
  const away = (value: Price | undefined): string => {
    const end = wayEnd(position, value, snapshot);
    if (end === undefined || digits === undefined) return '';
    const there =
      end.result === undefined || exponent === undefined
        ? ''
        : `, there ${signedMoney(end.result, exponent)} ${currency}`;
    return `, ${priceText(end.away, digits)} away${there}`;
  };
  const { stop, target, openPnl, openPnlBps } = position;
  const percent = openPnlBps === undefined ? '' : `, ${signedPercent(openPnlBps)} of the entry`;
  const wanted = position.wanted === undefined ? [] : [fact('closing', position.wanted, 'warn')];
  const lines: readonly Line[] = [
    fact('position', position.id),
    fact('side', `${SIDES[position.side]} ${volumeText(position.volume)}`),
    fact('opened', `${dayAndClock(position.openedAt)} UTC, ${age(position.ageMs)} ago`),
    fact('entry', price(position.entry, 'none')),
    fact('now', price(position.current, 'no fresh quote')),
    ...factLines(
      'stop',
      price(stop, 'NONE') + away(stop),
      width,
      stop === undefined ? 'bad' : 'text',
    ),
    ...factLines('target', price(target, 'none') + away(target), width),
    ...factLines(
      'P&L now',
      openPnl === undefined || exponent === undefined
        ? 'unknown'
        : `${signedMoney(openPnl, exponent)} ${currency}${percent}`,
      width,
    ),
    fact('state', position.state, stop === undefined ? 'bad' : 'text'),
    fact('owner', position.ours ? 'this program' : 'somebody else on this account'),
    ...wanted,
    ...(position.ours ? [] : words('This program never changes it.', width)),
  ];
  return { title: 'Position', alarming: stop === undefined, lines: [...lines, gap, close] };
}

export function entryBox(seq: number, snapshot: Snapshot, { width }: Area): Box {
  const entry = snapshot.activity.find((one) => one.seq === seq);
  if (entry === undefined) {
    const lines = [...words('This entry is not kept any more.', width), gap, close];
    return { title: 'Activity', alarming: false, lines };
  }
  const role: Role = entry.tone === 'plain' ? 'text' : entry.tone;
  const said =
    entry.outside === undefined
      ? []
      : [gap, ...words('In words of the broker:', width, 'dim'), ...words(entry.outside, width)];
  return {
    title: `Activity: ${entry.kind}`,
    alarming: false,
    lines: [
      fact('when', `${dayAndClock(entry.wall)}${clockText(entry.wall).slice(5)} UTC`),
      ...words(entry.text, width, role),
      ...said,
      gap,
      close,
    ],
  };
}
