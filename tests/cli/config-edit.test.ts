/** One change of the configuration file: what is written would also be read, and no secret is. */
import { describe, expect, it } from 'vitest';
import { edit } from '../../src/cli/config-edit.ts';

const path = '/home/ann/.config/palm-oil-tui/config.json';
const set = (text: string | undefined, name: string, value?: string) =>
  edit({ path, text }, { name, value });
const fault = (name: string, value: string, text = '{}'): string => {
  const result = set(text, name, value);
  return result.status === 'refused' ? result.faults.join(' ') : '';
};

describe('a setting', () => {
  it('is written into a new file, and changes nothing else in an old one', () => {
    expect(set(undefined, 'rsi_period', '21')).toEqual({
      status: 'edited',
      name: 'RSI_PERIOD',
      text: '{\n  "RSI_PERIOD": 21\n}\n',
    });
    const old = '{"SYMBOL_ALIASES": ["FCPO", "CPO"], "RSI_PERIOD": 14}';
    const whole = { SYMBOL_ALIASES: ['FCPO', 'CPO'], RSI_PERIOD: 14, SYMBOL: 'FCPO' };
    expect(set(old, 'SYMBOL', 'FCPO')).toMatchObject({
      text: `${JSON.stringify(whole, null, 2)}\n`,
    });
  });

  it('keeps the spelling of numbers that would lose something', () => {
    expect(set('{}', 'CTRADER_ACCOUNT_ID', '9007199254740993')).toMatchObject({
      text: '{\n  "CTRADER_ACCOUNT_ID": "9007199254740993"\n}\n',
    });
  });

  it('is removed, also one that is no setting at all', () => {
    expect(set('{"RSI_PERIOD": 21, "SYMBOL": "X"}', 'rsi_period')).toMatchObject({
      text: '{\n  "SYMBOL": "X"\n}\n',
    });
    expect(set('{"RSI_PEROID": 21}', 'RSI_PEROID')).toMatchObject({ text: '{}\n' });
    expect(set('{}', 'SYMBOL')).toEqual({ status: 'unchanged', name: 'SYMBOL' });
    expect(set('{}', 'SYMBL')).toMatchObject({ status: 'refused' });
  });
});

describe('refused is', () => {
  it('a value that the row does not allow, a comma, a name that is none', () => {
    expect(fault('RSI_PERIOD', '0')).toMatch(/^RSI_PERIOD: "0" is not allowed; allowed is /);
    expect(fault('RISK_PER_TRADE', '1,5')).toContain('Write a decimal point.');
    expect(fault('RSI_PEROID', '14')).toBe(
      '"RSI_PEROID" is not a setting: did you mean RSI_PERIOD?',
    );
    expect(fault('mode', 'live')).toBe('"mode" is only for the command line: --mode');
  });

  it('every secret, with the place where it belongs, and its value is not repeated (F99)', () => {
    for (const name of [
      'CTRADER_CLIENT_SECRET',
      'ctrader_access_token_live',
      'PERPLEXITY_API_KEY',
    ]) {
      const said = fault(name, 'canary-value');
      expect(said).toContain('.env');
      expect(said).not.toContain('canary');
    }
  });

  it('a pair that makes no sense together', () => {
    expect(fault('RSI_OVERSOLD', '48', '{"RSI_OVERBOUGHT": 45}')).not.toBe('');
    expect(fault('STOP_LOSS_PERCENT', '9.5', '{"MAX_DAILY_LOSS_PERCENT": 2}')).not.toBe('');
  });

  it('any change of a file that cannot be read', () => {
    expect(fault('SYMBOL', 'X', '{')).toContain('is not valid JSON: repair it first');
    expect(fault('SYMBOL', 'X', '[]')).toContain('must hold one JSON object');
    expect(fault('SYMBOL', 'X', '{"SYMBOL": "A", "SYMBOL": "B"}')).toContain('stands twice');
  });
});
