/**
 * A second opinion on every character: Ink's own painting of our lines is our lines.
 * The screen paints around Ink; both must agree on how wide a glyph is and on what a line holds.
 */
import { Box, Text } from 'ink';
import { render } from 'ink-testing-library';
import { expect, it } from 'vitest';
import { frameLines } from '../../src/ui/frame.ts';
import { plainText } from '../../src/ui/lines.ts';
import { makeLook } from '../../src/ui/look.ts';
import { initialUi } from '../../src/ui/ui-state.ts';
import { SITUATIONS, type Situation } from '../support/situations-snapshot.ts';

/** The width that the test renderer's terminal has. */
const COLUMNS = 100;

function linesOf(name: Situation, ascii: boolean): readonly string[] {
  const ui = initialUi({
    columns: COLUMNS,
    rows: 30,
    theme: 'dark',
    commandPrefix: 'ui',
    role: 'operator',
    operator: 'ann',
    now: 0,
  });
  const look = makeLook({ colour: 'none', theme: 'dark', ascii });
  const view = { snapshot: SITUATIONS[name](), ui: { ...ui, snapshotAt: 0 }, look, version: '1' };
  return frameLines(view).map((line) => plainText(line).trimEnd());
}

for (const name of Object.keys(SITUATIONS) as Situation[]) {
  for (const ascii of [false, true]) {
    it(`${name}${ascii ? ' in ASCII' : ''}: Ink paints the same rows`, () => {
      const lines = linesOf(name, ascii);
      const rows = lines.map((line, row) => ({ id: `row ${row}`, line }));
      const { lastFrame, unmount } = render(
        <Box flexDirection="column">
          {rows.map(({ id, line }) => (
            <Text key={id}>{line === '' ? ' ' : line}</Text>
          ))}
        </Box>,
      );
      const painted = (lastFrame() ?? '').split('\n').map((line) => line.trimEnd());
      unmount();
      expect(painted.join('\n').trimEnd()).toBe(lines.join('\n').trimEnd());
    });
  }
}
