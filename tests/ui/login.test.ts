// A login from inside the console: begun by a key, answered by a paste, given up by Esc.
import { describe, expect, it } from 'vitest';
import type { LoginStep } from '../../src/ui/login.ts';
import { Person, start } from '../support/person.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';

const WAITING: LoginStep = {
  state: 'waiting',
  address: 'https://id.example/grant?state=s',
  leftMs: 300_000,
  hint: 'Paste it here.',
};
const person = (extra = {}) =>
  new Person(SITUATIONS.tripped(), start({ canLogin: true, ...extra }));
const waiting = () => person().press('l', 'n').hears(WAITING);

describe('a login from inside the console', () => {
  it('n asks for one, once', () => {
    expect(person().press('l', 'n').ui.login).toMatchObject({ count: 1, wish: { type: 'begin' } });
    expect(waiting().press('n').ui.login.count).toBe(1);
  });

  it.each([
    [{ canLogin: false }, 'no stored login'],
    [{ role: 'observer' as const }, 'only watches'],
  ])('with %j n says why not', (extra, words) => {
    const { ui } = person(extra).press('l', 'n');
    expect([ui.login.count, ui.notice?.text]).toEqual([0, expect.stringContaining(words)]);
  });

  it('a paste is the answer, whole; typed letters are one with Enter', () => {
    const long = `http://localhost:7000/?code=${'x'.repeat(600)}`;
    expect(waiting().paste(long).ui.login.wish).toEqual({ type: 'answer', text: long });
    const typed = waiting().type('a-coda').press('backspace', 'e', 'enter').ui;
    expect(typed.login.wish).toEqual({ type: 'answer', text: 'a-code' });
    expect(typed.dialog).toEqual({ type: 'login', typed: '' });
    expect(waiting().press('enter').ui.notice?.text).toContain('Paste the answer first');
  });

  it('a paste without a login that waits goes nowhere', () => {
    expect(person().press('l').paste('code').ui.login.count).toBe(0);
  });

  it('Tab copies the address, Esc gives up', () => {
    const copied = waiting().press('tab').ui.copied;
    expect(copied).toEqual({ count: 1, text: 'https://id.example/grant?state=s' });
    const left = waiting().press('esc').ui;
    expect([left.dialog, left.login.wish]).toEqual([undefined, { type: 'cancel' }]);
  });

  it('while the broker is asked nothing interrupts, and the end stays to be read', () => {
    const asked = waiting().hears({ state: 'exchanging' }).press('n', 'enter');
    expect(asked.ui.login.count).toBe(1);
    const done = asked.hears({ state: 'done', sentence: 'Logged in.' }).press('enter');
    expect([done.ui.dialog, done.ui.login.step?.state]).toEqual([undefined, 'done']);
  });
});
