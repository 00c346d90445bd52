/**
 * The view for terminals too small for panels: mode, positions, P&L, stop state, link.
 * Deliberately words and whole numbers only; what does not fit is left out, never cut (F113).
 */
import { type Price, priceText, type Snapshot, volumeText } from '../../engine/index.ts';
import { alertsOf, openOrders } from '../book.ts';
import { count } from '../dialogs.ts';
import { type Area, type Line, signRole, span } from '../lines.ts';
import { modeRole, modeWords, type Role } from '../look.ts';
import { type Playback, playbackWords } from '../playback.ts';
import { age, displayWidth, firstFit, signedMoney } from '../text.ts';
import { blockedWords, tradingWords } from './status-bar.ts';

export function plainView(
  snapshot: Snapshot,
  late: number,
  { width }: Area,
  playback?: Playback,
): readonly Line[] {
  const words = modeWords(snapshot.environment, snapshot.mode);
  const mode = firstFit([` ${words} `, words, words.split(' ')[0] ?? words], width);
  const [tradingRole, trading] = tradingWords(snapshot);
  const fits = displayWidth(mode) + trading.length + 1 <= width;
  return [
    ...playedLine(playback, width),
    [span(modeRole(words), mode), ...(fits ? [span(tradingRole, ` ${trading}`)] : [])],
    ...positionLines(snapshot, width),
    dayLine(snapshot, width),
    ...alertsOf(snapshot).map(
      (alert): Line => [
        span(
          alert.tone === 'bad' ? 'bad' : 'warn',
          firstFit([alert.text, alert.short, 'ALERT'], width),
        ),
      ],
    ),
    ...blockedLine(snapshot, width),
    quoteLine(snapshot, late, width),
    [span('text', firstFit([`link ${snapshot.link.state}`, snapshot.link.state], width))],
    [span('dim', firstFit(['60x16 shows panels, q quits', 'q quits'], width))],
  ];
}

function playedLine(playback: Playback | undefined, width: number): readonly Line[] {
  if (playback === undefined) return [];
  const words = playbackWords(playback);
  return [[span('badge', firstFit([` ${words} `, words, 'REPLAY'], width))]];
}

/** Why nothing may be entered, unless an alert above says what is wrong. */
function blockedLine(snapshot: Snapshot, width: number): readonly Line[] {
  if (snapshot.entriesAllowed || alertsOf(snapshot).length > 0) return [];
  const words = blockedWords(snapshot);
  return [
    [span('warn', firstFit([words, words.replace('no entries: ', ''), 'no entries'], width))],
  ];
}

function positionLines(snapshot: Snapshot, width: number): readonly Line[] {
  const digits = snapshot.instrument?.digits;
  const exponent = snapshot.account?.exponent;
  if (snapshot.positions.length === 0) {
    // Before the broker has shown what it holds, nobody knows that it is nothing (I18).
    if (snapshot.reconciliation.ageMs === undefined) {
      return [[span('warn', firstFit(['positions unknown', 'unknown'], width))]];
    }
    const orders = openOrders(snapshot).length;
    const flat = orders === 0 ? [] : [`no position, ${count(orders, 'open order')}`];
    return [[span('text', firstFit([...flat, 'no position', 'flat'], width))]];
  }
  return snapshot.positions.map((position): Line => {
    const side = position.side === 'buy' ? 'BUY' : 'SELL';
    const money =
      position.openPnl === undefined || exponent === undefined
        ? 'P&L unknown'
        : signedMoney(position.openPnl, exponent);
    const stop =
      position.stop === undefined || digits === undefined
        ? 'NO STOP'
        : `stop ${priceText(position.stop, digits)}`;
    const held = `${side} ${volumeText(position.volume)}`;
    const role: Role = position.stop === undefined ? 'bad' : signRole(position.openPnl ?? 0);
    const short = position.stop === undefined ? 'NO STOP' : money;
    const forms = [`${held} ${money} ${stop}`, `${money} ${stop}`, short];
    // NAKED is what NO STOP says already.
    const whole = position.stop === undefined ? [] : [`${held} ${money} ${stop} ${position.state}`];
    return [span(role, firstFit([...whole, ...forms], width))];
  });
}

function dayLine({ account }: Snapshot, width: number): Line {
  if (account?.dayPnl === undefined) return [span('warn', firstFit(['day unknown'], width))];
  const money = signedMoney(account.dayPnl, account.exponent);
  return [
    span(
      signRole(account.dayPnl),
      firstFit([`day ${money} ${account.currency}`, `day ${money}`, money], width),
    ),
  ];
}

function quoteLine({ quote, instrument }: Snapshot, late: number, width: number): Line {
  if (quote === undefined || instrument === undefined) {
    return [span('warn', firstFit(['no quote'], width))];
  }
  const fresh = quote.fresh && late === 0;
  const price = (value: Price) => priceText(value, instrument.digits);
  const prices = `${price(quote.bid)}/${price(quote.ask)}`;
  const old = fresh ? '' : ` STALE ${age(quote.ageMs + late)}`;
  const forms = [`${instrument.name} ${prices}${old}`, `${prices}${old}`, fresh ? prices : 'STALE'];
  return [span(fresh ? 'text' : 'warn', firstFit(forms, width))];
}
