/** What people and links do to a screen, through a real pseudo-terminal. */
import { afterEach, describe, expect, it } from 'vitest';
import { type ScriptedOptions, ScriptedScreen } from '../support/scripted-screen.ts';

let screen: ScriptedScreen | undefined;
afterEach(async () => {
  await screen?.close();
  screen = undefined;
});

async function open(options: ScriptedOptions = {}): Promise<ScriptedScreen> {
  screen = new ScriptedScreen(options);
  await screen.session.waitFor(/PROTECTED/);
  return screen;
}

/** What every dangerous question asks for. */
const ASKING = /type (close|flatten)|word of a rung/i;

/** A key held down: the terminal sends it about thirty times a second. */
const REPEAT_MS = 33;
async function hold({ session }: ScriptedScreen, key: string, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    session.keys(key);
    await new Promise((resolve) => setTimeout(resolve, REPEAT_MS));
  }
}

describe('dialogs', () => {
  it.each(['c', 'f', 'K'])(
    '%s held down, then Enter held down, sends nothing (F114)',
    async (key) => {
      const held = await open();
      await hold(held, key, 20);
      await held.session.waitFor(ASKING);
      await hold(held, '\r', 20);
      await held.session.waitFor(ASKING);
      expect((await held.until((one) => one.turns > 0, 'a report')).commands).toEqual([]);
    },
  );

  it('a paste with the word and Enter sends nothing, bracketed or not (F114)', async () => {
    const { session, until } = bound(await open());
    session.keys('f');
    await session.waitFor(/Close everything/);
    session.keys('\u001b[200~flatten\r\u001b[201~');
    await session.waitFor(/Pasted text never confirms/);
    session.keys('flatten\r');
    session.keys('\u001b');
    await session.waitUntil(() => !/Close everything/.test(session.screen()), 'the dialog to go');
    const seen = (await until((one) => one.turns > 0, 'a report')).turns;
    expect((await until((one) => one.turns > seen + 50, 'later')).commands).toEqual([]);
  });

  it('a question about a position that changes is void (F114)', async () => {
    const { session, until } = bound(await open());
    session.keys('c');
    await session.waitFor(/Close this position/);
    session.keys('close');
    session.kill('SIGUSR2');
    await session.waitFor(/has changed: nothing was sent/);
    session.keys('\r');
    const seen = (await until((one) => one.turns > 0, 'a report')).turns;
    expect((await until((one) => one.turns > seen + 50, 'later')).commands).toEqual([]);
  });

  it('typed key by key it sends one command, while quotes flow', async () => {
    const { session, until } = bound(await open());
    session.keys('c');
    await session.waitFor(/Close this position/);
    for (let count = 1; count <= 5; count += 1) {
      session.keys('close'.slice(count - 1, count));
      await session.waitFor(`${'close'.slice(0, count)}_`);
    }
    session.keys('\r');
    const { commands } = await until((one) => one.commands.length > 0, 'the command');
    expect(commands.map((one) => one.type)).toEqual(['closePosition']);
  });

  it('a resize in the middle of a dialog keeps it and what was typed', async () => {
    const { session } = await open();
    session.keys('f');
    await session.waitFor(/Close everything/);
    session.keys('fla');
    await session.waitFor(/fla_/);
    for (const [cols, rows] of [
      [200, 60],
      [40, 12],
      [80, 24],
    ] as const) {
      session.resize(cols, rows);
      await session.waitUntil(() => /fla_/.test(session.screen()), `the dialog at ${cols}x${rows}`);
    }
    expect(session.screen()).toContain('Close everything');
  });

  it('unknown keys do nothing', async () => {
    const { session, until } = bound(await open({ quotesPerSecond: 0 }));
    const place = () => session.lines().filter((line) => /PROTECTED|Positions|Chart/.test(line));
    session.keys('\u001b[15~\u001b[24~\u001bx\u001b[<0;10;5M\u0007\u0000gG%$€油\u001b[1;5A');
    const seen = (await until((one) => one.turns > 0, 'a report')).turns;
    const { commands } = await until((one) => one.turns > seen + 30, 'later');
    expect(commands).toEqual([]);
    expect(place().join('\n')).toContain('▸4 Positions');
    expect(session.screen()).not.toMatch(/╭/);
  });
});

describe('a terminal that stops reading (F115)', () => {
  it('stops nothing else, and shows the latest when it reads again', async () => {
    const { session, until } = bound(await open());
    const before = await until((one) => one.quotes > 5, 'quotes');
    session.pause();
    // Blocked, the process would not turn at all and this would never come.
    const during = await until((one) => one.quotes > before.quotes + 160, 'quotes while stalled');
    expect(during.turns).toBeGreaterThan(before.turns + 100);
    session.kill('SIGUSR2');
    await until((one) => one.quotes > during.quotes + 20, 'more quotes');
    session.resume();
    await session.waitUntil(
      () => session.lines().some((line) => /BUY\s+7\s/.test(line)),
      'the latest volume',
    );
  });
});

function bound(one: ScriptedScreen) {
  return { session: one.session, until: one.until.bind(one) };
}
