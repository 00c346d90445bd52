/** What is found of bars once is what each of them says by itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOfBars } from '../../src/engine/bar-facts.ts';
import type { BarRunColumns, BarsEvent } from '../../src/engine/event.ts';
import { generation, instrumentId, type Price } from '../../src/engine/index.ts';
import { movesOf } from '../../src/engine/stretch.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2024, 0, 8, 12);

type Row = readonly [open: number, high: number, low: number, close: number];

/** Bars of a minute, one after the other unless said otherwise. */
function columnsOf(rows: readonly Row[], start?: readonly number[], end?: readonly number[]) {
  const starts = rows.map((_, at) => start?.[at] ?? NOON + at * MINUTE);
  const column = (nth: number) => Float64Array.from(rows, (row) => row[nth] ?? 0);
  return {
    start: Float64Array.from(starts),
    end: Float64Array.from(starts, (time, at) => end?.[at] ?? time + MINUTE),
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
  };
}

const CALM: Row = [1_000, 1_010, 990, 1_005];
const plainTo = (columns: BarRunColumns) => [...factsOfBars(columns, MINUTE).plainTo];

describe('facts of bars', () => {
  it('tell from each bar on the first that is not as most are', () => {
    expect(plainTo(columnsOf([CALM, CALM, CALM]))).toEqual([2, 2, 2]);
    const rows: readonly (readonly [string, BarRunColumns])[] = [
      ['a close above the high', columnsOf([CALM, [1_000, 1_010, 990, 1_011], CALM, CALM])],
      ['an open below the low', columnsOf([CALM, [989, 1_010, 990, 1_000], CALM, CALM])],
      ['a jump of more than 5 % (F74)', columnsOf([CALM, [1_000, 1_051, 990, 1_000], CALM, CALM])],
      ['a jump to the next bar (F74)', columnsOf([CALM, CALM, [1_050, 1_060, 1_045, 1_050], CALM])],
      ['a low of nothing (F74)', columnsOf([CALM, [1_000, 1_010, 0, 1_000], CALM, CALM])],
      [
        'a minute that is missing behind it',
        columnsOf(
          [CALM, CALM, CALM, CALM],
          [0, 1, 3, 4].map((at) => NOON + at * MINUTE),
        ),
      ],
      [
        'an end behind its minute',
        columnsOf([CALM, CALM, CALM, CALM], undefined, [NOON + MINUTE, NOON + 2 * MINUTE + 1]),
      ],
      [
        'midnight behind it',
        columnsOf(
          [CALM, CALM, CALM, CALM],
          [-2, -1, 0, 1].map((at) => Date.UTC(2024, 0, 9) + at * MINUTE),
        ),
      ],
    ];
    for (const [name, columns] of rows) expect([name, plainTo(columns)[0]]).toEqual([name, 1]);
  });

  it('count the quotes of bars, and know the lowest price', () => {
    const price = fc.integer({ min: 1, max: 4 });
    const bars = fc.array(fc.tuple(price, price, price, price), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(bars, fc.constantFrom('low' as const, 'high' as const), (rows, first) => {
        const columns = columnsOf(rows);
        const of = {
          type: 'bars',
          instrumentId: instrumentId('1'),
          generation: generation(1),
        } as const;
        const spread = 1 as Price;
        const event: BarsEvent = { ...of, spread, from: 0, to: rows.length, first, columns };
        const { quotes, lowest } = factsOfBars(columns, MINUTE);
        const sums = [...quotes[first]];
        for (let bar = 0; bar < rows.length; bar += 1) {
          expect((sums[bar + 1] ?? 0) - (sums[bar] ?? 0)).toBe(1 + movesOf(event, bar));
        }
        expect(lowest).toBe(Math.min(...rows.map(([open, , low]) => Math.min(open, low))));
      }),
    );
  });

  it('are found once for the same columns, and again for others', () => {
    const columns = columnsOf([CALM, CALM]);
    const facts = factsOfBars(columns, MINUTE);
    factsOfBars(columnsOf([CALM]), MINUTE);
    expect(factsOfBars({ ...columns }, MINUTE)).toBe(facts);
    expect(factsOfBars(columns, 5 * MINUTE)).not.toBe(facts);
    const { close } = columnsOf([CALM, CALM]);
    expect(factsOfBars({ ...columns, close }, MINUTE)).not.toBe(facts);
  });
});
