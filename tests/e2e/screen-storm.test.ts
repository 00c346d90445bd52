/** What people and links do to a screen, through a real pseudo-terminal. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ScreenReport } from '../support/screen-child.ts';
import { ScriptedScreen } from '../support/scripted-screen.ts';

/** One process for all: whatever a test did, the next one begins without a dialog. */
let shared: ScriptedScreen;
beforeAll(async () => {
  shared = new ScriptedScreen();
  await shared.session.waitFor(/PROTECTED/);
});
afterEach(async () => {
  const { session } = shared;
  if (BOX.test(session.screen())) session.keys('\u001b');
  await session.waitUntil(() => !BOX.test(session.screen()), 'the dialog to go');
});
afterAll(() => shared.close());

const BOX = /╭/;
/** What every dangerous question asks for. */
const ASKING = /type (close|flatten)|word of a rung/i;

const commands = async () => (await shared.until(() => true, 'a report')).commands;
/** Nothing that was sent before the call is still on its way afterwards. */
async function settled(): Promise<void> {
  const seen = (await shared.until(() => true, 'a report')).turns;
  await shared.until((one) => one.turns > seen + 50, 'later');
}

/** A key held down: the terminal sends it about thirty times a second. */
const REPEAT_MS = 33;
async function hold(key: string, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    shared.session.keys(key);
    await new Promise((resolve) => setTimeout(resolve, REPEAT_MS));
  }
}

describe('dialogs', () => {
  it.each(['c', 'f', 'K'])(
    '%s held down, then Enter held down, sends nothing (F114)',
    async (key) => {
      await hold(key, 20);
      await shared.session.waitFor(ASKING);
      await hold('\r', 20);
      await shared.session.waitFor(ASKING);
      await settled();
      expect(await commands()).toEqual([]);
    },
  );

  it('a paste with the word and Enter sends nothing, bracketed or not (F114)', async () => {
    const { session } = shared;
    session.keys('f');
    await session.waitFor(/Close everything/);
    session.keys('\u001b[200~flatten\r\u001b[201~');
    await session.waitFor(/Pasted text never confirms/);
    session.keys('flatten\r');
    session.keys('\u001b');
    await session.waitUntil(() => !/Close everything/.test(session.screen()), 'the dialog to go');
    await settled();
    expect(await commands()).toEqual([]);
  });

  it('a question about a position that changes is void (F114)', async () => {
    const { session } = shared;
    session.keys('c');
    await session.waitFor(/Close this position/);
    session.keys('close');
    session.kill('SIGUSR2');
    await session.waitFor(/has changed: nothing was sent/);
    session.keys('\r');
    await settled();
    expect(await commands()).toEqual([]);
  });

  it('unknown keys do nothing', async () => {
    const { session } = shared;
    const place = () => session.lines().filter((line) => /PROTECTED|Positions|Chart/.test(line));
    session.keys('\u001b[15~\u001b[24~\u001bx\u001b[<0;10;5M\u0007\u0000gG%$€油\u001b[1;5A');
    await settled();
    expect(await commands()).toEqual([]);
    expect(place().join('\n')).toContain('▸4 Positions');
    expect(session.screen()).not.toMatch(/╭/);
  });

  it('a resize in the middle of a dialog keeps it and what was typed', async () => {
    const { session } = shared;
    session.keys('f');
    await session.waitFor(/Close everything/);
    session.keys('fla');
    await session.waitFor(/fla_/);
    for (const [cols, rows] of [
      [200, 60],
      [40, 12],
      [120, 40],
    ] as const) {
      const before = session.bytes;
      session.resize(cols, rows);
      // What was on the screen is still there until the program has painted the new size.
      const keeps = () => session.bytes > before + cols && /fla_/.test(session.screen());
      await session.waitUntil(keeps, `the dialog at ${cols}x${rows}`);
    }
    expect(session.screen()).toContain('Close everything');
  });

  it('typed key by key it sends one command, while quotes flow', async () => {
    const { session } = shared;
    session.keys('c');
    await session.waitFor(/Close this position/);
    for (let count = 1; count <= 5; count += 1) {
      session.keys('close'.slice(count - 1, count));
      await session.waitFor(`${'close'.slice(0, count)}_`);
    }
    session.keys('\r');
    const sent = await shared.until((one) => one.commands.length > 0, 'the command');
    expect(sent.commands.map((one) => one.type)).toEqual(['closePosition']);
  });
});

describe('a terminal that stops reading (F115)', () => {
  it('stops nothing else, and shows the latest when it reads again', async () => {
    const { session } = shared;
    const until = (holds: (one: ScreenReport) => boolean, what: string) =>
      shared.until(holds, what);
    const held = () => /BUY\s+(\d)\s/.exec(session.screen())?.[1];
    const volume = Number(held());
    const before = await until((one) => one.quotes > 5, 'quotes');
    session.pause();
    // Blocked, the process would not turn at all and this would never come.
    const during = await until((one) => one.quotes > before.quotes + 160, 'quotes while stalled');
    expect(during.turns).toBeGreaterThan(before.turns + 100);
    session.kill('SIGUSR2');
    await until((one) => one.quotes > during.quotes + 20, 'more quotes');
    session.resume();
    await session.waitUntil(() => Number(held()) === volume - 1, 'the latest volume');
  });
});
