// The day's tally of what blocked, and one decision at length.
import { expect, it } from 'vitest';
import type { Line } from '../../../src/ui/lines.ts';
import { makeLook } from '../../../src/ui/look.ts';
import { explainBox, tallyChart, tallyLine } from '../../../src/ui/panels/explain.ts';
import { quiet } from '../../support/builders-snapshot.ts';
import { panelText } from '../../support/panel-text.ts';

const look = makeLook({ colour: 'none', theme: 'dark', ascii: false });
const text = (lines: readonly Line[]) => panelText(() => lines, { width: 70, height: 20 });

it('counts what entered, and what blocked first, the most frequent first', () => {
  expect(text([tallyLine(quiet(), 70)])[0]).toBe(
    ' 40 bars today: entered 1, blocked by signal 26, sentiment 7, spread 6',
  );
  const chart = text(tallyChart(quiet(), { width: 70, height: 9, look }));
  expect(chart[1]).toMatch(/^ signal {7}26 ━+─+$/);
});

it('says when the day has more bars than are kept', () => {
  const dayDecisions = { ...quiet().dayDecisions, whole: false };
  expect(text([tallyLine(quiet({ dayDecisions }), 70)])[0]).toContain('last 40 bars of today');
});

it('leaves whole counts out rather than cut them (F113)', () => {
  for (let width = 1; width < 70; width += 1) {
    const cells = tallyLine(quiet(), width).map((one) => one.text);
    expect(cells.join('')).toMatch(/^ 40 bars today: (entered 1(, (blocked by )?\w+ \d+)*)?$/);
  }
});

it('shows every gate of a decision with value and need, and what was not asked', () => {
  const { decisions } = quiet();
  const chosen = decisions.find((one) => one.blockedBy === 'spread');
  const box = explainBox(chosen?.barTime ?? 0, quiet(), { width: 70, height: 20, look });
  const lines = text(box.lines).join('\n');
  expect(lines).toContain('✗ spread     0.05 %, needed: at most 0.10 %');
  expect(lines).toContain('· not asked  breakers, slot, size, state');
  const gone = explainBox(0, quiet(), { width: 70, height: 20, look });
  expect(text(gone.lines).join('\n')).toContain('not kept any more');
});
