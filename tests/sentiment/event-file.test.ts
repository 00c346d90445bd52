/**
 * The event file: every word is checked, one wrong line refuses the file.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readEventFile } from '../../src/sentiment/event-file.ts';

const HEAD = 'kind,name,basis,when,time,zone,before_min,after_min,note\n';
const faultsOf = (line: string) => {
  const read = readEventFile(HEAD + line);
  return read.status === 'read' ? 'read' : read.faults.join();
};
const KL = 'Asia/Kuala_Lumpur';

describe('an event file', () => {
  it.each([
    [`stocks,MPOB,rule,monthly 10 next-business-day,12:30,${KL},60,60,`],
    [`usda,WASDE,fact,2025-01-10,12:00,America/New_York,30,60,"a, b"`],
    [`usda,Sales,rule,weekly thursday,08:30,America/New_York,15,15,`],
    [`holiday,King,rule,nth 1st monday 6,,${KL},0,0,`],
    [`holiday,New Year,rule,yearly 01-01 sunday-to-monday,,${KL},0,0,`],
    [`holiday,Raya,expected,2026-03-20,,${KL},0,0,`],
  ])('knows %s', (line) => {
    expect(faultsOf(line)).toBe('read');
  });

  it.each([
    [`party,X,fact,2025-01-10,12:30,${KL},0,0,`, 'kind'],
    [`stocks,,fact,2025-01-10,12:30,${KL},0,0,`, 'name'],
    [`stocks,X\u001B[2J,fact,2025-01-10,12:30,${KL},0,0,`, 'name'],
    [`stocks,X,maybe,2025-01-10,12:30,${KL},0,0,`, 'basis'],
    [`stocks,X,rule,2025-01-10,12:30,${KL},0,0,`, 'a rule repeats'],
    [`stocks,X,fact,monthly 10,12:30,${KL},0,0,`, 'a rule repeats'],
    [`stocks,X,fact,2025-02-30,12:30,${KL},0,0,`, 'when'],
    [`stocks,X,rule,monthly 32,12:30,${KL},0,0,`, 'when'],
    [`stocks,X,rule,monthly 10 someday,12:30,${KL},0,0,`, 'when'],
    [`stocks,X,rule,nth 6 monday 6,12:30,${KL},0,0,`, 'when'],
    [`stocks,X,fact,2025-01-10,24:30,${KL},0,0,`, 'time'],
    [`stocks,X,fact,2025-01-10,,${KL},0,0,`, 'holidays have no time'],
    [`holiday,X,fact,2025-01-10,12:30,${KL},0,0,`, 'holidays have no time'],
    [`stocks,X,fact,2025-01-10,12:30,KL,0,0,`, 'zone'],
    [`stocks,X,fact,2025-01-10,12:30,${KL},-5,0,`, 'windows'],
    [`stocks,X,fact,2025-01-10,12:30,${KL},0,9999,`, 'windows'],
    [`stocks,X,fact`, 'cells'],
  ])('refuses %s', (line, word) => {
    expect(faultsOf(line)).toContain(word);
  });

  it('needs its columns in order', () => {
    expect(readEventFile('name,kind\na,b').status).toBe('invalid');
  });

  it('shipped for palm oil is valid and says of every line what it rests on', () => {
    const file = new URL('../../data/events/fcpo.csv', import.meta.url);
    const read = readEventFile(readFileSync(file, 'utf8'));
    if (read.status !== 'read') throw new Error(read.faults.join('\n'));
    const bases = new Set(read.lines.map((line) => line.basis));
    expect([...bases].sort()).toEqual(['expected', 'fact', 'rule']);
    expect(new Set(read.lines.map((line) => line.kind))).toEqual(
      new Set(['stocks', 'exports', 'usda', 'holiday']),
    );
  });
});
