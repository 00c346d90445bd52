// What is kept from the frame before is never what an empty memory would not have drawn as well.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/engine/index.ts';
import { FrameMemo, frameLines } from '../../src/ui/frame.ts';
import { isSame, Keeper } from '../../src/ui/frame-memo.ts';
import { PANELS } from '../../src/ui/layout.ts';
import { makeLook, THEMES } from '../../src/ui/look.ts';
import type { UiState } from '../../src/ui/ui-state.ts';
import { afterKeys, OPENED, sized, uiFor } from '../support/frames.ts';
import { SITUATIONS, type Situation } from '../support/situations-snapshot.ts';

const NAMES = Object.keys(SITUATIONS) as Situation[];
const look = makeLook({ colour: '256', theme: 'dark', ascii: false });
const viewOf = (snapshot: Snapshot | undefined, ui: UiState, theme = look) => ({
  snapshot,
  ui,
  look: theme,
  version: '0.1.0',
});

/** Those that are kept and are not always on the screen. */
const TABS = ['breakers', 'why', 'activity'] as const;

type Path = readonly (string | number)[];

/** Every place of the data that holds no further data; of a long list its first and last item. */
function leavesOf(data: unknown, path: Path = []): readonly Path[] {
  if (typeof data !== 'object' || data === null) return [path];
  const keys = Object.keys(data);
  const ends = Array.isArray(data) && keys.length > 2 ? [keys[0], keys.at(-1)] : keys;
  return ends.flatMap((key = '') =>
    leavesOf((data as Record<string, unknown>)[key], [...path, key]),
  );
}

/** The same data with another value at one place. */
function changedAt(data: unknown, [key, ...rest]: Path): unknown {
  if (key !== undefined) {
    const inner = (data as Record<string, unknown>)[key];
    const value = changedAt(inner, rest);
    return Array.isArray(data)
      ? data.map((item, index) => (String(index) === key ? value : item))
      : { ...(data as object), [key]: value };
  }
  if (typeof data === 'number') return data === 0 ? 3_700_000 : data * 2;
  if (typeof data === 'boolean') return !data;
  return data === undefined ? undefined : `${String(data)} changed`;
}

/** A word of a closed list that became another one cannot be drawn at all. */
function drawable(draw: () => readonly string[]): readonly string[] | undefined {
  try {
    return draw();
  } catch {
    return undefined;
  }
}

describe('a frame drawn with a memory', () => {
  it.each(['80x24', '120x40', '200x60'])('notices every single change of %s', (size) => {
    const before = SITUATIONS.long();
    for (const focus of size === '80x24' ? TABS : (['blotter'] as const)) {
      const ui = uiFor({ ...sized(size), ui: { focus, tab: focus } });
      for (const path of leavesOf(before)) {
        const after = viewOf(changedAt(before, path) as Snapshot, ui);
        const fresh = drawable(() => frameLines(after));
        if (fresh === undefined) continue;
        const memo = new FrameMemo();
        frameLines(viewOf(before, ui), memo);
        expect(frameLines(after, memo), path.join('.')).toEqual(fresh);
      }
    }
  });

  it.each(['80x24', '120x40', '200x60'])('notices every change of the screen at %s', (size) => {
    const snapshot = SITUATIONS.long();
    const { instrument } = snapshot;
    const finer = instrument && { ...instrument, digits: 2 };
    const why = snapshot.decisions[3]?.barTime;
    const activity = snapshot.activity[2]?.seq;
    for (const focus of PANELS) {
      const at = (ui: Partial<UiState>) =>
        uiFor({ ...sized(size), ui: { focus, tab: focus, ...ui } });
      const before = viewOf(snapshot, at({}));
      const changes = [
        ...PANELS.map((panel) => viewOf(snapshot, at({ focus: panel }))),
        viewOf(snapshot, at({ filter: 'signal' })),
        viewOf(snapshot, at({ anchor: { why, activity: undefined } })),
        viewOf(snapshot, at({ anchor: { why: undefined, activity } })),
        viewOf(snapshot, at({ zoom: true })),
        viewOf(snapshot, at({ now: 9_000 })),
        viewOf(snapshot, at({}), makeLook({ colour: 'true', theme: 'light', ascii: true })),
        viewOf({ ...snapshot, instrument: finer }, at({})),
        viewOf(undefined, at({})),
      ];
      for (const after of changes) {
        const memo = new FrameMemo();
        frameLines(before, memo);
        expect(frameLines(after, memo)).toEqual(frameLines(after));
      }
    }
  });

  it('draws what an empty memory draws, whatever came before', () => {
    const moment = fc.record({
      name: fc.constantFrom(...NAMES),
      size: fc.constantFrom('80x24', '120x40', '200x60', '60x16', '40x10', '100x30'),
      focus: fc.constantFrom(...PANELS),
      zoom: fc.boolean(),
      filter: fc.constantFrom('', 'spread'),
      theme: fc.constantFrom(...THEMES),
      anchor: fc.boolean(),
      opened: fc.option(fc.constantFrom(...OPENED), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(moment, { minLength: 2, maxLength: 6 }), (moments) => {
        const memo = new FrameMemo();
        for (const { name, size, theme, opened, anchor, ...own } of moments) {
          const screen = { ...sized(size), ui: { ...own, tab: own.focus } };
          const ui = opened === undefined ? uiFor(screen) : afterKeys(name, opened[2], screen);
          const snapshot = SITUATIONS[name]();
          const why = anchor ? snapshot.decisions[3]?.barTime : undefined;
          const activity = anchor ? snapshot.activity[2]?.seq : undefined;
          const themed = makeLook({ colour: 'true', theme, ascii: false });
          const view = viewOf(snapshot, { ...ui, anchor: { why, activity } }, themed);
          expect(frameLines(view, memo)).toEqual(frameLines(view));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('knows the parts of a picture again that came over a socket', () => {
    const snapshot = SITUATIONS.long();
    const ui = uiFor(sized('120x40'));
    const memo = new FrameMemo();
    frameLines(viewOf(snapshot, ui), memo);
    const copy = JSON.parse(JSON.stringify(snapshot)) as Snapshot;
    const made: number[] = [];
    const { keep } = memo.tiles;
    memo.tiles.keep = (place, inputs, make) =>
      keep.call(memo.tiles, place, inputs, () => {
        made.push(place);
        return make();
      });
    frameLines(viewOf(copy, ui), memo);
    expect(made).toEqual([]);
    frameLines(viewOf({ ...copy, activity: [] }, ui), memo);
    expect(made).toHaveLength(1);
  });
});

describe('a kept value', () => {
  it('is made again only when an input is another one', () => {
    const keeper = new Keeper<number>();
    let made = 0;
    const keep = (place: number, input: unknown) =>
      keeper.keep(place, [input], () => {
        made += 1;
        return made;
      });
    expect([keep(1, { a: [1] }), keep(1, { a: [1] }), keep(2, { a: [1] })]).toEqual([1, 1, 2]);
    expect([keep(1, { a: [2] }), keep(1, { a: [1] })]).toEqual([3, 4]);
    keeper.clear();
    expect(keep(2, { a: [1] })).toBe(5);
  });

  it.each([
    [[1, 2], [1, 2], true],
    [[1, 2], [1, 2, 3], false],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [{ a: 1 }, undefined, false],
    [[], {}, false],
    [{}, [], false],
    [Number.NaN, Number.NaN, true],
    ['1', 1, false],
  ])('%j beside %j: the same is %s', (a, b, same) => {
    expect(isSame(a, b)).toBe(same);
  });
});
