// Account and instrument are exactly what was configured; near ones are named, never taken.
import { describe, expect, it } from 'vitest';
import { chooseAccount, chooseInstrument } from '../../../src/ctrader/session/choice.ts';

const account = (ctidTraderAccountId: string, isLive: boolean, traderLogin = '1') => ({
  ctidTraderAccountId,
  isLive,
  traderLogin,
});
const reason = (choice: { readonly ok: boolean; readonly reason?: string }) => choice.reason ?? '';

describe('account', () => {
  const accounts = [account('10', true), account('11', false, '555')];

  it('F10 never the first: the configured id in the configured environment', () => {
    expect(chooseAccount(accounts, { accountId: '11', environment: 'demo' })).toEqual({
      ok: true,
      value: accounts[1],
    });
    expect(chooseAccount(accounts, { accountId: '10', environment: 'live' }).ok).toBe(true);
    expect(chooseAccount(accounts, { accountId: '10', environment: 'demo' }).ok).toBe(false);
    expect(chooseAccount(accounts, { accountId: '11', environment: 'live' }).ok).toBe(false);
    expect(
      chooseAccount([{ ctidTraderAccountId: '10' }], { accountId: '10', environment: 'demo' }).ok,
    ).toBe(false);
  });

  it('explains a login used as an id, and an id that is not there', () => {
    const byLogin = chooseAccount(accounts, { accountId: '555', environment: 'demo' });
    expect(reason(byLogin)).toBe('555 is the login of an account; its account id is 11');
    expect(reason(chooseAccount(accounts, { accountId: '12', environment: 'demo' }))).toContain(
      'opens 2 account(s)',
    );
  });
});

describe('instrument', () => {
  const symbol = (symbolName: string, description = '', enabled = true) => ({
    symbolId: symbolName,
    symbolName,
    description,
    enabled,
  });
  const broker = [
    symbol('SUGAR', 'Raw sugar'),
    symbol('SUGARRAW', 'Sugar no. 11'),
    symbol('VEGOIL.c', 'Crude palm oil future'),
    symbol('FCPOX', 'Something else'),
    symbol('OLD', 'Palm kernel', false),
  ];

  it('F79 no alias, prefix or description ever picks an instrument', () => {
    const choice = chooseInstrument(broker, 'FCPO', ['PALM', 'CPO']);
    expect(choice.ok).toBe(false);
    expect(reason(choice)).toBe(
      'this broker lists no instrument named FCPO; similar: FCPOX, VEGOIL.c',
    );
  });

  it('F79 says plainly when nothing is similar', () => {
    expect(reason(chooseInstrument([symbol('EURUSD')], 'FCPO', []))).toContain('nothing similar');
  });

  it('the name wins over aliases, exact case over any case', () => {
    const listed = [symbol('palm'), symbol('PALM'), symbol('CPO')];
    expect(chooseInstrument(listed, 'CPO', ['PALM'])).toMatchObject({ value: { symbolId: 'CPO' } });
    expect(chooseInstrument(listed, 'PALM', [])).toMatchObject({ value: { symbolId: 'PALM' } });
    expect(chooseInstrument(listed, 'Palm', []).ok).toBe(false);
    expect(chooseInstrument(listed, 'X', ['cpo'])).toMatchObject({ value: { symbolId: 'CPO' } });
  });
});
