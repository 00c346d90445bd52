// Which errors prove that nothing was executed: the list of the safety rules, name by name.
import { describe, expect, it } from 'vitest';
import { errorCourse, errorRow, KNOWN_ERRORS } from '../../src/ctrader/errors.ts';
import { ProtoErrorCode, ProtoOAErrorCode } from '../../src/ctrader/wire/schema.gen.ts';

const DEFINITIVE = [
  ...['TRADING_BAD_VOLUME', 'TRADING_BAD_STOPS', 'TRADING_BAD_PRICES', 'TRADING_BAD_STAKE'],
  ...['TRADING_BAD_EXPIRATION_DATE', 'PROTECTION_IS_TOO_CLOSE_TO_MARKET', 'NOT_ENOUGH_MONEY'],
  ...['MAX_EXPOSURE_REACHED', 'TOO_MANY_POSITIONS', 'SHORT_SELLING_NOT_ALLOWED'],
  ...['TRADING_DISABLED', 'TRADING_NOT_ALLOWED', 'MARKET_CLOSED', 'NO_QUOTES'],
  ...['SYMBOL_HAS_HOLIDAY', 'UNKNOWN_SYMBOL', 'SYMBOL_NOT_FOUND', 'INVALID_REQUEST'],
  ...['UNSUPPORTED_MESSAGE', 'FRAME_TOO_LONG', 'CH_CLIENT_NOT_AUTHENTICATED'],
  ...['ACCOUNT_NOT_AUTHORIZED', 'REQUEST_FREQUENCY_EXCEEDED', 'BLOCKED_PAYLOAD_TYPE'],
  'CHANNEL_IS_BLOCKED',
];

describe('errors', () => {
  it('5.4 exactly these are definitive', () => {
    const definitive = KNOWN_ERRORS.filter((code) => errorRow(code).definitive);
    expect([...definitive].sort()).toEqual([...DEFINITIVE].sort());
  });

  it('every published name has a row with words and advice', () => {
    for (const code of [...Object.keys(ProtoErrorCode), ...Object.keys(ProtoOAErrorCode)]) {
      expect(KNOWN_ERRORS, code).toContain(code);
      expect(errorRow(code).words.length, code).toBeGreaterThan(3);
      expect(errorRow(code).advice.length, code).toBeGreaterThan(2);
    }
  });

  it('5.4 a name we do not know is ambiguous, also names of object properties', () => {
    for (const code of ['BRAND_NEW', '', '103', 'constructor', '__proto__']) {
      expect(errorRow(code).definitive, code).toBe(false);
    }
  });

  it('F20 texts are compared as whole sentences', () => {
    expect(errorCourse('INVALID_REQUEST', 'Trading account is not authorized')).toBe('account');
    expect(errorCourse('INVALID_REQUEST', 'Already subscribed to symbol 42.')).toBe('already');
    expect(errorCourse('INVALID_REQUEST', 'x Trading account is not authorized x')).toBe('request');
    expect(errorCourse('INVALID_REQUEST', undefined)).toBe('request');
    expect(errorCourse('OTHER', 'Trading account is not authorized')).toBe('request');
  });
});
