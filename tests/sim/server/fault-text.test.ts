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
