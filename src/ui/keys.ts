/**
 * Bytes of a terminal to key presses, one at a time, whatever the packets were.
 * Deliberately no timers and no stream: `terminal.ts` feeds it and tells it when a pause has
 * passed.
 *
 * Ink's own reader is not used: it takes a chunk for one key, so `j^C` loses the Ctrl-C and a
 * sequence split across two packets becomes Esc and rubbish.
 */

export type KeyInput =
  | {
      readonly type: 'key';
      readonly key: string;
      /** False when more keys came in the same packet: such an Enter never confirms (F114). */
      readonly alone: boolean;
    }
  | { readonly type: 'paste'; readonly text: string };

const PASTE_BEGIN = '\x1b[200~';
const PASTE_END = '\x1b[201~';
const PASTE_MAX = 4_096;
const PENDING_MAX = 64;
/**
 * CSI, SS3, function keys of the Linux console, strings that answer a question (OSC, DCS, APC, PM,
 * SOS), an Esc that begins none of them, one code point. Esc and the key after it come in one
 * packet on a slow link: they are two keys, not one with Alt.
 */
const TOKEN = new RegExp(
  [
    '\\x1b\\[\\[[A-E]',
    '\\x1b\\[[0-?]*[ -/]*[@-Z\\\\-~]',
    '\\x1bO[A-Za-z]',
    '\\x1b[\\]PX^_][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)',
    '\\x1b(?=[^[O\\]PX^_])',
    '[^\\x1b]',
  ]
    .map((form) => `^${form}`)
    .join('|'),
  'su',
);
/**
 * Esc and a key that might have begun a string, which did not go on. Not `[` and `O`: what comes
 * late there is an arrow cut in two by a slow link, and an Esc would close a dialog.
 */
const TWO_KEYS = /^\x1b[\]PX^_]$/;

const NAMES: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x1b': 'esc',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x1b[Z': 'shift-tab',
  '\x1b[A': 'up',
  '\x1b[B': 'down',
  '\x1b[C': 'right',
  '\x1b[D': 'left',
  '\x1bOA': 'up',
  '\x1bOB': 'down',
  '\x1bOC': 'right',
  '\x1bOD': 'left',
  '\x1b[5~': 'pageup',
  '\x1b[6~': 'pagedown',
  '\x1b[H': 'home',
  '\x1bOH': 'home',
  '\x1b[1~': 'home',
  '\x1b[7~': 'home',
  '\x1b[F': 'end',
  '\x1bOF': 'end',
  '\x1b[4~': 'end',
  '\x1b[8~': 'end',
  '\x1b[3~': 'delete',
};

/** Name of one token; `undefined` for what no binding may ever mean. */
function keyName(token: string): string | undefined {
  const named = NAMES[token];
  if (named !== undefined) return named;
  const code = token.codePointAt(0) ?? 0;
  if (token.length > 1 && code === 0x1b) return undefined;
  if (code < 0x20) return `ctrl-${String.fromCharCode(code + 0x60)}`;
  return token;
}

export class KeyReader {
  #decoder = new TextDecoder('utf-8');
  #buffer = '';
  #paste: string | undefined;

  /** True while the beginning of a sequence waits for its rest; call `flush` after a pause. */
  get waiting(): boolean {
    return this.#buffer !== '' && this.#paste === undefined;
  }

  feed(chunk: Uint8Array | string): readonly KeyInput[] {
    this.#buffer +=
      typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true });
    return this.#drain(false);
  }

  /** The pause is over: what waits was Esc, alone or with one key. */
  flush(): readonly KeyInput[] {
    return this.#drain(true);
  }

  #drain(final: boolean): readonly KeyInput[] {
    const tokens: (string | { readonly paste: string })[] = [];
    for (;;) {
      if (this.#paste !== undefined) {
        const pasted = this.#takePaste();
        if (pasted === undefined) break;
        tokens.push({ paste: pasted });
        continue;
      }
      const match = TOKEN.exec(this.#buffer)?.[0];
      if (match === undefined) break;
      this.#buffer = this.#buffer.slice(match.length);
      if (match === PASTE_BEGIN) this.#paste = '';
      else if (match !== PASTE_END) tokens.push(match);
    }
    if ((final || this.#buffer.length > PENDING_MAX) && this.waiting) {
      if (this.#buffer === '\x1b') tokens.push(this.#buffer);
      if (TWO_KEYS.test(this.#buffer)) tokens.push(...this.#buffer);
      this.#buffer = '';
    }
    return toInputs(tokens);
  }

  #takePaste(): string | undefined {
    const end = this.#buffer.indexOf(PASTE_END);
    const part = end < 0 ? this.#buffer.slice(0, -PASTE_END.length) : this.#buffer.slice(0, end);
    this.#paste = ((this.#paste ?? '') + part).slice(0, PASTE_MAX);
    this.#buffer = this.#buffer.slice(end < 0 ? part.length : end + PASTE_END.length);
    if (end < 0) return undefined;
    const text = this.#paste;
    this.#paste = undefined;
    return text;
  }
}

function toInputs(tokens: readonly (string | { readonly paste: string })[]): readonly KeyInput[] {
  const alone = tokens.length === 1;
  return tokens.flatMap((token): readonly KeyInput[] => {
    if (typeof token !== 'string') return [{ type: 'paste', text: token.paste }];
    const key = keyName(token);
    return key === undefined ? [] : [{ type: 'key', key, alone }];
  });
}
