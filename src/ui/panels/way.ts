/**
 * Where a position is between its stop and its target: distances, what each would come to, a track.
 * Deliberately without money where price and account have different currencies: a rate of the
 * future is nobody's fact.
 */
import {
  type Money,
  money,
  type PositionView,
  type Price,
  priceText,
  type Snapshot,
  worth,
} from '../../engine/index.ts';
import { type Area, keepWhole, type Line, lineWidth, signRole, span } from '../lines.ts';
import { signedMoney } from '../text.ts';
import { slider } from './market.ts';

export interface WayEnd {
  /** How far the price has to go; never negative. */
  readonly away: Price;
  /** The open P&L there, before slippage; absent where it cannot be told. */
  readonly result: Money | undefined;
}

/** Absent without the level, or without a fresh price. */
export function wayEnd(
  position: PositionView,
  level: Price | undefined,
  { instrument, account }: Snapshot,
): WayEnd | undefined {
  const { current, openPnl, side, volume } = position;
  if (level === undefined || current === undefined) return undefined;
  const away = Math.abs(level - current) as Price;
  const isPlain = account !== undefined && instrument?.quoteCurrency === account.currency;
  if (!isPlain || openPnl === undefined) return { away, result: undefined };
  const gains = side === 'buy' ? level >= current : level <= current;
  const moved = worth(away, volume, account.exponent, 'away');
  return { away, result: money(openPnl + (gains ? moved : -moved)) };
}

/** Padded, so that a digit more moves nothing; wider where that is not enough. */
const padded = (text: string, cells: number): string => ` ${text.padStart(cells)}`;
const AWAY_CELLS = 4;
const RESULT_CELLS = 9;
const TRACK_MAX = 24;
const TRACK_MIN = 8;

/** One line; none without a fresh price or without stop and target. */
export function wayOf(position: PositionView, snapshot: Snapshot, area: Area): readonly Line[] {
  const { stop, target, current } = position;
  const { instrument, account } = snapshot;
  const toStop = wayEnd(position, stop, snapshot);
  const toTarget = wayEnd(position, target, snapshot);
  if (current === undefined || instrument === undefined) return [];
  const worded = (word: string, end: WayEnd | undefined): Line => {
    if (end === undefined) return [];
    const { digits } = instrument;
    const away = padded(priceText(end.away, digits), AWAY_CELLS + digits);
    const result =
      end.result === undefined || account === undefined
        ? []
        : [
            span(
              signRole(end.result),
              padded(signedMoney(end.result, account.exponent), RESULT_CELLS),
            ),
          ];
    return [span('dim', `to ${word}`), span('text', away), ...result];
  };
  const left: Line =
    toStop === undefined
      ? [span('bad', 'NO STOP: nothing limits the loss')]
      : worded('stop', toStop);
  const right = worded('target', toTarget);
  const room = area.width - lineWidth(left) - lineWidth(right) - 4;
  const cells = Math.min(TRACK_MAX, room);
  const range = stop === undefined || target === undefined ? 0 : Math.abs(target - stop);
  const at = stop === undefined || range === 0 ? 0 : Math.abs(current - stop) / range;
  const track: Line =
    cells < TRACK_MIN || range === 0
      ? [span('text', '  ')]
      : [span('accent', ` ${slider(at, cells, area.look.glyphs)} `)];
  const parts = [
    { rank: 0, line: [span('text', '  ')] },
    { rank: 0, line: left },
    { rank: 1, line: right.length === 0 ? [] : [...track, ...right] },
  ];
  return [keepWhole(parts, area.width)];
}
