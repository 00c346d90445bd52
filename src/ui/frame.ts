/**
 * The whole screen as lines of exact width: tiles, titles, panels, and the dialog over them.
 * Deliberately pure: a function of snapshot, screen state and look, tested without a terminal.
 */
import type { Snapshot } from '../engine/index.ts';
import { Keeper } from './frame-memo.ts';
import {
  type Layout,
  layoutOf,
  PANEL_TITLES,
  PANELS,
  type PanelId,
  STATUS_ROWS,
  type Tile,
} from './layout.ts';
import {
  type Area,
  blank,
  exact,
  isSameLine,
  type Line,
  lineWidth,
  renderLine,
  type Span,
  slice,
  span,
} from './lines.ts';
import { type Look, modeRule, modeWords } from './look.ts';
import { accountPanel } from './panels/account.ts';
import { blotterPanel } from './panels/blotter.ts';
import { breakersPanel } from './panels/breakers.ts';
import { chartPanel } from './panels/chart.ts';
import { dialogBox } from './panels/dialog.ts';
import { footer } from './panels/footer.ts';
import { activityPanel, whyPanel } from './panels/ledger.ts';
import { marketPanel, marketStrip } from './panels/market.ts';
import { plainView } from './panels/plain.ts';
import { judgedBar, signalPanel } from './panels/signal.ts';
import { statusBar } from './panels/status-bar.ts';
import { firstFit } from './text.ts';
import { lateMs, type UiState } from './ui-state.ts';

export interface View {
  readonly snapshot: Snapshot | undefined;
  readonly ui: UiState;
  readonly look: Look;
  /** Shown until the first snapshot arrives. */
  readonly version: string;
}

type Draw = (snapshot: Snapshot, ui: UiState, late: number, area: Area) => readonly Line[];

const DRAW: Readonly<Record<PanelId, Draw>> = {
  market: (snapshot, _ui, late, area) => marketPanel(snapshot, late, area),
  chart: (snapshot, _ui, _late, area) => chartPanel(snapshot, area),
  signal: (snapshot, _ui, late, area) => signalPanel(snapshot, late, area),
  blotter: blotterPanel,
  account: (snapshot, ui, _late, area) => accountPanel(snapshot, ui, area),
  breakers: (snapshot, _ui, _late, area) => breakersPanel(snapshot, area),
  why: (snapshot, ui, _late, area) => whyPanel(snapshot, ui, area),
  activity: (snapshot, ui, _late, area) => activityPanel(snapshot, ui, area),
};

/** One panel without its title, for whoever does not draw the whole frame. */
export const panelLines = (
  panel: PanelId,
  snapshot: Snapshot,
  ui: UiState,
  late: number,
  area: Area,
): readonly Line[] => DRAW[panel](snapshot, ui, late, area);

/** Rows that only strips can occupy: a panel starting there has nothing above it. */
const STRIPS_END = 4;

const numberOf = (panel: PanelId): number => PANELS.indexOf(panel) + 1;

/**
 * What a panel is drawn from besides its tile and the look, newest first; a panel that shows ages
 * is not here: it is drawn every time.
 */
const INPUTS: Partial<Record<PanelId, (snapshot: Snapshot, ui: UiState) => readonly unknown[]>> = {
  chart: ({ quote, bars, positions, marks, indicators, instrument }) => [
    quote?.bid,
    quote?.fresh,
    bars.forming,
    positions.map(({ stop, target }) => [stop, target]),
    bars.closed,
    bars.timeframeMs,
    marks,
    indicators,
    instrument?.digits,
  ],
  breakers: ({ breakers }) => [breakers],
  why: ({ decisions, dayDecisions }, ui) => [decisions, dayDecisions, ui.anchor.why],
  activity: ({ activity }, ui) => [activity, ui.anchor.activity],
};

interface KeptPart {
  readonly line: Line;
  readonly width: number;
  readonly made: Line;
}

interface KeptRow {
  readonly parts: readonly Line[];
  readonly look: Look;
  readonly text: string;
}

/** What the frame before was made of; places are cells. */
export class FrameMemo {
  readonly tiles = new Keeper<readonly Line[]>();
  readonly #parts = new Map<number, KeptPart>();
  #rows: KeptRow[] = [];
  #size = '';

  /** Places mean something else in a frame of another size. */
  begin({ width, height }: Layout): void {
    const size = `${width}x${height}`;
    if (size === this.#size) return;
    this.#size = size;
    this.tiles.clear();
    this.#parts.clear();
    this.#rows = [];
  }

  /** The line in its width: the object of the frame before where it says the same. */
  part(place: number, line: Line, width: number): Line {
    const before = this.#parts.get(place);
    if (before?.width === width && isSameLine(before.line, line)) return before.made;
    const made = exact(line, width);
    this.#parts.set(place, { line, width, made });
    return made;
  }

  /** The row of these very parts as text. */
  row(y: number, parts: readonly Line[], look: Look): string {
    const before = this.#rows[y];
    if (before?.look === look && before.parts.length === parts.length) {
      if (parts.every((part, index) => part === before.parts[index])) return before.text;
    }
    const text = renderLine(parts.flat(), look);
    this.#rows[y] = { parts, look, text };
    return text;
  }
}

/** Every line of the frame, each exactly as wide as the terminal. */
export function frameLines(view: View, memo: FrameMemo = new FrameMemo()): readonly string[] {
  const layout = layoutOf(view.ui);
  memo.begin(layout);
  const rows = Array.from({ length: layout.height }, (): Line[] => []);
  // Tiles of one row are kept in order of x by the layout, so a row is their concatenation.
  for (const tile of [...layout.tiles].sort((a, b) => a.rect.x - b.rect.x)) {
    for (const [row, line] of exactLines(tile, view, memo).entries()) {
      rows[tile.rect.y + row]?.push(line);
    }
  }
  const { look, ui } = view;
  if (ui.dialog === undefined) return rows.map((parts, y) => memo.row(y, parts, look));
  const flat = rows.map((parts): Line => parts.flat());
  return overlaid(flat, view, layout).map((line) => renderLine(line, look));
}

/** The rows of a tile in its width; what is as it was before is the same object. */
function exactLines(tile: Tile, view: View, memo: FrameMemo): readonly Line[] {
  const { snapshot, ui, look } = view;
  const { x, y, width, height } = tile.rect;
  const place = y * ui.columns + x;
  const made = (): readonly Line[] => {
    const lines = tileLines(tile, view);
    return Array.from({ length: height }, (_, row) =>
      memo.part(place + row * ui.columns, lines[row] ?? [], width),
    );
  };
  const inputs = snapshot === undefined ? undefined : INPUTS[tile.show as PanelId];
  if (snapshot === undefined || inputs === undefined) return made();
  const { environment, mode } = snapshot;
  const around = [ui.focus, ui.filter, tile, look, environment, mode];
  return memo.tiles.keep(place, [...inputs(snapshot, ui), ...around], made);
}

function tileLines(tile: Tile, view: View): readonly Line[] {
  const { snapshot, ui, look } = view;
  const { width, height } = tile.rect;
  const late = lateMs(ui);
  if (tile.show === 'footer') return footer(snapshot, ui, { width, height, look });
  if (snapshot === undefined) return connecting(tile, view);
  if (tile.show === 'plain') return plainView(snapshot, late, { width, height, look }, ui.playback);
  if (tile.show === 'status')
    return statusBar(snapshot, late, { width, height, look }, ui.playback);
  const inner = {
    width: width - (tile.separated ? 1 : 0),
    height: height - (tile.bare ? 0 : 1),
    look,
  };
  const body =
    tile.show === 'market' && tile.bare
      ? marketStrip(snapshot, late, inner)
      : DRAW[tile.show](snapshot, ui, late, inner);
  return tile.bare ? body : [titleLine(tile, view), ...separated(tile, body, look)];
}

function separated(tile: Tile, body: readonly Line[], look: Look): readonly Line[] {
  if (!tile.separated) return body;
  const bar = span('rule', look.glyphs.vertical);
  return Array.from({ length: tile.rect.height - 1 }, (_, row) => [bar, ...(body[row] ?? [])]);
}

/** The rule above a panel: its pattern tells the mode, its words the panel and its key. */
function titleLine(tile: Tile, { snapshot, ui, look }: View): Line {
  const { width } = tile.rect;
  const rule =
    snapshot === undefined
      ? look.glyphs.track
      : modeRule(modeWords(snapshot.environment, snapshot.mode), look);
  const corner = tile.rect.y <= STRIPS_END ? look.glyphs.tee : look.glyphs.branch;
  const panels = tile.tabs.length > 0 ? tile.tabs : [tile.show as PanelId];
  const titles = (pad: string): Line =>
    panels.flatMap((panel) => {
      const shown = panel === tile.show;
      const focused = shown && panel === ui.focus;
      const text = `${numberOf(panel)} ${PANEL_TITLES[panel]}${pad}`;
      return [
        span('rule', rule),
        focused
          ? span('focus', `${look.glyphs.pointer}${text}`)
          : span(shown ? 'title' : 'dim', `${pad}${text}`),
      ];
    });
  const line: Span[] = [span('rule', tile.separated ? corner : rule), ...titles(' ')];
  // Where they are many for the width, every tab stays and the blanks leave.
  if (lineWidth(line) > width) line.splice(0, line.length, ...titles(''));
  if (ui.filter !== '' && (tile.show === 'why' || tile.show === 'activity')) {
    line.push(span('rule', rule), span('warn', ` filter: ${ui.filter} `));
  }
  const bar = tile.show === 'signal' && snapshot !== undefined ? judgedBar(snapshot) : undefined;
  if (bar !== undefined && lineWidth(line) + bar.length + 3 <= width) {
    line.push(span('rule', rule), span('dim', ` ${bar} `));
  }
  const rest = width - lineWidth(line);
  if (rest > 0) line.push(span('rule', rule.repeat(rest)));
  return line;
}

/** Before the first snapshot: the shape of the screen and one sentence. */
function connecting(tile: Tile, view: View): readonly Line[] {
  if (tile.show === 'status' || tile.show === 'plain') {
    const text = ` palm-oil-tui ${view.version}  connecting `;
    return [[span('badge', firstFit([text, 'connecting', '...'], tile.rect.width))]];
  }
  if (tile.bare) return [];
  return [titleLine(tile, view), ...separated(tile, [], view.look)];
}

const FRAMES = {
  unicode: { corners: ['╭', '╮', '╰', '╯'], across: '─', down: '│' },
  ascii: { corners: ['+', '+', '+', '+'], across: '-', down: '|' },
} as const;
/** Frames up to this many rows give a dialog every row they have. */
const LOW = 10;
const BOX_MAX = 76;
const BOX_MIN = 40;
const BOX_STEP = 8;
const MARGIN_MIN = 8;

/** The dialog in its frame, centred over the panels. */
function overlaid(
  rows: readonly Line[],
  view: View,
  { width, height, kind }: Layout,
): readonly Line[] {
  const { snapshot, ui, look } = view;
  if (ui.dialog === undefined) return rows;
  const room = {
    width: Math.max(0, Math.min(BOX_MAX, width) - 4),
    // The mode in the first row and the notice in the last one stay in sight (F116).
    height: Math.max(0, height - (height > LOW ? 4 : 3)),
  };
  const box = dialogBox(ui.dialog, snapshot, ui, { ...room, look });
  if (box === undefined) return rows;
  // In steps, so that a number that loses a digit does not move the frame.
  const widest = Math.max(BOX_MIN, ...box.lines.map(lineWidth));
  const inner = Math.min(room.width, Math.ceil(widest / BOX_STEP) * BOX_STEP);
  const boxWidth = Math.min(width, inner + 4);
  const role = box.alarming ? 'bad' : 'focus';
  const { corners, across, down } = look.ascii ? FRAMES.ascii : FRAMES.unicode;
  const title = firstFit([` ${box.title} `, ''], Math.max(0, boxWidth - 4));
  const edge = (left: string, text: string, right: string): Line => [
    span(role, left + across),
    span(role, text),
    span(role, across.repeat(Math.max(0, boxWidth - 3 - text.length)) + right),
  ];
  const body = fitting(box.lines, room.height, box.alarming).map(
    (line): Line => [span(role, `${down} `), ...exact(line, inner), span(role, ` ${down}`)],
  );
  const framed = [edge(corners[0], title, corners[1]), ...body, edge(corners[2], '', corners[3])];
  const x = Math.floor((width - boxWidth) / 2);
  const centred = Math.floor((height - framed.length) / 2);
  const y = Math.max(height > LOW ? 1 : 0, centred);
  return rows.map((shown, index) => {
    const part = framed[index - y];
    const row =
      kind === 'plain' || index < STATUS_ROWS || index === height - 1 ? shown : faint(shown);
    if (part === undefined) return row;
    const middle = exact(part, boxWidth);
    // What would be left of a panel beside a wide dialog is a few letters that tell nothing.
    if (x < MARGIN_MIN) return [blank(x), ...middle, blank(width - x - boxWidth)];
    return [...slice(row, 0, x), ...middle, ...slice(row, x + boxWidth, width)];
  });
}

/** What is behind a dialog steps back: pieces of panels beside it are not read for whole ones. */
const faint = (line: Line): Line => line.map(({ text }) => span('dim', text));

/**
 * In a low terminal blank rows go first; then a question keeps its end, where the answer is, and
 * everything else its beginning and the row that says how to close it.
 */
function fitting(lines: readonly Line[], room: number, question: boolean): readonly Line[] {
  if (lines.length <= room) return lines;
  const said = lines.filter((line) => lineWidth(line) > 0);
  if (question || said.length <= room) return said.slice(Math.max(0, said.length - room));
  return [...said.slice(0, Math.max(0, room - 1)), ...said.slice(-1)];
}
