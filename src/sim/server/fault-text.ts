/**
 * Fault scripts as a person writes them, one rule a line: `out ProtoOASpotEvent#3 drop`.
 * Deliberately says what is wrong with a line instead of guessing; the rules run in `faults.ts`.
 */
import { PAYLOAD_TYPES, type WireName } from '../../ctrader/wire/schema.gen.ts';
import type { FaultAction, FaultRule } from './faults.ts';

export type FaultReading =
  | { readonly ok: true; readonly rules: readonly FaultRule[] }
  | { readonly ok: false; readonly sentence: string };

const FORM = 'Write [@CONNECTION] in|out NAME|any[#NTH] drop|duplicate|close|delay MS';
const RULE =
  /^(?:@(\d{1,6}) )?(in|out) (\w+?)(?:#(\d{1,9}))? (?:(drop|duplicate|close)|delay (\d{1,7}))$/;

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
  const [, connection, direction, name = '', nth, word, delayMs] = match;
  if (name !== 'any' && !isWireName(name)) {
    return `${shown} names no message: a name such as ProtoOASpotEvent, or any.`;
  }
  return {
    ...(connection === undefined ? {} : { connection: Number(connection) }),
    direction: direction === 'in' ? 'in' : 'out',
    ...(isWireName(name) ? { name } : {}),
    ...(nth === undefined ? {} : { nth: Number(nth) }),
    action: actionOf(word, delayMs),
  };
}

const isWireName = (name: string): name is WireName => Object.hasOwn(PAYLOAD_TYPES, name);

function actionOf(word: string | undefined, delayMs: string | undefined): FaultAction {
  if (word === 'drop' || word === 'duplicate' || word === 'close') return { type: word };
  return { type: 'delay', delayMs: Number(delayMs) };
}
