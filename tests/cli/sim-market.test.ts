/** The bundled market: the image that the build makes of it holds the very same bars. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { barsOfImage, barsOfText } from '../../src/cli/sim-market.ts';
import { ensureBuilt, ROOT } from '../e2e/terminal-session.ts';

describe('the bundled market', () => {
  beforeAll(ensureBuilt, 120_000);

  it('is read from its image as from its text, bar by bar', () => {
    const image = readFileSync(join(ROOT, 'dist', 'data', 'fcpo-1m-start.i32'));
    const bars = barsOfText();
    expect(bars.length).toBe(4_400);
    expect(barsOfImage(image)).toEqual(bars);
  });

  it('is read from its text where the image is of another length or turned round', () => {
    const image = readFileSync(join(ROOT, 'dist', 'data', 'fcpo-1m-start.i32'));
    expect(barsOfImage(image.subarray(0, image.length - 4))).toBeUndefined();
    expect(barsOfImage(Buffer.from(image).swap32())).toBeUndefined();
    expect(barsOfImage(new Uint8Array(0))).toBeUndefined();
  });
});
