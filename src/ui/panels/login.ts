/**
 * Account and login as a dialog: the facts, and a new login while it waits for its answer.
 * Deliberately shows the address in full and nothing of what is pasted.
 */
import type { Snapshot } from '../../engine/index.ts';
import { loginEnd } from '../book.ts';
import { type Area, type Line, span } from '../lines.ts';
import { type LoginStep, mayLogIn } from '../login.ts';
import { modeWords } from '../look.ts';
import { age, dayAndClock, moneyWords } from '../text.ts';
import type { Dialog, UiState } from '../ui-state.ts';
import { type Box, fact, gap, keysLine, words } from './box.ts';

export function loginBox(
  dialog: Extract<Dialog, { type: 'login' }>,
  snapshot: Snapshot,
  ui: UiState,
  area: Area,
): Box {
  const { step } = ui.login;
  if (step?.state === 'waiting') return waitingBox(dialog.typed, step, ui, area);
  if (step?.state === 'exchanging') {
    const lines = words('The broker is asked for the new access.', area.width);
    return { title: 'Log in', alarming: false, lines };
  }
  return factsBox(snapshot, ui, area);
}

/** The address, the time that is left, and where the answer goes. */
function waitingBox(
  typed: string,
  { address, leftMs, hint, trouble }: Extract<LoginStep, { state: 'waiting' }>,
  ui: UiState,
  { width, height }: Area,
): Box {
  const left = Math.max(0, leftMs - (ui.now - ui.login.toldAt));
  const counted = typed === '' ? '' : `, ${typed.length} characters typed: Enter sends them`;
  const lines = [
    ...words('Open this address in a browser and allow access:', width),
    ...(height < ROOMY ? [] : [gap]),
    ...words(address, width, 'focus'),
    ...(height < ROOMY ? [] : [gap]),
    ...words(hint, width),
    ...(trouble === undefined ? [] : words(trouble, width, 'warn')),
    [span('dim', 'waits '), span('text', age(left).padEnd(9)), span('dim', counted)],
    keysLine(['paste', 'answers'], ['Tab', 'copies the address'], ['Esc', 'gives up']),
  ];
  // Too low for both, the sentences leave: without the address nothing can be done.
  const isLow = lines.length > height;
  return { title: 'Log in', alarming: false, lines: isLow ? lines.slice(1) : lines };
}

/** Rows from which blank ones part the address from the sentences. */
const ROOMY = 14;

function factsBox(snapshot: Snapshot, ui: UiState, { width }: Area): Box {
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
    lines: [
      ...facts,
      gap,
      ...endLines(ui.login.step, width),
      ...loginWords(environment, refused, ui, width),
      gap,
      ...lastLine(environment, ui),
    ],
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

/** How the last login from here ended. */
function endLines(step: LoginStep | undefined, width: number): readonly Line[] {
  if (step?.state === 'done') return [...words(step.sentence, width, 'good'), gap];
  return step?.state === 'failed' ? [...words(step.sentence, width, 'bad'), gap] : [];
}

function lastLine(environment: Snapshot['environment'], ui: UiState): readonly Line[] {
  const begins = environment !== 'sim' && mayLogIn(ui) === true;
  const keys = begins ? [['n', 'logs in again'] as const] : [];
  return [keysLine(...keys, ['Esc', 'closes'])];
}

function loginWords(
  environment: Snapshot['environment'],
  refused: boolean,
  ui: UiState,
  width: number,
): readonly Line[] {
  if (environment === 'sim') {
    return words('The simulated broker needs no login. Its money is not real.', width);
  }
  const state = words(
    refused
      ? 'The broker refuses the login: entries and data wait for a new one.'
      : 'The access renews itself. When the broker refuses it, entries stop and this says so.',
    width,
  );
  if (mayLogIn(ui) === true) return state;
  const verb = `palm-oil-tui login --env ${environment}`;
  return [
    ...state,
    gap,
    ...words('In another shell, while this one goes on:', width, 'dim'),
    fact('log in', verb),
    fact('over SSH', `${verb} --no-browser`),
    fact('accounts', `palm-oil-tui accounts --env ${environment}`),
    fact('log out', `palm-oil-tui logout --env ${environment}`),
  ];
}
