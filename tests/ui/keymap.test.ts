// The one table of keys: no key twice, every binding explained, documentation generated from it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bindingOf, bindingsOn, KEY_GROUPS, KEYMAP, keysMarkdown } from '../../src/ui/keymap.ts';
import { CONFIRM_WORD } from '../../src/ui/ui-state.ts';
import { quiet } from '../support/builders-snapshot.ts';
import { uiAt } from '../support/panel-text.ts';

/** A recording knows every key, even if only to say why it does nothing. */
const played = uiAt({ playback: { state: 'playing', speed: 60 } });

it('gives every key to one binding and every binding words', () => {
  const keys = KEYMAP.flatMap((binding) => binding.keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(KEYMAP.map((binding) => binding.id)).size).toBe(KEYMAP.length);
  for (const binding of KEYMAP) {
    expect(binding.words.length).toBeGreaterThan(3);
    expect(KEY_GROUPS.map(([group]) => group)).toContain(binding.group);
    for (const key of binding.keys) expect(bindingOf(key, played)).toBe(binding);
  }
});

it('tells the keys of a recording only there, and there none that commands', () => {
  const groups = (ui = uiAt()) => new Set(bindingsOn(quiet(), ui).map(({ group }) => group));
  expect([...groups()]).toEqual(['trade', 'look', 'move', 'program']);
  expect([...groups(played)]).toEqual(['replay', 'look', 'move', 'program']);
  expect(bindingsOn(quiet(), played).map(({ id }) => id)).not.toContain('news');
  expect(bindingOf(' ', uiAt())).toBeUndefined();
});

it('puts nothing dangerous on Esc, which terminals also send by accident', () => {
  expect(bindingOf('esc', played)).toBeUndefined();
});

it('asks for words that differ from the key that opened the question (F114)', () => {
  for (const word of Object.values(CONFIRM_WORD)) {
    expect(word.length).toBeGreaterThan(3);
    expect(bindingOf(word, played)).toBeUndefined();
  }
});

it('is what docs/keys.md says (npm run docs)', () => {
  const document = readFileSync(
    fileURLToPath(new URL('../../docs/keys.md', import.meta.url)),
    'utf8',
  );
  expect(document).toContain(
    `<!-- generated:keys -->\n\n${keysMarkdown().trimEnd()}\n\n<!-- end:keys -->`,
  );
  for (const binding of KEYMAP) expect(keysMarkdown()).toContain(`| \`${binding.label}\` |`);
});
