/** The rules a person writes, through the door that both `run` and `simulator` use. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../src/cli/fault-script.ts';

const frame = { direction: 'out', name: 'ProtoOASpotEvent', count: 9, countOfName: 2 } as const;

describe('faults of the simulated link', () => {
  it('are rules, or a file of them, or none', () => {
    const rules = '@2 out ProtoOASpotEvent#2 close';
    const directory = mkdtempSync(join(tmpdir(), 'palm-oil-faults-'));
    const file = join(directory, 'faults.txt');
    writeFileSync(file, `# a remark\n${rules}\n`);
    for (const text of [rules, file]) {
      const script = faultsOf(text);
      if (typeof script !== 'function') throw new Error(String(script));
      expect(script(1)?.(frame)).toBeUndefined();
      expect(script(2)?.(frame)).toEqual({ type: 'close' });
    }
    expect(faultsOf(undefined)).toBeUndefined();
    rmSync(directory, { recursive: true });
  });

  it('that are none are refused with the form', () => {
    expect(faultsOf('out ProtoOASpotEvent explode')).toMatch(/is no fault\. Write \[@CONNECTION\]/);
  });
});
