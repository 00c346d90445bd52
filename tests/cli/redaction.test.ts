/** What leaves the machine in a support bundle: no secret in any spelling, no account, no money. */
import { expect, it } from 'vitest';
import { redactor } from '../../src/cli/redaction.ts';

const parts = {
  secrets: ['canary+secret/1'],
  accounts: ['1234567'],
  home: '/home/ann',
  withAmounts: false,
};

it('a known secret goes, plain, quoted, in an address and in base64 (I23)', () => {
  const raw = 'canary+secret/1';
  const shown = JSON.stringify(
    redactor(parts)({
      a: raw,
      b: encodeURIComponent(raw),
      c: [Buffer.from(raw).toString('base64')],
    }),
  );
  expect(shown).toBe('{"a":"[secret]","b":"[secret]","c":["[secret]"]}');
});

it.each([
  ['authorization: Bearer abc.def-123', 'abc.def'],
  ['GET /apps/token?grant_type=x&refresh_token=rrr111', 'rrr111'],
  ['https://ann:pass99@example.org/', 'pass99'],
  ['{"access_token":"ttt222"}', 'ttt222'],
  ['https://api.telegram.org/bot123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/send', 'AAAAAA'],
  ['key pplx-0123456789abcdef', '0123456789abcdef'],
  ['eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl', 'eyJzdWIi'],
])('%s loses what looks like a secret', (text, canary) => {
  expect(redactor(parts)(text)).not.toContain(canary);
});

it('account numbers and the home directory go', () => {
  expect(redactor(parts)('/home/ann/x/demo-1234567-dry-run')).toBe('~/x/demo-[account]-dry-run');
});

it('amounts go by field and in sentences, unless they are asked for', () => {
  const told = { balance: '50000.00', text: 'net -1,250.50 MYR, RSI 31.2', n: 7, netProfit: 12 };
  expect(redactor(parts)(told)).toEqual({
    balance: '[amount]',
    text: 'net [amount], RSI 31.2',
    n: 7,
    netProfit: '[amount]',
  });
  expect(redactor({ ...parts, withAmounts: true })(told)).toEqual(told);
});

it('a login nobody told us goes by the name of its field, amounts asked for or not', () => {
  const status = { account: '77001', link: { login: 88002 }, accounts: 1 };
  const safe = { account: '[account]', link: { login: '[account]' }, accounts: 1 };
  expect(redactor(parts)(status)).toEqual(safe);
  expect(redactor({ ...parts, withAmounts: true })(status)).toEqual(safe);
});
