/** The built program in a real pseudo-terminal: what a person sees, and what is left behind. */
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

function open(args: readonly string[], cols: number, rows: number): TerminalSession {
  session = new TerminalSession({ args, cols, rows, home: home.path });
  return session;
}

const CLEAN = {
  alternateScreen: false,
  cursorHidden: false,
  mouse: false,
  bracketedPaste: false,
};

/** What is on the shell's own screen, where nothing of the pictures may be left. */
const left = (screen: TerminalSession): string => screen.lines().join('').trim();
const END = /^palm-oil-tui stopped: [\w (),.]*digest [0-9a-f]{16}\.$/;

describe('the screen', () => {
  it.each([
    [80, 24],
    [120, 40],
  ])('at %i x %i shows mode, quote, RSI and chart, and moves (F116)', async (cols, rows) => {
    const screen = open(['--seed', '7'], cols, rows);
    await screen.waitFor(/READY/);
    await screen.waitFor(/SIM/);
    await screen.waitFor(/RSI/);
    await screen.waitFor(/4[,.']?\d{3}/);
    const before = screen.screen();
    await screen.waitUntil(() => screen.screen() !== before, 'the screen to move');
    screen.keys('q');
    await screen.waitFor(/Nothing is open|stays open/);
    screen.keys('y');
    expect((await screen.ended()).code).toBe(0);
    expect(screen.modes()).toEqual(CLEAN);
    expect(left(screen)).toMatch(END);
  });

  it.each([
    [
      'Ctrl-C twice',
      async (screen: TerminalSession) => {
        screen.keys('\u0003');
        await screen.waitFor(/Leave\?/);
        screen.keys('\u0003');
      },
      0,
    ],
    ['SIGTERM', async (screen: TerminalSession) => screen.kill('SIGTERM'), 0],
    ['SIGINT', async (screen: TerminalSession) => screen.kill('SIGINT'), 0],
  ] as const)('leaves the terminal as it was on %s (I26 F111)', async (_name, act, code) => {
    const screen = open(['--seed', '7'], 100, 30);
    await screen.waitFor(/READY/);
    expect(screen.modes().alternateScreen).toBe(true);
    await act(screen);
    expect((await screen.ended()).code).toBe(code);
    expect(screen.modes()).toEqual(CLEAN);
    expect(left(screen)).toMatch(END);
  });

  it('refuses a terminal that is none, in one sentence (F117)', async () => {
    session = new TerminalSession({
      args: [],
      cols: 80,
      rows: 24,
      home: home.path,
      env: { TERM: 'dumb' },
    });
    const ending = await session.ended();
    expect(ending.code).toBe(64);
    expect(session.screen()).toContain('--no-ui');
  });

  it('survives 20 x 5 and a storm of resizes (F113)', async () => {
    const screen = open(['--seed', '7'], 20, 5);
    await screen.waitFor(/SIM/);
    for (const [cols, rows] of [
      [1, 1],
      [200, 60],
      [33, 7],
      [80, 24],
    ] as const) {
      screen.resize(cols, rows);
    }
    await screen.waitFor(/RSI/);
    screen.kill('SIGTERM');
    expect((await screen.ended()).code).toBe(0);
    expect(screen.modes()).toEqual(CLEAN);
  });
});
