// Fault scripts as text: every form, and a sentence for everything else.
import { describe, expect, it } from 'vitest';
import { readFaultText } from '../../../src/sim/server/fault-text.ts';

describe('a fault script', () => {
  it('reads rules between lines or semicolons, with remarks', () => {
    const text =
      '# lost word\nout ProtoOASpotEvent#3 drop; in any#40 close\n@2 out any delay  500\n';
    expect(readFaultText(text)).toEqual({
      ok: true,
      rules: [
        { direction: 'out', name: 'ProtoOASpotEvent', nth: 3, action: { type: 'drop' } },
        { direction: 'in', nth: 40, action: { type: 'close' } },
        { connection: 2, direction: 'out', action: { type: 'delay', delayMs: 500 } },
      ],
    });
    expect(readFaultText('in ProtoOANewOrderReq duplicate').ok).toBe(true);
  });

  it.each([
    ['split 3', { type: 'split', size: 3 }],
    ['truncate 9', { type: 'truncate', bytes: 9 }],
    ['corrupt -1 128', { type: 'corrupt', at: -1, mask: 128 }],
    ['say 000000020833', { type: 'say', bytes: Uint8Array.of(0, 0, 0, 2, 8, 51), instead: false }],
    ['instead fF', { type: 'say', bytes: Uint8Array.of(255), instead: true }],
  ])('writes single bytes: %s', (words, action) => {
    const rules = [{ direction: 'out', name: 'ProtoOATraderRes', action }];
    expect(readFaultText(`out ProtoOATraderRes ${words}`)).toEqual({ ok: true, rules });
  });

  it.each([
    ['out any split 0', 'is no fault.'],
    ['out any split', 'is no fault.'],
    ['out any drop 3', 'is no fault.'],
    ['out any corrupt 3 256', 'is no fault.'],
    ['out any corrupt 3', 'is no fault.'],
    ['out any say f', 'is no fault.'],
    ['out any say 00 11', 'is no fault.'],
    ['in any split 2', 'is no fault.'],
    ['out any toString', 'is no fault.'],
    ['', 'The fault script is empty.'],
    ['out ProtoOASpotEvent', 'is no fault.'],
    ['out ProtoOASpotEven drop', 'names no message'],
    ['out toString drop', 'names no message'],
    ['out any delay soon', 'is no fault.'],
    ['sideways any drop', 'is no fault.'],
  ])('%j is refused with a sentence', (text, words) => {
    const reading = readFaultText(text);
    expect(reading.ok ? '' : reading.sentence).toContain(words);
  });
});
