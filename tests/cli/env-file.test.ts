/** Text of `.env` files: what is read, and what is in doubt. */
import { describe, expect, it } from 'vitest';
import { readEnvFile } from '../../src/cli/env-file.ts';

describe('readEnvFile', () => {
  it('reads quotes, comments, export and a byte order mark', () => {
    const text = '\uFEFFA=1\n# B=2\nexport C="x y" # note\nD=\n';
    expect(readEnvFile(text).values).toEqual({ A: '1', C: 'x y', D: '' });
  });

  it('names what stands twice with different values, and only that (F118)', () => {
    const text = 'A=1\nA=2\nB=1\nB=1\nA_LIVE=1\nC="line\nA_LIVE=1"\n';
    expect(readEnvFile(text).contradictions).toEqual(['A']);
  });
});
