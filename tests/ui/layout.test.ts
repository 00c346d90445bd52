// Rectangles tile the frame at every size, and the named sizes show what they promise.
import { describe, expect, it } from 'vitest';
import { layoutOf, PANELS, type PanelId } from '../../src/ui/layout.ts';

const at = (columns: number, rows: number, focus: PanelId = 'blotter', zoom = false) =>
  layoutOf({ columns, rows, focus, tab: focus, zoom });

const shownAt = (columns: number, rows: number) =>
  at(columns, rows).tiles.flatMap(({ tabs, show }): string[] =>
    tabs.length > 0 ? [...tabs] : [show],
  );

describe('layout', () => {
  it('tiles every size from 1x1 to 200x60 without gap or overlap', () => {
    for (let columns = 1; columns <= 200; columns += 1) {
      for (let rows = 1; rows <= 60; rows += 1) {
        const { width, height, tiles } = at(columns, rows);
        const grid = new Uint8Array(width * height);
        for (const { rect } of tiles) {
          if (rect.height < 1 || rect.width < 1)
            throw new Error(`empty tile at ${columns}x${rows}`);
          for (let y = rect.y; y < rect.y + rect.height; y += 1) {
            for (let x = rect.x; x < rect.x + rect.width; x += 1) {
              const cell = y * width + x;
              grid[cell] = (grid[cell] ?? 0) + 1;
            }
          }
        }
        if (!grid.every((count) => count === 1)) throw new Error(`not tiled at ${columns}x${rows}`);
      }
    }
  });

  it('keeps the frame one row shorter than the terminal', () => {
    expect(at(80, 24).height).toBe(23);
    expect(at(1, 1).height).toBe(1);
  });

  it('reaches every panel at 80x24, some of them as tabs', () => {
    expect(at(80, 24).kind).toBe('compact');
    for (const panel of PANELS) expect(shownAt(80, 24)).toContain(panel);
    for (const panel of PANELS) {
      const visible = at(80, 24, panel).tiles.map((tile) => tile.show);
      expect(visible).toContain(panel);
    }
  });

  it('shows everything at once from 120x40 on, without tabs', () => {
    for (const [columns, rows] of [
      [120, 40],
      [200, 60],
    ] as const) {
      const visible = at(columns, rows).tiles.map((tile) => tile.show);
      for (const panel of PANELS) expect(visible).toContain(panel);
    }
  });

  it('gives a larger screen to the chart and the ledgers', () => {
    const size = (columns: number, rows: number, show: PanelId) => {
      const rect = at(columns, rows).tiles.find((tile) => tile.show === show)?.rect;
      return (rect?.width ?? 0) * (rect?.height ?? 0);
    };
    for (const panel of ['chart', 'why', 'activity'] as const) {
      expect(size(200, 60, panel)).toBeGreaterThan(size(120, 40, panel) * 1.5);
    }
  });

  it('falls back to the plain view below 60x16', () => {
    expect(at(60, 16).kind).toBe('compact');
    expect(at(59, 16).kind).toBe('plain');
    expect(at(60, 15).kind).toBe('plain');
  });

  it('gives a zoomed panel everything between status and footer', () => {
    for (const panel of PANELS) {
      const { tiles } = at(80, 24, panel, true);
      expect(tiles.map((tile) => tile.show)).toEqual(['status', panel, 'footer']);
    }
  });
});
