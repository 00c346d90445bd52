// What keys mean in dialogs: the ladder, the palette, the inbox, verdicts, details.
import { describe, expect, it } from 'vitest';
import { type Snapshot, untrusted } from '../../src/engine/index.ts';
import { update } from '../../src/ui/update.ts';
import { quiet } from '../support/builders-snapshot.ts';
import { bodies, Person, start } from '../support/person.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';

describe('the panic ladder', () => {
  const climbed = (word: string, snapshot: Snapshot) =>
    new Person(snapshot).press('K').type(word).press('enter');

  it('stop trips the kill switch, and stays open to show the proof', () => {
    const person = climbed('stop', SITUATIONS.long());
    expect(bodies(person)).toEqual([{ type: 'kill', flatten: false }]);
    expect(person.ui.dialog).toMatchObject({ type: 'ladder', typed: '' });
  });

  it('a rung does all above it, and cancels what the broker has named', () => {
    expect(bodies(climbed('flatten', SITUATIONS.long()))).toEqual([
      { type: 'kill', flatten: false },
      { type: 'setTradingState', state: 'reducing' },
      { type: 'flatten' },
    ]);
    expect(bodies(climbed('cancel', SITUATIONS.differing()))).toContainEqual({
      type: 'cancelOrder',
      brokerOrderId: '551',
    });
  });

  it('stays whatever changes, and sends again only what is not proven', () => {
    const person = new Person(SITUATIONS.long()).press('K').type('reduce').sees(quiet());
    expect(person.press('enter').sent).toHaveLength(2);
    const paused = new Person(SITUATIONS.tripped()).press('K').type('reduce').press('enter');
    expect(bodies(paused)).toEqual([{ type: 'kill', flatten: false }]);
  });

  it('forgets a word that was left standing, and sends nothing to watch', () => {
    const person = new Person(SITUATIONS.long()).press('K').type('stop').waits(10_000);
    expect(person.press('enter').sent).toEqual([]);
    expect(person.ui.dialog).toMatchObject({ type: 'ladder', typed: '' });
  });
});

describe('a question whose word was typed', () => {
  it.each(['c', 'f'])('%s is not confirmed by an Enter that came with other keys (F114)', (key) => {
    const typed = () =>
      new Person(SITUATIONS.long()).press(key).type(key === 'c' ? 'close' : 'flatten');
    expect(typed().burst('enter', 'enter').sent).toEqual([]);
    expect(typed().burst('esc', 'enter').sent).toEqual([]);
    expect(typed().press('enter').sent.length).toBeGreaterThan(0);
  });

  it('no rung of the ladder is either', () => {
    const typed = () => new Person(SITUATIONS.long()).press('K').type('stop');
    expect(typed().burst('enter', 'enter').sent).toEqual([]);
    expect(typed().press('enter').sent).toHaveLength(1);
  });
});

describe('the palette', () => {
  it('finds an action by letters of its words and does what its key does', () => {
    const person = new Person(quiet()).press(':').type('pauseres').press('enter');
    expect(bodies(person)).toEqual([{ type: 'setTradingState', state: 'reducing' }]);
    const panel = new Person(quiet()).press(':').type('panel sig').press('enter');
    expect([panel.ui.focus, panel.ui.dialog]).toEqual(['signal', undefined]);
  });

  it('a danger opens its question, nothing more', () => {
    const person = new Person(SITUATIONS.long()).press(':').type('everything').press('enter');
    expect(person.ui.dialog).toMatchObject({ type: 'confirm', danger: { type: 'flatten' } });
    expect(person.sent).toEqual([]);
  });

  it('what does not work now says why and keeps the palette open', () => {
    const person = new Person(quiet()).press(':').type('everything').press('enter');
    expect(person.ui.dialog?.type).toBe('palette');
    expect(person.ui.notice?.text).toContain('nothing to flatten');
  });

  it('a paste runs nothing (F114)', () => {
    expect(new Person(quiet()).press(':').burst(...'pause', 'enter').sent).toEqual([]);
    expect(new Person(quiet()).press(':').type('zzzq').press('enter').ui.dialog?.type).toBe(
      'palette',
    );
  });

  it('arrows choose, typing begins at the best again', () => {
    const person = new Person(quiet()).press(':', 'down', 'down', 'up');
    expect(person.ui.dialog).toMatchObject({ index: 1 });
    expect(person.type('t').ui.dialog).toMatchObject({ index: 0 });
  });
});

describe('inbox, verdicts and cancels', () => {
  it('v and a typed reason rule on an order without proof', () => {
    const person = new Person(SITUATIONS.differing()).press('i', 'v').type('not there');
    person.press('enter');
    expect(bodies(person)).toEqual([
      {
        type: 'verdict',
        ruling: { type: 'absent', orderId: 'c-7f3a' },
        reason: untrusted('not there'),
      },
    ]);
    expect(person.ui.dialog?.type).toBe('inbox');
  });

  it('adopts a position with our label, and says where nothing can be ruled', () => {
    const person = new Person(SITUATIONS.differing()).press('i', 'j', 'v').type('mine');
    expect(bodies(person.press('enter'))).toMatchObject([
      { ruling: { type: 'adopt', positionId: '70044' } },
    ]);
    const none = new Person(SITUATIONS.differing()).press('i', 'j', 'j', 'v');
    expect(none.ui.notice?.text).toContain('the program does this by itself');
    const early = new Person(SITUATIONS.unknown()).press('i', 'v');
    expect(early.ui.notice?.text).toContain('may still be proven');
  });

  it('a verdict is void when the order is proven meanwhile (F114)', () => {
    const person = new Person(SITUATIONS.differing()).press('i', 'v').type('not there');
    person.sees(quiet());
    expect(person.ui.notice?.text).toContain('has changed');
    expect(person.press('enter').sent).toEqual([]);
  });

  it('c cancels a named order after its word, from the table and from the inbox', () => {
    const table = new Person(SITUATIONS.differing()).press('down', 'c').type('cancel');
    expect(bodies(table.press('enter'))).toEqual([{ type: 'cancelOrder', brokerOrderId: '551' }]);
    const inbox = new Person(SITUATIONS.differing()).press('i', 'j', 'j', 'j', 'c').type('cancel');
    expect(bodies(inbox.press('enter'))).toEqual([{ type: 'cancelOrder', brokerOrderId: '552' }]);
  });

  it('an observer rules on nothing', () => {
    const watching = start({ role: 'observer' });
    const person = new Person(SITUATIONS.differing(), watching).press('i', 'v').type('reason');
    expect(person.press('enter', 'c').sent).toEqual([]);
  });
});

describe('details', () => {
  it('Enter explains the top decision, and walks to older ones', () => {
    const person = new Person(quiet()).press('w', 'enter');
    const { decisions } = quiet();
    expect(person.ui.dialog).toEqual({ type: 'explain', barTime: decisions.at(-1)?.barTime });
    person.press('j', 'j', 'k');
    expect(person.ui.dialog).toEqual({ type: 'explain', barTime: decisions.at(-2)?.barTime });
    expect(person.press('enter').ui.dialog).toBeUndefined();
  });

  it('Enter shows an entry of the activity, the breakers, or the account', () => {
    expect(new Person(quiet()).press('8', 'enter').ui.dialog?.type).toBe('entry');
    expect(new Person(quiet()).press('6', 'enter').ui.dialog?.type).toBe('breakers');
    expect(new Person(quiet()).press('5', 'enter').ui.dialog?.type).toBe('login');
    expect(new Person(quiet()).press('l').ui.dialog?.type).toBe('login');
  });

  it('a reset returns to the breakers and shows its refusal there', () => {
    const person = new Person(SITUATIONS.tripped()).press('b', 'r').type('checked');
    person.press('enter');
    expect(person.ui.dialog).toEqual({ type: 'breakers', index: 0, asked: 'ui-1' });
  });

  it('a reset is void when the breaker cleared meanwhile (F114)', () => {
    const person = new Person(SITUATIONS.tripped()).press('b', 'r').type('checked').sees(quiet());
    expect(person.press('enter').sent).toEqual([]);
  });
});

describe('held keys and a changing terminal (F114)', () => {
  it('thirty presses a second of the opening key, then of Enter, send nothing', () => {
    for (const key of ['c', 'f', 'K', 'p', ':', 'b', 'i', 'q', 'l']) {
      const person = new Person(SITUATIONS.tripped());
      const sentBefore = person.sent.length;
      for (let press = 0; press < 300; press += 1) person.press(key).waits(33);
      for (let press = 0; press < 60; press += 1) person.press('enter').waits(33);
      expect([key, person.sent.length - sentBefore, person.ui.leaving]).toEqual([key, 0, false]);
    }
  });

  it('a resize in the middle of a question keeps it and what was typed', () => {
    for (const keys of [['K'], ['f'], [':'], ['i', 'v'], ['b', 'r']]) {
      const situation = keys[0] === 'i' ? SITUATIONS.differing() : SITUATIONS.tripped();
      const person = new Person(situation).press(...keys).type('fla');
      const [after] = update(
        person.ui,
        { type: 'resize', columns: 50, rows: 9, now: person.now },
        situation,
      );
      expect(after.dialog).toEqual(person.ui.dialog);
      expect(after.dialog).toMatchObject({ typed: 'fla' });
    }
  });
});
