// Key m: the checklist, the number typed in full, disarming at once, and the way out of a dry run.
import { describe, expect, it } from 'vitest';
import { type ArmingItem, type Snapshot, wall } from '../../src/engine/index.ts';
import { LIVE_WORD } from '../../src/ui/arming.ts';
import { quiet } from '../support/builders-snapshot.ts';
import { bodies, Person, start } from '../support/person.ts';

const item = (name: ArmingItem['name'], red?: string): ArmingItem => ({
  name,
  ok: red === undefined,
  reason: red ?? 'as it must be',
  remedy: red === undefined ? undefined : 'wait',
});
const GREEN = [item('token'), item('account'), item('clock'), item('journal')];
const unarmed = (checklist: readonly ArmingItem[] = GREEN): Snapshot =>
  quiet({
    environment: 'demo',
    mode: 'live',
    arming: { state: 'unarmed', checklist, armedUntil: undefined, why: 'nobody armed it' },
  });
const armed = (): Snapshot =>
  quiet({
    environment: 'demo',
    mode: 'live',
    arming: { state: 'armed', checklist: GREEN, armedUntil: wall(0), why: undefined },
  });
const LOGIN = quiet().account?.login ?? '';

describe('key m (F114 F119)', () => {
  it('arms with the whole number and Enter by itself', () => {
    const person = new Person(unarmed()).press('m').type(LOGIN);
    expect(person.sent).toEqual([]);
    person.press('enter');
    expect(bodies(person)).toEqual([{ type: 'arm', account: LOGIN }]);
    expect(person.ui.dialog).toBeUndefined();
  });

  it('held down, pasted, in one packet or incomplete it arms nothing', () => {
    const held = new Person(unarmed()).press('m', 'm', 'm', 'enter', 'enter');
    expect(held.sent).toEqual([]);
    const pasted = new Person(unarmed()).press('m').paste(LOGIN).press('enter');
    expect(pasted.sent).toEqual([]);
    const burst = new Person(unarmed()).press('m').burst(...LOGIN, 'enter');
    expect(burst.press('enter').sent).toEqual([]);
    const short = new Person(unarmed()).press('m').type(LOGIN.slice(1)).press('enter');
    expect(short.sent).toEqual([]);
  });

  it('with a red item says which, and arms nothing', () => {
    const red = unarmed([item('token'), item('breakers', 'tripped: KILL')]);
    const person = new Person(red).press('m').type(LOGIN).press('enter');
    expect(person.sent).toEqual([]);
    expect(person.ui.notice?.text).toBe('Not yet: breakers: tripped: KILL; wait.');
  });

  it('what was typed ten seconds ago is typed again', () => {
    const person = new Person(unarmed()).press('m').type(LOGIN);
    person.now += 10_000;
    person.press('enter');
    expect(person.sent).toEqual([]);
  });

  it('disarms at once when armed, and an observer neither arms nor disarms', () => {
    expect(bodies(new Person(armed()).press('m'))).toEqual([{ type: 'disarm' }]);
    const watcher = start({ role: 'observer' });
    expect(new Person(armed(), watcher).press('m').sent).toEqual([]);
    expect(new Person(unarmed(), watcher).press('m').type(LOGIN).press('enter').sent).toEqual([]);
  });

  it('in a dry run takes the word, where the engine can begin again', () => {
    const stays = new Person(quiet()).press('m').type(LIVE_WORD).press('enter');
    expect(stays.ui.goingLive).toBe(false);
    const goes = new Person(quiet(), start({ canGoLive: true })).press('m').type(LIVE_WORD);
    expect(goes.ui.goingLive).toBe(false);
    expect(goes.press('enter').ui.goingLive).toBe(true);
    expect(goes.sent).toEqual([]);
  });

  it('a live run asks by itself, once', () => {
    const person = new Person(undefined, start({ asksArming: true })).sees(unarmed());
    expect(person.ui.dialog?.type).toBe('arming');
    expect(person.press('esc').sees(unarmed()).ui.dialog).toBeUndefined();
  });
});
