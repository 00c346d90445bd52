// Words from outside through a real terminal emulator: they move no cursor, change no colour, and
// break no alignment. The emulator is the judge here, not our own idea of a terminal.
import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { type Snapshot, untrusted } from '../../src/engine/index.ts';
import { frameLines } from '../../src/ui/frame.ts';
import { PANELS, type PanelId } from '../../src/ui/layout.ts';
import { makeLook } from '../../src/ui/look.ts';
import { ScreenWriter } from '../../src/ui/screen-writer.ts';
import { ENTER } from '../../src/ui/terminal.ts';
import { type Dialog, initialUi } from '../../src/ui/ui-state.ts';
import { order, tripped } from '../support/builders-snapshot.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';

const ATTACKS: Readonly<Record<string, string>> = {
  'cursor and clear': 'a\x1b[2J\x1b[Hb\x1b[99;99Hc\x1b[3J\x1bcd',
  colours: 'a\x1b[41;97mred\x1b[7mb\x1b[8mhidden\x1b[38;2;1;2;3mc',
  'title and clipboard': 'a\x1b]0;pwned\x07b\x1b]52;c;aGk=\x07c\x1b]8;;http://x\x07d',
  'device strings': 'a\x1bP1$qm\x1b\\b\x1b_x\x1b\\c\x1b^y\x1b\\d',
  'eight-bit': 'a\x9b2Jb\x9d0;t\x9cc\x90q\x9cd\x85e\x84f',
  'half a sequence': 'a\x1b[',
  controls: 'a\x08\x08\x08b\rc\nd\te\x0bf\x0cg\x07h\x00i\x7fj\x0ek\x0fl',
  modes: 'a\x1b[?1049lb\x1b[?25hc\x1b[?7hd\x1b[4he\x1b[5;10rf',
  bidi: 'a\u202eevil\u202c b\u2066c\u2069 \u200fd \u05d0\u05d1 \u0627\u0644',
  wide: `${'油'.repeat(40)}ＡＢＣ한국어`,
  combining: `e${'\u0301'.repeat(500)} Z${'\u0489'.repeat(50)}`,
  'zero width': 'a\u200bb\u200cc\u200dd\ufeffe\u2060f\u00adg\u034fh',
  emoji: '👩‍👩‍👧‍👦👍🏽🇲🇾☺️ ❤️ 1️⃣',
  'private and lone': '\ue000\u{f0000}\ud800x\udfffy\uffff',
  'ten kilobytes': 'x'.repeat(10_000),
  'ten kilobytes of words': 'palm oil \x1b[31mup\x1b[2J '.repeat(500),
  'ten kilobytes of wide': '油'.repeat(10_000),
  empty: '',
};
const SIZES = [
  [60, 16],
  [80, 24],
  [120, 40],
  [200, 60],
  [40, 10],
] as const;

/** The same words in every place where somebody else's text can arrive. */
function poisoned(text: string): Snapshot {
  const base = SITUATIONS.long();
  const outside = untrusted(text);
  const { reading } = base.sentiment;
  return {
    ...base,
    instrument: base.instrument && { ...base.instrument, name: text, description: outside },
    account: base.account && { ...base.account, login: text, brokerName: outside, currency: text },
    link: { ...base.link, reason: outside },
    sentiment: {
      ...base.sentiment,
      abstained: text,
      reading: reading && { ...reading, source: text, citations: [outside, outside] },
    } as Snapshot['sentiment'],
    nextEvent: base.nextEvent && { ...base.nextEvent, name: text },
    orders: [order({ state: 'UNKNOWN', reason: text }), order({ state: 'SENT', reason: text })],
    activity: base.activity.map((one) => ({ ...one, text, outside })),
    decisions: base.decisions.map((one) => ({
      ...one,
      sentence: text,
      gates: one.gates.map((gate) => ({ ...gate, value: text, threshold: text })),
    })),
    breakers: base.breakers.map((one) => ({ ...tripped(one.name, text), distance: text })),
    entriesBlockedBy: text,
    entriesAllowed: false,
  };
}

const look = makeLook({ colour: 'true', theme: 'dark', ascii: false });
const DIALOGS: readonly (Dialog | undefined)[] = [
  undefined,
  { type: 'details', row: 'p:70012' },
  { type: 'details', row: 'o:c-7f3a' },
  { type: 'breakers', index: 0 },
];

interface Shown {
  readonly columns: number;
  readonly rows: number;
  readonly focus: PanelId;
  readonly dialog: Dialog | undefined;
}

function linesOf(snapshot: Snapshot, { columns, rows, focus, dialog }: Shown): readonly string[] {
  const start = initialUi({
    columns,
    rows,
    theme: 'dark',
    commandPrefix: 'ui',
    role: 'operator',
    operator: 'ann',
    now: 0,
  });
  const ui = { ...start, snapshotAt: 0, focus, tab: focus, dialog };
  return frameLines({ snapshot, ui, look, version: '0.1.0' });
}

const sgr = (line: string): readonly string[] => line.match(/\x1b\[[0-9;]*m/g) ?? [];
/** Every style our own palette can open: an attack that brought its own would not be among them. */
const OURS = new Set([
  '\x1b[0m',
  '\x1b[m',
  ...Object.values(look.sgr).flatMap((one) => [`\x1b[${one}m`, `\x1b[0;${one}m`]),
]);

async function emulated(text: string, shown: Shown) {
  const { columns, rows } = shown;
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const bells: string[] = [];
  terminal.onTitleChange((title) => bells.push(`title ${title}`));
  terminal.onBell(() => bells.push('bell'));
  terminal.onData((answer) => bells.push(`answer ${JSON.stringify(answer)}`));
  const lines = linesOf(poisoned(text), shown);
  let bytes = ENTER;
  const writer = new ScreenWriter({
    write: (frame, written) => {
      bytes += frame;
      written();
    },
  });
  writer.paint(linesOf(SITUATIONS.quiet(), { ...shown, dialog: undefined }), columns);
  writer.paint(lines, columns);
  await new Promise<void>((done) => terminal.write(bytes, done));
  const buffer = terminal.buffer.active;
  const row = (y: number): string => buffer.getLine(y)?.translateToString(false) ?? '';
  const result = {
    bells,
    type: buffer.type,
    last: row(rows - 1).trim(),
    /** The end of a line stands where it was drawn only if nothing before it took more cells. */
    edges: lines.map(
      (_, y) =>
        buffer
          .getLine(y)
          ?.getCell(columns - 1)
          ?.getChars() ?? '',
    ),
    lines,
    scrolled: buffer.baseY,
  };
  terminal.dispose();
  return result;
}

/** Everything one attack may do wrong on one screen, in words. */
async function harm(name: string, shown: Shown): Promise<readonly string[]> {
  const seen = await emulated(ATTACKS[name] ?? '', shown);
  const { type, last, scrolled } = seen;
  const wrong: string[] = seen.bells.map((one) => `the terminal did ${one}`);
  if (type !== 'alternate' || last !== '' || scrolled !== 0) {
    wrong.push(`buffer ${type}, last row "${last}", scrolled ${scrolled}`);
  }
  for (const style of seen.lines.flatMap(sgr)) if (!OURS.has(style)) wrong.push(`style ${style}`);
  seen.lines.forEach((line, y) => {
    const drawn = Array.from(line.replace(/\x1b\[[0-9;]*m/g, '')).at(-1) ?? ' ';
    const edge = seen.edges[y] ?? '';
    // A cell never written is the empty string; the second half of a wide one as well.
    if (edge !== '' && !edge.startsWith(drawn)) wrong.push(`row ${y} ends in ${edge}`);
  });
  return wrong;
}

describe('words from outside in a real terminal emulator (I24 F109 F110)', () => {
  it.each(Object.keys(ATTACKS))('%s: moves nothing, colours nothing', async (name) => {
    for (const [columns, rows] of SIZES) {
      for (const [index, dialog] of DIALOGS.entries()) {
        // Every panel comes to the front at some size; the ledgers, full of such words, more often.
        const turn = columns + rows + (dialog === undefined ? 0 : 1);
        const focus = index % 2 === 0 ? 'activity' : (PANELS[turn % PANELS.length] ?? 'why');
        const shown = { columns, rows, focus, dialog } as const;
        const where = `${name} at ${columns}x${rows}, ${dialog?.type ?? 'no dialog'}`;
        expect(await harm(name, shown), where).toEqual([]);
      }
    }
  });
});
