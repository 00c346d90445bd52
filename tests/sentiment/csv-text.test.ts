/**
 * Strict comma-separated text: quotes, comments, line numbers, and what breaks a table.
 */
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../src/sentiment/csv-text.ts';

const cells = (text: string) => {
  const table = readCsv(text);
  return table.status === 'broken'
    ? table.reason
    : table.rows.map((row) => [row.line, ...row.cells.values()]);
};

describe('a table', () => {
  it('has quotes, comments, empty lines, either line end, and line numbers', () => {
    expect(cells('a,b\r\n# no\r\n\r\n1,"x, ""y""\nz"\r\n 2 ,\n')).toEqual([
      [4, '1', 'x, "y"\nz'],
      [6, '2', ''],
    ]);
  });

  it('breaks on odd rows, open quotes, doubled names and nothing at all', () => {
    expect(cells('a,b\n1')).toContain('line 2: 1 cells instead of 2');
    expect(cells('a,b\n1,"x')).toContain('quote');
    expect(cells('a,b\n1,"x"y')).toContain('quote');
    expect(cells('a,a\n1,2')).toContain('twice');
    expect(cells('\n# only a comment\n')).toContain('empty');
  });
});
