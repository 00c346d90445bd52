/**
 * Dialogs that only tell: a position or order, an entry of the activity, the account and its login.
 * Deliberately no login of its own: the browser flow and its passphrases belong to the shell.
 */
import { type Price, priceText, type Snapshot, volumeText } from '../../engine/index.ts';
import { bookRows, loginEnd } from '../book.ts';
import { SIDES } from '../dialogs.ts';
import { cancelOf } from '../inbox.ts';
import type { Area, Line } from '../lines.ts';
import { modeWords, type Role } from '../look.ts';
import { age, clockText, dayAndClock, moneyWords, signedMoney, signedPercent } from '../text.ts';
import type { UiState } from '../ui-state.ts';
import { type Box, fact, gap, keysLine, words } from './box.ts';
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
    fact('stop', price(stop, 'NONE') + away(stop), stop === undefined ? 'bad' : 'text'),
    fact('target', price(target, 'none') + away(target)),
    fact(
      'P&L now',
      openPnl === undefined || exponent === undefined
        ? 'unknown'
        : `${signedMoney(openPnl, exponent)} ${currency}${percent}`,
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

export function loginBox(snapshot: Snapshot, ui: UiState, { width }: Area): Box {
  const { account, link, environment, mode, breakers } = snapshot;
  const auth = breakers.find((one) => one.name === 'AUTH');
  const refused = auth?.tripped === true || link.state === 'AUTH_HALT';
  const trip = link.roundTripMs === undefined ? '' : `, ${link.roundTripMs} ms`;
  const why = link.reason === undefined ? [] : [fact('said', link.reason, 'warn')];
  const facts = [
    fact('in', modeWords(environment, mode), 'strong'),
    fact('account', account === undefined ? 'not known yet' : account.login),
    fact('broker', account === undefined ? 'not known yet' : account.brokerName),
    fact(
      'balance',
      account === undefined
        ? 'not known yet'
        : `${moneyWords(account.balance, account.exponent)} ${account.currency}`,
    ),
    fact('link', `${link.state}${trip}, for ${age(link.ageMs)}`, refused ? 'bad' : 'text'),
    ...why,
    ...accessLines(snapshot),
    ...(auth === undefined ? [] : [fact('logins', auth.tripped ? auth.reason : auth.distance)]),
    fact('you', ui.role === 'operator' ? `${ui.operator}, operator` : `${ui.operator}, watching`),
  ];
  return {
    title: 'Account and login',
    alarming: refused,
    lines: [...facts, gap, ...loginWords(environment, refused, width), gap, close],
  };
}

/** A token from outside has an end that nobody told us. */
function accessLines(snapshot: Snapshot): readonly Line[] {
  if (snapshot.environment === 'sim') return [];
  const end = loginEnd(snapshot);
  if (end === undefined || snapshot.login === undefined) {
    return [fact('access', 'given from outside: its end is not known', 'warn')];
  }
  const at = `${dayAndClock(snapshot.login.expiresAt)} UTC`;
  return [fact('access', `${end.words} (${at})`, end.isNear ? end.tone : 'text')];
}

function loginWords(
  environment: Snapshot['environment'],
  refused: boolean,
  width: number,
): readonly Line[] {
  if (environment === 'sim') {
    return words('The simulated broker needs no login. Its money is not real.', width);
  }
  const verb = `palm-oil-tui login --env ${environment}`;
  return [
    ...words(
      refused
        ? 'The broker refuses the login: entries and data wait for a new one.'
        : 'The access renews itself. When the broker refuses it, entries stop and this says so.',
      width,
    ),
    gap,
    ...words('In another shell, while this one goes on:', width, 'dim'),
    fact('log in', verb),
    fact('over SSH', `${verb} --no-browser`),
    fact('accounts', `palm-oil-tui accounts --env ${environment}`),
    fact('log out', `palm-oil-tui logout --env ${environment}`),
  ];
}
