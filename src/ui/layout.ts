/**
 * Size to rectangles: which panel is where, so that the rectangles tile the frame exactly.
 * Deliberately knows nothing of what panels show; the only input besides the size is what has
 * focus.
 */

/** In the order of the number keys 1 to 8. */
export const PANELS = [
  'market',
  'chart',
  'signal',
  'blotter',
  'account',
  'breakers',
  'why',
  'activity',
] as const;
export type PanelId = (typeof PANELS)[number];

export const PANEL_TITLES: Readonly<Record<PanelId, string>> = {
  market: 'Market',
  chart: 'Chart',
  signal: 'Signal',
  blotter: 'Positions',
  account: 'Account',
  breakers: 'Breakers',
  why: 'Why',
  activity: 'Activity',
};

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One rectangle and what it shows. */
export interface Tile {
  readonly show: PanelId | 'status' | 'footer' | 'plain';
  readonly rect: Rect;
  /** Panels sharing this rectangle, in tab order; empty when it stands alone. */
  readonly tabs: readonly PanelId[];
  /** True for the strip without a title row. */
  readonly bare: boolean;
  /** True when the first column separates it from its left neighbour. */
  readonly separated: boolean;
}

export interface LayoutInput {
  /** Terminal size in cells; the frame stays one row shorter (measured: Ink clears otherwise). */
  readonly columns: number;
  readonly rows: number;
  readonly focus: PanelId;
  /** The panel last chosen among tabs. */
  readonly tab: PanelId;
  readonly zoom: boolean;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly kind: 'plain' | 'zoom' | 'compact' | 'medium' | 'full';
  readonly tiles: readonly Tile[];
}

/** Below this a plain view shows mode, positions, P&L and stop state (F113). */
export const PLAIN_BELOW = { columns: 60, rows: 16 } as const;
const MEDIUM_ROWS = 30;
const FULL = { columns: 110, rows: 40 } as const;
export const STATUS_ROWS = 2;
const FOOTER_ROWS = 1;
/**
 * Rows the right column of the full layout needs: quotes, the gates, account, seven breakers.
 */
const RIGHT = { market: 6, signal: 14, account: 8, breakers: 8 } as const;
/** A title and a gauge for every breaker. */
const GAUGES = 16;
/** From here on the account has a corner of its own, with the curve of its equity. */
const WIDE = 170;
const LOGS_MIN = 8;
const LOGS_MAX = 22;
const SIDE_BY_SIDE = 140;
const RIGHT_ROWS = RIGHT.market + RIGHT.signal + RIGHT.account + RIGHT.breakers;

const tile = (show: Tile['show'], rect: Rect, extra: Partial<Tile> = {}): Tile => ({
  show,
  rect,
  tabs: [],
  bare: false,
  separated: false,
  ...extra,
});

const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(high, value));

/** Tiles for every size from 1x1; they cover the frame without gap or overlap. */
export function layoutOf(input: LayoutInput): Layout {
  const width = Math.max(1, Math.floor(input.columns));
  const height = Math.max(1, Math.floor(input.rows) - 1);
  if (input.columns < PLAIN_BELOW.columns || input.rows < PLAIN_BELOW.rows) {
    const rect = { x: 0, y: 0, width, height };
    return { width, height, kind: 'plain', tiles: [tile('plain', rect)] };
  }
  const status = tile('status', { x: 0, y: 0, width, height: STATUS_ROWS }, { bare: true });
  const footerRect = { x: 0, y: height - FOOTER_ROWS, width, height: FOOTER_ROWS };
  const footer = tile('footer', footerRect, { bare: true });
  const body = { x: 0, y: STATUS_ROWS, width, height: height - STATUS_ROWS - FOOTER_ROWS };
  const around = (kind: Layout['kind'], inner: readonly Tile[]): Layout => ({
    width,
    height,
    kind,
    tiles: [status, ...inner, footer],
  });
  if (input.zoom) return around('zoom', [tile(input.focus, body)]);
  if (width >= FULL.columns && input.rows >= FULL.rows) return around('full', fullBody(body));
  const kind = input.rows >= MEDIUM_ROWS ? 'medium' : 'compact';
  return around(kind, tabbedBody(body, kind, input));
}

function tabbedBody(body: Rect, kind: 'compact' | 'medium', input: LayoutInput): readonly Tile[] {
  const marketRows = body.height >= 16 ? 2 : 1;
  const market = tile('market', { ...body, height: marketRows }, { bare: true });
  const rest = body.height - marketRows;
  const signalWidth = body.width >= 100 ? 38 : body.width >= 76 ? 30 : 0;
  const tabs: PanelId[] = [
    ...(signalWidth === 0 ? (['signal'] as const) : []),
    ...(kind === 'compact' ? (['blotter'] as const) : []),
    'account',
    'breakers',
    'why',
    'activity',
  ];
  const share = kind === 'compact' ? 0.4 : 0.3;
  const tabRows = clamp(Math.floor(rest * share), 5, kind === 'compact' ? 9 : 14);
  const blotterRows = kind === 'medium' ? clamp(Math.floor(rest / 5), 5, 9) : 0;
  const topRows = rest - tabRows - blotterRows;
  const top = { ...body, y: body.y + marketRows, height: topRows };
  const chart = tile('chart', { ...top, width: body.width - signalWidth });
  const result = [market, chart];
  if (signalWidth > 0) {
    const rect = { ...top, x: body.width - signalWidth, width: signalWidth };
    result.push(tile('signal', rect, { separated: true }));
  }
  if (blotterRows > 0) {
    result.push(tile('blotter', { ...body, y: top.y + topRows, height: blotterRows }));
  }
  const shown = tabs.includes(input.focus) ? input.focus : input.tab;
  const show = tabs.includes(shown) ? shown : (tabs[signalWidth === 0 ? 1 : 0] ?? 'account');
  const tabRect = { ...body, y: top.y + topRows + blotterRows, height: tabRows };
  return [...result, tile(show, tabRect, { tabs })];
}

type RightPanel = 'market' | 'signal' | 'account' | 'breakers';

/** Rows of the right column; where the account stands at the bottom every breaker has its gauge. */
function rightColumn(width: number, spare: number) {
  const isWide = width >= WIDE && spare >= LOGS_MIN;
  const panels: readonly RightPanel[] = isWide
    ? ['market', 'signal', 'breakers']
    : ['market', 'signal', 'account', 'breakers'];
  return { isWide, panels };
}

function fullBody(body: Rect): readonly Tile[] {
  const spare = body.height - RIGHT_ROWS;
  const bottomRows = spare >= LOGS_MIN ? Math.min(LOGS_MAX, spare) : 0;
  const topRows = body.height - bottomRows;
  const rightWidth = clamp(Math.floor(body.width * 0.3), 44, 64);
  const leftWidth = body.width - rightWidth;
  const left = { ...body, width: leftWidth, height: topRows };
  const right = { ...body, x: leftWidth, width: rightWidth };
  const { isWide, panels } = rightColumn(body.width, spare);
  // Rows that no breaker needs show the last bars.
  const bars = isWide ? Math.max(0, topRows - RIGHT.market - RIGHT.signal - GAUGES) : 0;
  const rightTiles: Tile[] = [];
  let y = body.y;
  for (const panel of panels) {
    const last = panel === 'breakers';
    const own = RIGHT[panel] + (panel === 'market' ? bars : 0);
    const height = last ? body.y + topRows - y : own;
    rightTiles.push(tile(panel, { ...right, y, height }, { separated: true }));
    y += height;
  }
  const blotterRows = clamp(6 + Math.floor((topRows - RIGHT_ROWS) / 3), 6, 14);
  if (bottomRows === 0) {
    const whyRows = 7;
    const activityRows = 7;
    const chartRows = topRows - blotterRows - whyRows - activityRows;
    return [
      ...stack(left, [
        ['chart', chartRows],
        ['blotter', blotterRows],
        ['why', whyRows],
        ['activity', activityRows],
      ]),
      ...rightTiles,
    ];
  }
  const upper = stack(left, [
    ['chart', topRows - blotterRows],
    ['blotter', blotterRows],
  ]);
  const bottom = { ...body, y: body.y + topRows, height: bottomRows };
  if (!isWide) return [...upper, ...rightTiles, ...logs(bottom, body.width >= SIDE_BY_SIDE)];
  const corner = { ...bottom, x: leftWidth, width: rightWidth };
  const account = tile('account', corner, { separated: true });
  return [...upper, ...rightTiles, ...logs({ ...bottom, width: leftWidth }, true), account];
}

function logs(rect: Rect, sideBySide: boolean): readonly Tile[] {
  if (!sideBySide) {
    const whyRows = Math.ceil(rect.height / 2);
    return stack(rect, [
      ['why', whyRows],
      ['activity', rect.height - whyRows],
    ]);
  }
  const leftWidth = Math.floor(rect.width / 2);
  const right = { ...rect, x: rect.x + leftWidth, width: rect.width - leftWidth };
  return [tile('why', { ...rect, width: leftWidth }), tile('activity', right, { separated: true })];
}

function stack(rect: Rect, parts: readonly (readonly [PanelId, number])[]): readonly Tile[] {
  let y = rect.y;
  return parts.map(([panel, height]) => {
    const made = tile(panel, { ...rect, y, height });
    y += height;
    return made;
  });
}
