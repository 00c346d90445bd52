/**
 * A grid of single-cell characters with roles, turned into lines: what the chart draws into.
 * Deliberately clips: writing outside is ignored, so a strange price cannot throw.
 */
import { type Line, type Span, span } from '../lines.ts';
import type { Role } from '../look.ts';

export class Raster {
  readonly width: number;
  readonly height: number;
  readonly #characters: string[];
  readonly #roles: Role[];

  constructor(width: number, height: number) {
    this.width = Math.max(0, width);
    this.height = Math.max(0, height);
    this.#characters = new Array<string>(this.width * this.height).fill(' ');
    this.#roles = new Array<Role>(this.width * this.height).fill('text');
  }

  put(x: number, y: number, character: string, role: Role): void {
    if (x < 0 || x >= this.width || y < 0 || y >= this.height) return;
    this.#characters[y * this.width + x] = character;
    this.#roles[y * this.width + x] = role;
  }

  /** Whole or not at all: a number that does not fit is left out (F113). */
  text(x: number, y: number, text: string, role: Role): void {
    if (x < 0 || x + text.length > this.width) return;
    for (let index = 0; index < text.length; index += 1) {
      this.put(x + index, y, text[index] ?? ' ', role);
    }
  }

  lines(): readonly Line[] {
    return Array.from({ length: this.height }, (_, y) => {
      const line: Span[] = [];
      let text = '';
      let role: Role = 'text';
      for (let x = 0; x < this.width; x += 1) {
        const at = y * this.width + x;
        const own = this.#roles[at] ?? 'text';
        if (own !== role && text !== '') {
          line.push(span(role, text));
          text = '';
        }
        role = own;
        text += this.#characters[at] ?? ' ';
      }
      return text === '' ? line : [...line, span(role, text)];
    });
  }
}
