// A terminal's cells as an SVG picture: one text per run of one style, at fixed places.
// Deliberately no fonts: any monospace font of the viewer will do, because every run is stretched
// to its cells. Lines, blocks and dots are shapes, as terminals draw them: fonts leave gaps.
export interface SvgCell {
  readonly text: string;
  readonly colour: string;
  readonly background: string;
  readonly bold: boolean;
}

const CELL = { width: 8, height: 17, rise: 13 } as const;
const PAD = 10;
export const INK = '#d4d7dc';
export const PAPER = '#101215';

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const same = (a: SvgCell, b: SvgCell): boolean =>
  a.colour === b.colour && a.background === b.background && a.bold === b.bold;

type Cells = readonly (readonly SvgCell[])[];
const FONT = 'font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="13"';

function sizeOf(rows: Cells): { readonly width: number; readonly height: number } {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return { width: columns * CELL.width + 2 * PAD, height: rows.length * CELL.height + 2 * PAD };
}

/** The whole picture; `title` is what it shows in words, for those who do not see it. */
export function svgOf(rows: Cells, title: string): string {
  const { width, height } = sizeOf(rows);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="6" fill="${PAPER}"/>`,
    `<g ${FONT} fill="${INK}">`,
  ];
  parts.push(...rows.flatMap((row, y) => rowParts(row, y)));
  return `${[...parts, '</g>', '</svg>'].join('\n')}\n`;
}

export interface Shown {
  readonly title: string;
  readonly cells: Cells;
  readonly paper: string;
}
const CAPTION = 18;

/** Many pictures on one sheet, `across` in a row, each under its title. */
export function sheetOf(shown: readonly Shown[], across: number): string {
  const sizes = shown.map(({ cells }) => sizeOf(cells));
  const wide = Math.max(0, ...sizes.map((one) => one.width)) + PAD;
  const high = Math.max(0, ...sizes.map((one) => one.height)) + CAPTION;
  const [width, height] = [across * wide, Math.ceil(shown.length / across) * high];
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<rect width="${width}" height="${height}" fill="#808080"/>`,
  ];
  shown.forEach(({ title, cells, paper }, index) => {
    const own = sizes[index] ?? { width: 0, height: 0 };
    const place = `${(index % across) * wide}, ${Math.floor(index / across) * high}`;
    parts.push(
      `<g transform="translate(${place})" ${FONT} fill="${INK}">`,
      `<text x="${PAD}" y="13" fill="#000000">${escaped(title)}</text>`,
      `<g transform="translate(0, ${CAPTION})">`,
      `<rect width="${own.width}" height="${own.height}" fill="${paper}"/>`,
      ...cells.flatMap((row, y) => rowParts(row, y)),
      '</g></g>',
    );
  });
  return `${[...parts, '</svg>'].join('\n')}\n`;
}

function rowParts(row: readonly SvgCell[], y: number): readonly string[] {
  const parts: string[] = [];
  for (let x = 0; x < row.length; ) {
    const first = row[x];
    if (first === undefined) break;
    let end = x + 1;
    for (let next = row[end]; next !== undefined && same(first, next); next = row[end]) end += 1;
    const text = row.slice(x, end).map((cell) => cell.text);
    parts.push(...runParts(first, text.join(''), { x, y, cells: end - x }));
    x = end;
  }
  return parts;
}

function runParts(
  { colour, background, bold }: SvgCell,
  text: string,
  at: { readonly x: number; readonly y: number; readonly cells: number },
): readonly string[] {
  const left = PAD + at.x * CELL.width;
  const top = PAD + at.y * CELL.height;
  const wide = at.cells * CELL.width;
  const parts: string[] = [];
  if (background !== PAPER) {
    const box = `x="${left}" y="${top}" width="${wide}" height="${CELL.height}"`;
    parts.push(`<rect ${box} fill="${background}"/>`);
  }
  const fill = colour === INK ? '' : ` fill="${colour}"`;
  const drawn = shapesIn(text, left, top);
  if (drawn !== '') parts.push(`<path d="${drawn}"${fill}/>`);
  const words = [...text].map((one) => (shapeOf(one) === undefined ? one : ' ')).join('');
  if (words.trim() === '') return parts;
  const weight = bold ? ' font-weight="bold"' : '';
  const place = `x="${left}" y="${top + CELL.rise}" textLength="${wide}"`;
  parts.push(`<text ${place}${fill}${weight} xml:space="preserve">${escaped(words)}</text>`);
  return parts;
}

/** Left, top, width, height within a cell. */
type Part = readonly [number, number, number, number];

const THIN = 1;
const [MIDDLE, CENTRE] = [(CELL.width - THIN) / 2, (CELL.height - THIN) / 2];
const HALF = CELL.height / 2;
const across: Part = [0, CENTRE, CELL.width, THIN];
const [toLeft, toRight]: readonly Part[] = [
  [0, CENTRE, CELL.width / 2, THIN],
  [MIDDLE, CENTRE, CELL.width - MIDDLE, THIN],
];
const down: Part = [MIDDLE, 0, THIN, CELL.height];
const upper: Part = [MIDDLE, 0, THIN, HALF];
const lower: Part = [MIDDLE, HALF, THIN, HALF];

const SHAPES: ReadonlyMap<string, readonly (Part | undefined)[]> = new Map([
  ['█', [[0, 0, CELL.width, CELL.height]]],
  ['▀', [[0, 0, CELL.width, HALF]]],
  ['▄', [[0, HALF, CELL.width, HALF]]],
  ['▌', [[0, 0, CELL.width / 2, CELL.height]]],
  ['▘', [[0, 0, CELL.width / 2, HALF]]],
  ['▖', [[0, HALF, CELL.width / 2, HALF]]],
  ['━', [[0, CENTRE - 1, CELL.width, 3]]],
  ['─', [across]],
  ['│', [down]],
  ['╵', [upper]],
  ['╷', [lower]],
  ['├', [down, toRight]],
  ['┤', [down, toLeft]],
  ['┬', [across, lower]],
  ['┼', [across, down]],
  ['╭', [toRight, lower]],
  ['╮', [toLeft, lower]],
  ['╰', [toRight, upper]],
  ['╯', [toLeft, upper]],
] as const);

/** Places of the eight dots, in the order of their bits. */
const DOT_PLACES = [0, 2, 4, 1, 3, 5, 6, 7];

function shapeOf(character: string): readonly (Part | undefined)[] | undefined {
  const dots = (character.codePointAt(0) ?? 0) - 0x2800;
  if (dots < 0 || dots > 0xff) return SHAPES.get(character);
  return DOT_PLACES.flatMap((place, bit): readonly Part[] =>
    (dots & (1 << bit)) === 0 ? [] : [[1.3 + (place % 2) * 4, 1.4 + (place >> 1) * 4.25, 1.6, 1.6]],
  );
}

/** The shapes of a run as one path; what goes on in the next cell is one piece. */
function shapesIn(text: string, left: number, top: number): string {
  const pieces: { x: number; y: number; width: number; height: number }[] = [];
  [...text].forEach((character, index) => {
    for (const part of shapeOf(character) ?? []) {
      if (part === undefined) continue;
      const [x, y, width, height] = part;
      const at = { x: left + index * CELL.width + x, y: top + y, width, height };
      const last = pieces.at(-1);
      const goesOn = last?.y === at.y && last.height === height && last.x + last.width === at.x;
      if (last !== undefined && goesOn) last.width += width;
      else pieces.push(at);
    }
  });
  return pieces
    .map((one) => `M${one.x} ${one.y}h${one.width}v${one.height}h-${one.width}z`)
    .join('');
}
