// A fake terminal that models what a person would see: cells, styles, modes, and a tap that can
// close.
// It understands the sequences the screen uses and nothing else; anything else is counted as
// foreign.
import { EventEmitter } from 'node:events';
import { characterWidth } from '../../src/ui/text.ts';

export interface Cell {
  readonly character: string;
  readonly style: string;
}

const BLANK: Cell = { character: ' ', style: '' };
const MODES: Readonly<Record<string, string>> = {
  '?1049': 'alternate',
  '?7': 'wrap',
  '?25': 'cursor',
  '?2004': 'paste',
  '?2026': 'synchronised',
};

/** The grid after a stream of bytes, cell by cell. */
export class ScreenModel {
  readonly modes = new Map<string, boolean>([
    ['alternate', false],
    ['wrap', true],
    ['cursor', true],
    ['paste', false],
  ]);
  foreign: string[] = [];
  clears = 0;
  title = '';
  #cells: Cell[][] = [];
  #x = 0;
  #y = 0;
  #style = '';
  columns: number;
  rows: number;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#clear();
  }

  feed(bytes: string): void {
    const token = /\x1b\[([?0-9;]*)([A-Za-z])|\x1b\]2;([^\x07]*)\x07|([\s\S])/gu;
    for (const match of bytes.matchAll(token)) {
      const [, parameters, final, title, character] = match;
      if (title !== undefined) this.title = title;
      else if (final !== undefined) this.#control(parameters ?? '', final, match[0]);
      else if (character !== undefined) this.#print(character);
    }
  }

  line(y: number): string {
    return (this.#cells[y] ?? []).map((cell) => cell.character).join('');
  }

  text(): string {
    return this.#cells.map((_, y) => this.line(y)).join('\n');
  }

  cells(): readonly (readonly Cell[])[] {
    return this.#cells;
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.#clear();
  }

  #clear(): void {
    this.clears += 1;
    this.#cells = Array.from({ length: this.rows }, () =>
      Array.from({ length: this.columns }, () => BLANK),
    );
  }

  #control(parameters: string, final: string, raw: string): void {
    const mode = MODES[parameters];
    if ((final === 'h' || final === 'l') && mode !== undefined) {
      this.modes.set(mode, final === 'h');
      return;
    }
    if (final === 'm') {
      const reset = parameters === '' || parameters === '0';
      if (reset) this.#style = '';
      else if (parameters.startsWith('0;')) this.#style = parameters.slice(2);
      else this.#style = this.#style === '' ? parameters : `${this.#style};${parameters}`;
      return;
    }
    if (final === 'H') {
      const [row = '1', column = '1'] = parameters === '' ? [] : parameters.split(';');
      this.#y = Number(row) - 1;
      this.#x = Number(column) - 1;
      return;
    }
    if (final === 'J' && parameters === '2') this.#clear();
    else this.foreign.push(raw);
  }

  #print(character: string): void {
    if (character < ' ' || character === '\x7f') {
      this.foreign.push(character);
      return;
    }
    const width = characterWidth(character);
    const row = this.#cells[this.#y];
    if (row === undefined) {
      this.foreign.push(character);
      return;
    }
    if (width === 0) {
      const at = row[this.#x - 1]?.character === '' ? this.#x - 2 : this.#x - 1;
      const base = row[at];
      if (base !== undefined) row[at] = { ...base, character: base.character + character };
      return;
    }
    if (this.#x + width > this.columns) {
      this.foreign.push(`beyond the edge: ${character}`);
      return;
    }
    // Writing over half of a wide character blanks its other half.
    if (row[this.#x]?.character === '') row[this.#x - 1] = BLANK;
    if (row[this.#x + width]?.character === '') row[this.#x + width] = BLANK;
    row[this.#x] = { character, style: this.#style };
    if (width === 2) row[this.#x + 1] = { character: '', style: this.#style };
    this.#x += width;
  }
}

/** A terminal output: a screen model behind a tap. While the tap is closed nothing is taken. */
export class FakeOutput extends EventEmitter {
  readonly screen: ScreenModel;
  readonly written: string[] = [];
  #held: (() => void)[] = [];
  #open = true;

  constructor(columns: number, rows: number) {
    super();
    this.screen = new ScreenModel(columns, rows);
  }

  get columns(): number {
    return this.screen.columns;
  }

  get rows(): number {
    return this.screen.rows;
  }

  write(text: string, done?: () => void): boolean {
    this.written.push(text);
    const take = (): void => {
      this.screen.feed(text);
      done?.();
    };
    if (this.#open) take();
    else this.#held.push(take);
    return this.#open;
  }

  closeTap(): void {
    this.#open = false;
  }

  openTap(): void {
    this.#open = true;
    for (const take of this.#held.splice(0)) take();
  }

  get waiting(): number {
    return this.#held.length;
  }

  resizeTo(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    this.emit('resize');
  }
}

export class FakeInput extends EventEmitter {
  raw = false;
  reading = false;
  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
  resume(): void {
    this.reading = true;
  }
  pause(): void {
    this.reading = false;
  }
  send(bytes: string): void {
    this.emit('data', new TextEncoder().encode(bytes));
  }
}

export class FakeProcess extends EventEmitter {
  readonly pid = 4_711;
  readonly killed: string[] = [];
  kill(_pid: number, signal: string): void {
    this.killed.push(signal);
  }
}

/** A clock moved by hand. */
export class HandClock {
  #now = 0;
  #timers: { at: number; readonly every: number; readonly callback: () => void; live: boolean }[] =
    [];

  now = (): number => this.#now;

  every = (ms: number, callback: () => void): (() => void) => {
    const timer = { at: this.#now + ms, every: ms, callback, live: true };
    this.#timers.push(timer);
    return () => {
      timer.live = false;
    };
  };

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      this.#timers = this.#timers.filter((timer) => timer.live);
      const next = this.#timers
        .filter((timer) => timer.at <= end)
        .sort((a, b) => a.at - b.at)
        .at(0);
      if (next === undefined) break;
      this.#now = next.at;
      next.at += next.every;
      next.callback();
    }
    this.#now = end;
  }

  get timers(): number {
    return this.#timers.filter((timer) => timer.live).length;
  }
}
