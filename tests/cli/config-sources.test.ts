/** Where text comes from, and which names hold secrets. Precedence: config-resolve.test.ts. */
import { describe, expect, it } from 'vitest';
import { SETTING_ROWS } from '../../src/cli/config-schema.ts';
import { collect, isSecretName } from '../../src/cli/config-sources.ts';

describe('secret names (F99)', () => {
  it('are all secrets of the table, and what looks like one of ours', () => {
    const names = SETTING_ROWS.flatMap(({ row }) => (row.kind.secret ? row.env : []));
    expect(names.length).toBeGreaterThanOrEqual(5);
    expect(names.every((name) => isSecretName(name ?? ''))).toBe(true);
    expect(isSecretName('CTRADER_REFRESH_TOKEN')).toBe(true);
    expect(isSecretName('CTRADER_ACCOUNT_ID')).toBe(false);
    expect(isSecretName('CTRADER_TOKEN_URL')).toBe(false);
    expect(isSecretName('GITHUB_TOKEN')).toBe(false);
  });

  it('no secret has a flag', () => {
    const flagged = SETTING_ROWS.filter(({ row }) => row.kind.secret && row.flag !== undefined);
    expect(flagged).toEqual([]);
  });
});

describe('collect', () => {
  it('a list in the file is one text', () => {
    const text = JSON.stringify({
      SYMBOL_ALIASES: ['A', 'B'],
      TREND_FILTER: false,
      EMA_PERIOD: 20,
    });
    const { found, faults } = collect({ options: {}, env: {}, configFile: { path: 'c', text } });
    expect(faults).toEqual([]);
    expect(found.get('symbolAliases')?.text).toBe('A,B');
    expect(found.get('trendFilter')?.text).toBe('false');
    expect(found.get('emaPeriod')?.text).toBe('20');
  });

  it('an empty file is no file', () => {
    const { found, faults } = collect({
      options: {},
      env: {},
      configFile: { path: 'c', text: '' },
    });
    expect([found.size, faults]).toEqual([0, []]);
  });
});
