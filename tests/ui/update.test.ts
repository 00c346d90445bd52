// The screen's own step: every key, every dialog, and that nothing dangerous happens by accident.
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/engine/index.ts';
import { money, seq, untrusted, volume } from '../../src/engine/index.ts';
import { KEYMAP } from '../../src/ui/keymap.ts';
import { PANELS } from '../../src/ui/layout.ts';
import { THEMES } from '../../src/ui/look.ts';
import { update } from '../../src/ui/update.ts';
import { position, quiet, refused } from '../support/builders-snapshot.ts';
import { bodies, Person, start } from '../support/person.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';

it('s asks for the news once, and a refusal says why', () => {
  const person = new Person(quiet()).press('s', 's');
  expect(person.sent.map((one) => one.body)).toEqual([{ type: 'refreshSentiment' }]);
  expect(person.ui.notice?.text).toBe('s: the last question is on its way.');
  const watching = new Person(quiet(), start({ role: 'observer' })).press('s');
  expect(watching.sent).toEqual([]);
});

describe('trading keys', () => {
  it('p pauses at once, because that only reduces risk', () => {
    const person = new Person(quiet()).press('p');
    expect(bodies(person)).toEqual([{ type: 'setTradingState', state: 'reducing' }]);
    expect(person.sent[0]).toMatchObject({ id: 'ui-1', role: 'operator', by: 'ann' });
  });

  it('p resumes only after the word', () => {
    const person = new Person(quiet({ tradingState: 'reducing' })).press('p');
    expect(person.sent).toEqual([]);
    person.type('resume').press('enter');
    expect(bodies(person)).toEqual([{ type: 'setTradingState', state: 'active' }]);
  });

  it('c closes what was shown: position, volume and snapshot (F114)', () => {
    const person = new Person(SITUATIONS.long()).press('c').type('close').press('enter');
    expect(bodies(person)).toEqual([
      { type: 'closePosition', positionId: '70012', seen: { seq: 48_213, volume: 800 } },
    ]);
    expect(person.ui.dialog).toBeUndefined();
  });

  it('f flattens after its own word', () => {
    const flat = new Person(SITUATIONS.long()).press('f').type('flatten').press('enter');
    expect(bodies(flat)).toEqual([{ type: 'flatten' }]);
  });

  it('b, r and a typed reason reset a tripped breaker', () => {
    const person = new Person(SITUATIONS.tripped()).press('b', 'j', 'r');
    person.type('ok').press('enter');
    expect(person.sent).toEqual([]);
    person.type(' checked').press('enter');
    expect(bodies(person)).toEqual([
      { type: 'resetBreaker', breaker: 'LOSS_STREAK', reason: untrusted('ok checked') },
    ]);
  });

  it('a breaker that is not tripped cannot be reset', () => {
    const person = new Person(quiet()).press('b', 'r');
    expect(person.ui.dialog?.type).toBe('breakers');
    expect(person.ui.notice?.text).toContain('not tripped');
  });
});

describe('confirmations (F114)', () => {
  const dangers = [
    ['c', 'close'],
    ['f', 'flatten'],
    ['K', 'stop'],
  ] as const;

  it.each(dangers)('%s held down or followed by Enter never confirms', (key) => {
    const person = new Person(SITUATIONS.long()).press(
      key,
      key,
      key,
      'enter',
      'enter',
      'y',
      'enter',
    );
    expect(person.sent).toEqual([]);
  });

  it.each(dangers)('%s is not confirmed by a paste, with brackets or without', (key, word) => {
    const bracketed = new Person(SITUATIONS.long()).press(key).paste(`${word}\r`).press('enter');
    expect(bracketed.sent).toEqual([]);
    const bare = new Person(SITUATIONS.long()).press(key).burst(...word, 'enter');
    expect(bare.sent).toEqual([]);
    const wordOnly = new Person(SITUATIONS.long())
      .press(key)
      .burst(...word)
      .press('enter');
    expect(wordOnly.sent).toEqual([]);
  });

  it.each(dangers.slice(0, 2))('%s expires after ten seconds', (key, word) => {
    const person = new Person(SITUATIONS.long()).press(key).type(word).waits(10_000);
    expect(person.ui.dialog).toBeUndefined();
    expect(person.ui.notice?.text).toContain('nothing was sent');
    expect(person.press('enter').sent).toEqual([]);
  });

  it('is void when the position has another volume, another state or is gone', () => {
    const changes: readonly Snapshot[] = [
      quiet({ positions: [position({ volume: volume(400) })] }),
      quiet({ positions: [position({ state: 'CLOSING' })] }),
      quiet(),
    ];
    for (const changed of changes) {
      const person = new Person(SITUATIONS.long()).press('c').type('close').sees(changed);
      expect(person.ui.dialog).toBeUndefined();
      expect(person.press('enter').sent).toEqual([]);
    }
  });

  it('stays when only prices move', () => {
    const person = new Person(SITUATIONS.long()).press('c').type('close');
    const moved = quiet({ seq: seq(48_300), positions: [position({ openPnl: money(5) })] });
    person.sees(moved).press('enter');
    expect(bodies(person)).toMatchObject([{ seen: { seq: 48_213 } }]);
  });

  it('Esc and a wrong word send nothing', () => {
    expect(
      new Person(SITUATIONS.long()).press('c').type('close').press('esc', 'enter').sent,
    ).toEqual([]);
    const wrong = new Person(SITUATIONS.long()).press('c').type('clsoe').press('enter');
    expect(wrong.sent).toEqual([]);
    wrong
      .press(...Array.from({ length: 5 }, () => 'backspace'))
      .type('close')
      .press('enter');
    expect(wrong.sent).toHaveLength(1);
  });

  it('does not ask twice while the first is on its way', () => {
    const person = new Person(SITUATIONS.long()).press('c').type('close').press('enter', 'c');
    expect(person.ui.dialog).toBeUndefined();
    expect(person.ui.notice?.text).toContain('on its way');
    person.sees(
      quiet({ positions: [position()], commands: [refused('ui-1', 'position changed')] }),
    );
    expect(person.ui.pending).toEqual([]);
    expect(person.ui.notice?.text).toContain('Refused: close position: position changed');
  });

  it('an accepted close is on its way until the position says otherwise', () => {
    const person = new Person(SITUATIONS.long()).press('f').type('flatten').press('enter');
    const commands = [{ ...refused('ui-1', 'closing'), status: 'accepted' as const }];
    person.sees(quiet({ positions: [position({ state: 'CLOSING' })], commands }));
    expect(person.ui.pending).toHaveLength(1);
    person.sees(quiet({ positions: [], commands }));
    expect([person.ui.pending.length, person.ui.notice?.text]).toEqual([
      0,
      'Done: close everything.',
    ]);
  });

  it('a close refused on its way frees its key again and is not called done', () => {
    const person = new Person(SITUATIONS.long()).press('f').type('flatten').press('enter');
    const commands = [{ ...refused('ui-1', 'closing'), status: 'accepted' as const }];
    person.sees(quiet({ positions: [position({ state: 'PROTECTED' })], commands }));
    expect(person.ui.notice?.text).toContain('Not done: close everything');
    expect(person.press('f').ui.dialog?.type).toBe('confirm');
  });

  it('a refusal with escape sequences is shown without them (F109)', () => {
    const person = new Person(quiet()).press('p');
    person.sees(quiet({ commands: [refused('ui-1', 'no\x1b[2J\x07')] }));
    expect(person.ui.notice?.text).not.toMatch(/[\x00-\x1f]/);
  });
});

describe('disabled keys say why', () => {
  it.each([
    ['c', quiet(), 'there is no position'],
    ['f', quiet(), 'nothing to flatten'],
    ['c', SITUATIONS.unknown(), 'has not named this order yet'],
    ['i', quiet(), 'the broker shows what we believe'],
    ['c', quiet({ positions: [position({ state: 'CLOSING' })] }), 'closing already'],
    ['enter', quiet(), 'no position or order'],
  ] as const)('%s', (key, snapshot, words) => {
    const person = new Person(snapshot).press(key);
    expect(person.sent).toEqual([]);
    expect(person.ui.dialog).toBeUndefined();
    expect(person.ui.notice?.text).toContain(words);
  });

  it('an observer can look at everything and command nothing', () => {
    const person = new Person(SITUATIONS.tripped(), start({ role: 'observer' }));
    person.press('p', 'c', 'f', 'K').press('b', 'r').type('reason').press('enter', 'esc');
    expect(person.sent).toEqual([]);
  });

  it('before the first snapshot nothing can be commanded and every key survives', () => {
    const person = new Person(undefined);
    for (const key of KEYMAP.flatMap((binding) => binding.keys)) person.press(key, 'esc');
    expect(person.sent).toEqual([]);
  });
});

describe('looking and moving', () => {
  it('numbers and Tab walk through the panels', () => {
    for (const [index, panel] of PANELS.entries()) {
      expect(new Person(quiet()).press(String(index + 1)).ui.focus).toBe(panel);
    }
    const person = new Person(quiet()).press('1', 'tab');
    expect(person.ui.focus).toBe('chart');
    expect(person.press('shift-tab', 'shift-tab').ui.focus).toBe('activity');
  });

  it('a ledger that was scrolled keeps its place while news arrive', () => {
    const person = new Person(quiet()).press('w', 'down', 'j', 'pagedown');
    const { anchor } = person.ui;
    expect(anchor.why).toBe(quiet().decisions.at(-8)?.barTime);
    person.sees(quiet({ decisions: [...quiet().decisions] }));
    expect(person.ui.anchor).toEqual(anchor);
    expect(person.press('home').ui.anchor.why).toBeUndefined();
    expect(person.press('down', 'up', 'up').ui.anchor.why).toBeUndefined();
  });

  it('the selection moves through positions and orders and stays inside', () => {
    const { orders } = SITUATIONS.unknown();
    const person = new Person(quiet({ positions: [position()], orders }));
    expect(person.press('down').ui.selected).toBe('o:c-7f3a');
    expect(person.press('down').ui.selected).toBe('o:c-7f3a');
    expect(person.press('up', 'up').ui.selected).toBe('p:70012');
    expect(person.press('enter').ui.dialog).toEqual({ type: 'details', row: 'p:70012' });
  });

  it('/ filters a ledger, Esc clears it, a paste may fill it', () => {
    const person = new Person(quiet()).press('w', '/').type('sent').paste('iment\n');
    expect(person.press('enter').ui.filter).toBe('sentiment ');
    expect(person.press('/', 'esc').ui.filter).toBe('');
  });

  it('z zooms, t goes through the themes, Ctrl-L repaints, ? helps', () => {
    const person = new Person(quiet());
    expect(person.press('z').ui.zoom).toBe(true);
    expect(person.press('z').ui.zoom).toBe(false);
    for (const theme of [...THEMES.slice(1), 'dark'])
      expect(person.press('t').ui.theme).toBe(theme);
    expect(person.press('ctrl-l').ui.repaints).toBe(1);
    expect(person.press('?').ui.dialog?.type).toBe('help');
    expect(person.press('j', 'pagedown', 'k', '?').ui.dialog).toBeUndefined();
  });

  it('resize is only remembered', () => {
    const [ui, commands] = update(
      start(),
      { type: 'resize', columns: 3, rows: 2, now: 5 },
      quiet(),
    );
    expect([ui.columns, ui.rows, commands.length]).toEqual([3, 2, 0]);
  });
});

describe('leaving', () => {
  it('q asks, y leaves, q and Enter do not', () => {
    const person = new Person(SITUATIONS.long()).press('q', 'q', 'enter');
    expect(person.ui.leaving).toBe(false);
    expect(person.press('y').ui.leaving).toBe(true);
    expect(person.sent).toEqual([]);
  });

  it('Ctrl-C asks, a second one leaves, from any dialog', () => {
    expect(new Person(quiet()).press('ctrl-c').ui.leaving).toBe(false);
    expect(new Person(quiet()).press('ctrl-c', 'ctrl-c').ui.leaving).toBe(true);
    expect(new Person(quiet()).press('?', 'ctrl-c', 'ctrl-c').ui.leaving).toBe(true);
    expect(new Person(undefined).press('ctrl-c', 'ctrl-c').ui.leaving).toBe(true);
  });

  it('Esc and n stay', () => {
    expect(new Person(quiet()).press('q', 'n', 'y').ui.leaving).toBe(false);
    expect(new Person(quiet()).press('q', 'esc', 'y').ui.leaving).toBe(false);
  });
});
