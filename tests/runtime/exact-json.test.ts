/** Plain values and whole states through text and back, with nothing lost on the way. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactText, exactValue } from '../../src/runtime/exact-json.ts';
import { morning } from './journal-desk.ts';

const leaf = fc.oneof(
  fc.constant(undefined),
  fc.boolean(),
  fc.integer(),
  fc.string(),
  fc.constantFrom('\u0000', '\u0000\u0000', '\u0000x', '\\u0000', 'null', ''),
);
const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('node'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).node;

describe('exact JSON', () => {
  it('brings every plain value back, undefined keys and their order included', () => {
    const seed = Number(process.env['SEED'] ?? 20_250_106);
    fc.assert(
      fc.property(tree, (value) => {
        const back = exactValue(exactText(value));
        expect(back).toStrictEqual(value);
        expect(exactText(back)).toBe(exactText(value));
      }),
      { seed, numRuns: 500 },
    );
  });

  it('brings a whole engine state back (I17)', () => {
    const { state } = morning();
    expect(exactValue(exactText(state))).toStrictEqual(state);
  });
});
