/**
 * Why, at length: one decision with every gate in words, and the day's tally of what blocked.
 * Deliberately says of a gate behind the first that blocks that it did not decide.
 */
import { GATES, type GateResult, type Snapshot } from '../../engine/index.ts';
import { count } from '../dialogs.ts';
import { type Area, type Line, lineWidth, type Span, span } from '../lines.ts';
import type { Look } from '../look.ts';
import { clockMinutes, dayAndClock, fitNumber, fitWords } from '../text.ts';
import { type Box, gap, hanging, keysLine, words } from './box.ts';
import { bargraph } from './market.ts';

const GATE_CELLS = 11;

export function explainBox(barTime: number, snapshot: Snapshot, area: Area): Box {
  const decision = snapshot.decisions.find((one) => one.barTime === barTime);
  const close = keysLine(['j', 'older'], ['k', 'newer'], ['Esc', 'closes']);
  if (decision === undefined) {
    const lines = [...words('This decision is not kept any more.', area.width), gap, close];
    return { title: 'Why', alarming: false, lines };
  }
  const results = new Map(decision.gates.map((one) => [one.gate, one]));
  const blockedAt = decision.blockedBy === undefined ? -1 : GATES.indexOf(decision.blockedBy);
  const asked = GATES.flatMap((gate, index) => {
    const behind = blockedAt >= 0 && index > blockedAt;
    const result = results.get(gate);
    return result === undefined ? [] : gateLines(gate, result, behind, area);
  });
  const others = GATES.filter((gate) => !results.has(gate));
  const gates = [...asked, ...notAskedLines(others, area)];
  const roomy = area.height >= gates.length + 6;
  return {
    title: `Why: bar of ${clockMinutes(decision.barTime)} UTC`,
    alarming: false,
    lines: [
      ...words(decision.sentence, area.width, 'strong'),
      ...(roomy
        ? [[span('dim', `decided ${dayAndClock(decision.decidedAt)} UTC`)] as Line, gap]
        : []),
      ...gates,
      ...(roomy ? [gap] : []),
      close,
    ],
  };
}

function gateLines(
  gate: string,
  result: GateResult,
  behind: boolean,
  { width, look }: Area,
): readonly Line[] {
  const head: Span[] = [...mark(result, behind, look), span('dim', fitWords(gate, GATE_CELLS))];
  const cells = lineWidth(head);
  const needs =
    result.threshold === '' || result.threshold === result.value
      ? ''
      : `, needed: ${result.threshold}`;
  const role = behind ? 'dim' : result.pass ? 'text' : 'warn';
  return hanging(head, cells, words(`${result.value}${needs}`, width - cells, role));
}

/** Gates nobody asked, in one sentence. */
function notAskedLines(gates: readonly string[], { width, look }: Area): readonly Line[] {
  if (gates.length === 0) return [];
  const head = [
    span('dim', `${look.glyphs.notAsked} `),
    span('dim', fitWords('not asked', GATE_CELLS)),
  ];
  const cells = lineWidth(head);
  return hanging(head, cells, words(gates.join(', '), width - cells, 'dim'));
}

function mark(result: GateResult, behind: boolean, look: Look): readonly Span[] {
  const { yes, no } = look.glyphs;
  const role = behind ? 'dim' : result.pass ? 'good' : 'bad';
  return [span(role, `${result.pass ? yes : no} `)];
}

interface Tally {
  readonly word: string;
  readonly bars: number;
}

/** What blocked most comes first; entries are counted as well. */
function tallies({ dayDecisions: { entered, blocked } }: Snapshot): readonly Tally[] {
  const gates = GATES.flatMap((gate) => {
    const bars = blocked[gate] ?? 0;
    return bars === 0 ? [] : [{ word: `${gate}`, bars }];
  });
  return [...gates.sort((a, b) => b.bars - a.bars), { word: 'entered', bars: entered }];
}

const dayWords = ({ dayDecisions: { bars, whole } }: Snapshot): string =>
  whole ? `${count(bars, 'bar')} today` : `the last ${count(bars, 'bar')} of today`;

/** One row: `40 bars today: entered 1, blocked by signal 26, spread 6`; the rarest leave first. */
export function tallyLine(snapshot: Snapshot, width: number): Line {
  const line: Span[] = [span('dim', ` ${dayWords(snapshot)}: `)];
  const all = tallies(snapshot);
  const entriesFirst = [...all.slice(-1), ...all.slice(0, -1)];
  for (const [index, { word, bars }] of entriesFirst.entries()) {
    const role = word === 'entered' ? 'good' : 'text';
    const lead = ['', ', blocked by '][index] ?? ', ';
    const part = [span('dim', `${lead}${word} `), span(role, String(bars))];
    if (lineWidth(line) + lineWidth(part) > width) break;
    line.push(...part);
  }
  return line;
}

const BAR_CELLS = 40;

/** The same as bars, a row each. */
export function tallyChart(snapshot: Snapshot, { width, look }: Area): readonly Line[] {
  const { bars: all } = snapshot.dayDecisions;
  const rows = tallies(snapshot).map(({ word, bars }): Line => {
    const head = [
      span('text', ` ${fitWords(word, GATE_CELLS)}`),
      span('strong', `${fitNumber(String(bars), 4)} `),
    ];
    const cells = Math.min(BAR_CELLS, width - lineWidth(head) - 1);
    const role = word === 'entered' ? 'good' : 'accent';
    return cells < 4
      ? head
      : [...head, ...bargraph(all === 0 ? 0 : bars / all, cells, role, look.glyphs)];
  });
  return [[span('title', ` What blocked first in ${dayWords(snapshot)}`)], ...rows];
}
