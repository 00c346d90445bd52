// A terminal's cells as an SVG picture: one text per run of one style, at fixed places.
// Deliberately no fonts and no shapes of its own: any monospace font of the viewer will do, because
// every run is stretched to its cells.
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
  if (text.trim() === '') return parts;
  const fill = colour === INK ? '' : ` fill="${colour}"`;
  const weight = bold ? ' font-weight="bold"' : '';
  const place = `x="${left}" y="${top + CELL.rise}" textLength="${wide}"`;
  parts.push(`<text ${place}${fill}${weight} xml:space="preserve">${escaped(text)}</text>`);
  return parts;
}
