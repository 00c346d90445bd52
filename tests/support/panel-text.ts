// One panel as plain text, and the screen state it may need; trailing blanks are of no interest.
// Deliberately checks on the way that every line is exactly as wide as its area.
import { type Area, type Line, plainText, renderArea } from '../../src/ui/lines.ts';
import { makeLook } from '../../src/ui/look.ts';
import { displayWidth } from '../../src/ui/text.ts';
import { initialUi, type UiState } from '../../src/ui/ui-state.ts';

interface Size {
  readonly width: number;
  readonly height: number;
  readonly ascii?: boolean;
}

export function panelText(draw: (area: Area) => readonly Line[], size: Size): readonly string[] {
  const { width, height, ascii = false } = size;
  const area = { width, height, look: makeLook({ colour: 'none', theme: 'dark', ascii }) };
  return renderArea(draw(area), area).map((line) => {
    const text = plainText(line);
    if (displayWidth(text) !== width) throw new Error(`not ${width} cells: ${text}`);
    return text.trimEnd();
  });
}

export function uiAt(extra: Partial<UiState> = {}): UiState {
  const start = initialUi({
    columns: 80,
    rows: 24,
    theme: 'dark',
    commandPrefix: 'ui',
    role: 'operator',
    operator: 'ann',
    now: 0,
  });
  return { ...start, snapshotAt: 0, ...extra };
}
