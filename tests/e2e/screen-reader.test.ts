/** The built program as a screen reader hears it, through a real pseudo-terminal. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt, freshHome, TerminalSession } from './terminal-session.ts';

beforeAll(ensureBuilt);

let home: ReturnType<typeof freshHome>;
let session: TerminalSession | undefined;
beforeEach(() => {
  home = freshHome();
});
afterEach(async () => {
  await session?.close();
  session = undefined;
  home.remove();
});

/** Everything but lines and the brackets of pastes. */
const OTHER = /[\x00-\x09\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\x1b(?!\[\?2004[hl])/;

describe('--screen-reader', () => {
  it('speaks a run on a dumb terminal in lines alone, and ends clean (I26)', async () => {
    const args = ['--screen-reader', '--seed', '7', '--speed', '600', '--no-bell'];
    const env = { TERM: 'dumb' };
    const reader = new TerminalSession({ args, cols: 100, rows: 40, home: home.path, env });
    session = reader;
    let bytes = '';
    reader.onBytes((text) => {
      bytes += text;
    });
    const heard = (what: RegExp) => reader.waitUntil(() => what.test(bytes), String(what));
    await heard(/State at .* FCPO/);
    await heard(/link READY/);
    await heard(/decision: no /);
    reader.keys('5');
    await heard(/Account:\r?\nbalance 50,000\.00 MYR/);
    reader.keys('K');
    await heard(/ALERT, dialog: Panic ladder/);
    for (const key of 'stop') {
      reader.keys(key);
      const word = 'stop'.slice(0, 'stop'.indexOf(key) + 1);
      // News may follow the echo at once: the word ends a line then.
      await heard(new RegExp(`${word}\\r?$`, 'm'));
    }
    reader.keys('\r');
    await heard(/ALERT: KILL tripped/);
    await heard(/proven: entries are blocked: breaker KILL/);
    reader.keys('\u0003');
    await heard(/Leave\?/);
    reader.keys('y');
    expect((await reader.ended()).code).toBe(0);
    expect(bytes).toContain('palm-oil-tui stopped');
    expect(OTHER.exec(bytes)?.index, JSON.stringify(bytes.slice(0, 400))).toBeUndefined();
  });
});
