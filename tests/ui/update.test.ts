// The screen's own step: every key, every dialog, and that nothing dangerous happens by accident.
import { describe, expect, it } from 'vitest';
import type { Command, Snapshot } from '../../src/engine/index.ts';
import { money, seq, untrusted, volume } from '../../src/engine/index.ts';
import { KEYMAP } from '../../src/ui/keymap.ts';
import { PANELS } from '../../src/ui/layout.ts';
import { THEMES } from '../../src/ui/look.ts';
import { initialUi, type UiState } from '../../src/ui/ui-state.ts';
import { update } from '../../src/ui/update.ts';
import { position, quiet, refused } from '../support/builders-snapshot.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';

const start = (extra: Partial<UiState> = {}): UiState => ({
  ...initialUi({
    columns: 80,
    rows: 24,
    theme: 'dark',
    commandPrefix: 'ui',
    role: 'operator',
    operator: 'ann',
    now: 0,
  }),
  ...extra,
});

/** A person at the keyboard: state, snapshot, everything sent. */
class Person {
  ui: UiState;
  snapshot: Snapshot | undefined;
  readonly sent: Command[] = [];
  now = 0;

  constructor(snapshot: Snapshot | undefined, ui = start()) {
    this.ui = ui;
    this.snapshot = snapshot;
  }

  #take([ui, commands]: readonly [UiState, readonly Command[]]): this {
    this.ui = ui;
    this.sent.push(...commands);
    return this;
  }

  press(...keys: readonly string[]): this {
    for (const key of keys) {
      this.#take(update(this.ui, { type: 'key', key, alone: true, now: this.now }, this.snapshot));
    }
    return this;
  }

  /** All in one packet, as a paste without brackets or a slow link delivers it. */
  burst(...keys: readonly string[]): this {
    for (const key of keys) {
      this.#take(update(this.ui, { type: 'key', key, alone: false, now: this.now }, this.snapshot));
    }
    return this;
  }

  paste(text: string): this {
    return this.#take(update(this.ui, { type: 'paste', text, now: this.now }, this.snapshot));
  }

  sees(snapshot: Snapshot): this {
    this.snapshot = snapshot;
    return this.#take(update(this.ui, { type: 'snapshot', now: this.now }, snapshot));
  }

  waits(ms: number): this {
    this.now += ms;
    return this.#take(update(this.ui, { type: 'tick', now: this.now }, this.snapshot));
  }

  type(word: string): this {
    return this.press(...word);
  }
}

const bodies = (person: Person) => person.sent.map((command) => command.body);

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
