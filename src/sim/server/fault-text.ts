/**
 * Fault scripts as a person writes them, one rule a line: `out ProtoOASpotEvent#3 drop`.
 * Deliberately says what is wrong with a line instead of guessing; the rules run in `faults.ts`.
 */
import { PAYLOAD_TYPES, type WireName } from '../../ctrader/wire/schema.gen.ts';
import type { FaultAction, FaultRule } from './faults.ts';

export type FaultReading =
  | { readonly ok: true; readonly rules: readonly FaultRule[] }
  | { readonly ok: false; readonly sentence: string };

const FORM =
  'Write [@CONNECTION] in|out NAME|any[#NTH] drop|duplicate|close|delay MS, or for out ' +
  'split BYTES|truncate BYTES|corrupt AT MASK|say HEX|instead HEX';
const RULE = /^(?:@(\d{1,6}) )?(in|out) (\w+?)(?:#(\d{1,9}))? ([a-z]+(?: [-\da-fA-F]+)*)$/;

type Reader = (words: readonly string[]) => FaultAction | undefined;

const plain =
  (type: 'drop' | 'duplicate' | 'close'): Reader =>
  (words) =>
    words.length === 0 ? { type } : undefined;

/** A number of its own range; nothing when there is another number of words. */
const counted =
  (least: number, most: number, make: (value: number) => FaultAction): Reader =>
  ([word, ...rest]) => {
    const value = word === undefined || rest.length > 0 ? undefined : wholeOf(word, least, most);
    return value === undefined ? undefined : make(value);
  };

const said =
  (instead: boolean): Reader =>
  ([hex = '', ...rest]) => {
    const isHex = /^(?:[\da-fA-F]{2}){1,4096}$/.test(hex) && rest.length === 0;
    return isHex ? { type: 'say', bytes: bytesOf(hex), instead } : undefined;
  };

/** What a person may write, one reader for each word. */
const ACTIONS: { readonly [word: string]: Reader } = {
  drop: plain('drop'),
  duplicate: plain('duplicate'),
  close: plain('close'),
  delay: counted(0, 9_999_999, (delayMs) => ({ type: 'delay', delayMs })),
  split: counted(1, 65_536, (size) => ({ type: 'split', size })),
  truncate: counted(0, 65_536, (bytes) => ({ type: 'truncate', bytes })),
  corrupt: ([place = '', mask = '', ...rest]) => {
    const at = wholeOf(place, -65_536, 65_536);
    const bits = wholeOf(mask, 1, 255);
    if (at === undefined || bits === undefined || rest.length > 0) return undefined;
    return { type: 'corrupt', at, mask: bits };
  },
  say: said(false),
  instead: said(true),
};

/** Faults of single bytes make sense only for what this side writes. */
const OUTGOING: ReadonlySet<FaultAction['type']> = new Set(['split', 'truncate', 'say']);

function wholeOf(word: string, least: number, most: number): number | undefined {
  const value = /^-?\d{1,7}$/.test(word) ? Number(word) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** Lines or `;` between rules; what follows a `#` at the start of a line is a remark. */
export function readFaultText(text: string): FaultReading {
  const rules: FaultRule[] = [];
  for (const raw of text.split(/[;\n]/)) {
    const line = raw.trim().replace(/\s+/g, ' ');
    if (line === '' || line.startsWith('#')) continue;
    const rule = readRule(line);
    if (typeof rule === 'string') return { ok: false, sentence: rule };
    rules.push(rule);
  }
  if (rules.length === 0) return { ok: false, sentence: `The fault script is empty. ${FORM}.` };
  return { ok: true, rules };
}

function readRule(line: string): FaultRule | string {
  const shown = JSON.stringify(line.slice(0, 80));
  const match = RULE.exec(line);
  if (match === null) return `${shown} is no fault. ${FORM}.`;
  const [, connection, direction, name = '', nth, words = ''] = match;
  const [word = '', ...rest] = words.split(' ');
  const action = Object.hasOwn(ACTIONS, word) ? ACTIONS[word]?.(rest) : undefined;
  const isMisplaced = direction === 'in' && action !== undefined && OUTGOING.has(action.type);
  if (action === undefined || isMisplaced) return `${shown} is no fault. ${FORM}.`;
  if (name !== 'any' && !isWireName(name)) {
    return `${shown} names no message: a name such as ProtoOASpotEvent, or any.`;
  }
  return {
    ...(connection === undefined ? {} : { connection: Number(connection) }),
    direction: direction === 'in' ? 'in' : 'out',
    ...(isWireName(name) ? { name } : {}),
    ...(nth === undefined ? {} : { nth: Number(nth) }),
    action,
  };
}

const isWireName = (name: string): name is WireName => Object.hasOwn(PAYLOAD_TYPES, name);
