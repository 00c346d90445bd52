// A secret shows a mask in every accidental way of printing it (I23).
import { format, inspect } from 'node:util';
import { expect, it } from 'vitest';
import { secret } from '../../src/ctrader/secret.ts';

it('I23 prints as a fixed mask and is revealed only on purpose', () => {
  const token = secret('super-secret-token');
  const shown = [
    String(token),
    `${token}`,
    JSON.stringify({ token }),
    inspect({ token }, { showHidden: true, depth: 5 }),
    format('%s %o %j', token, token, token),
    Object.values(token).join(),
  ];
  for (const text of shown) expect(text).not.toContain('super-secret');
  expect(String(token)).toBe('[secret]');
  expect(String(secret('x'))).toBe(String(token));
  expect(token.reveal()).toBe('super-secret-token');
});
