// Rectangles tile the frame at every size, and the named sizes show what they promise.
import { describe, expect, it } from 'vitest';
import { layoutOf, PANELS, type PanelId, type Rect } from '../../src/ui/layout.ts';

const at = (columns: number, rows: number, focus: PanelId = 'blotter', zoom = false) =>
  layoutOf({ columns, rows, focus, tab: focus, zoom });

const shownAt = (columns: number, rows: number) =>
  at(columns, rows).tiles.flatMap(({ tabs, show }): string[] =>
    tabs.length > 0 ? [...tabs] : [show],
  );

const overlaps = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('layout', () => {
  it('tiles every size from 1x1 to 240x70 without gap or overlap', () => {
    for (let columns = 1; columns <= 240; columns += 1) {
      for (let rows = 1; rows <= 70; rows += 1) {
        const { width, height, tiles } = at(columns, rows);
        const where = `at ${columns}x${rows}`;
        let area = 0;
        tiles.forEach(({ rect }, index) => {
          if (rect.height < 1 || rect.width < 1) throw new Error(`empty tile ${where}`);
          const { x, y } = rect;
          const isInside = x >= 0 && y >= 0 && x + rect.width <= width && y + rect.height <= height;
          if (!isInside) throw new Error(`a tile beyond the frame ${where}`);
          if (tiles.slice(0, index).some((other) => overlaps(other.rect, rect))) {
            throw new Error(`tiles overlap ${where}`);
          }
          area += rect.width * rect.height;
        });
        // Inside, disjoint and as large together as the frame: no cell is left.
        if (area !== width * height) throw new Error(`a gap ${where}`);
      }
    }
  });

  it('keeps the frame one row shorter than the terminal', () => {
    expect(at(80, 24).height).toBe(23);
    expect(at(1, 1).height).toBe(1);
  });

  it('gives the Market what the breakers do not need on the largest screens', () => {
    const rows = (columns: number, lines: number, panel: string) =>
      at(columns, lines).tiles.find((tile) => tile.show === panel)?.rect.height;
    expect([rows(200, 60, 'market'), rows(200, 60, 'breakers')]).toEqual([6, 16]);
    expect([rows(240, 70, 'market'), rows(240, 70, 'breakers')]).toEqual([14, 16]);
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
