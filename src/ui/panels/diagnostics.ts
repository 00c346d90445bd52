/**
 * What the screen and the line under it cost just now, as a dialog: bytes, pictures, delays.
 * Deliberately of this screen's process: attached, the engine has its own figures in the metrics.
 */
import type { Snapshot } from '../../engine/index.ts';
import type { Area } from '../lines.ts';
import { age, grouped } from '../text.ts';
import { lateMs, type UiState } from '../ui-state.ts';
import { type Box, fact, factLines, gap, keysLine, words } from './box.ts';

/** A key or a price seen later than this feels slow. */
const SLOW_MS = 100;

const whole = (value: number): string => grouped(String(value));

export function diagnosticsBox(snapshot: Snapshot, ui: UiState, { width }: Area): Box {
  const { link, counters, runtimeMs, productVersion, digest } = snapshot;
  const trip = link.roundTripMs === undefined ? 'not measured yet' : `${link.roundTripMs} ms`;
  const late = lateMs(ui);
  return {
    title: 'Diagnostics',
    alarming: false,
    lines: [
      ...costLines(ui, width),
      fact('terminal', `${ui.columns} x ${ui.rows}`),
      gap,
      fact('link', `${link.state}, round trip ${trip}`),
      fact('connected', `${age(link.ageMs)}, ${counters.reconnects} reconnects`),
      fact('quotes', `${whole(counters.quotes)} received, ${whole(counters.quotesHeld)} held back`),
      fact('engine', late > 0 ? `silent for ${age(late)}` : 'answers', late > 0 ? 'bad' : 'text'),
      fact('running', `${age(runtimeMs)}, version ${productVersion}`),
      fact('state', digest),
      gap,
      keysLine(['Esc', 'closes']),
    ],
  };
}

function costLines({ output }: UiState, width: number): Box['lines'] {
  if (output === undefined) return words('The costs of this screen are not known yet.', width);
  const { bytesPerSecond, framesPerSecond, everyMs, dropped, delayMs } = output;
  const slowed = everyMs > SLOW_MS ? ', slowed: the terminal reads slowly' : '';
  return [
    fact('written', `${whole(bytesPerSecond)} bytes a second, mean of 10 s`),
    ...factLines(
      'pictures',
      `${framesPerSecond.toFixed(1)} a second, at most one every ${everyMs} ms${slowed}`,
      width,
    ),
    fact('left out', `${whole(dropped)} since the start`),
    fact(
      'delay',
      `${delayMs} ms at most in 10 s, of this process`,
      delayMs > SLOW_MS ? 'warn' : 'text',
    ),
  ];
}
