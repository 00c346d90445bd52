// The two top rows: who am I, may I enter, what do I hold.
import { expect, it } from 'vitest';
import { type Snapshot, wall } from '../../../src/engine/index.ts';
import type { Area } from '../../../src/ui/lines.ts';
import { statusBar } from '../../../src/ui/panels/status-bar.ts';
import type { Playback } from '../../../src/ui/playback.ts';
import { NOON, quiet, tripped } from '../../support/builders-snapshot.ts';
import { panelText } from '../../support/panel-text.ts';
import { SITUATIONS, type Situation } from '../../support/situations-snapshot.ts';

const bar = (name: Situation, width = 80, late = 0) =>
  panelText((area) => statusBar(SITUATIONS[name](), late, area), { width, height: 2 });

it('says mode, state, link, account, ages and the time in 80 columns', () => {
  expect(bar('long')[0]).toBe(
    ' SIM   ACTIVE  READY 12 ms   #1000001    news 42 s     quote 0 s      06:35:07Z',
  );
});

it('says first that it is a recording, whether it plays and how fast', () => {
  const played = (playback: Playback) => {
    const draw = (area: Area) => statusBar(SITUATIONS.long(), 0, area, playback);
    return panelText(draw, { width: 80, height: 2 })[0];
  };
  expect(played({ state: 'playing', speed: 60 })).toContain(' REPLAY x60  SIM   ACTIVE');
  expect(played({ state: 'paused', speed: 60 })).toContain(' REPLAY x60 paused  SIM   ACTIVE');
  expect(played({ state: 'ended', speed: 100_000 })).toContain(' REPLAY x100000 ended  SIM ');
});

it('says what is held and the day, and why nothing may be entered', () => {
  expect(bar('long', 120)[1]).toMatch(/^ ● no entries: a position is open .*1 position +\+112.00/);
  expect(bar('quiet')[1]).toContain('entries allowed');
  expect(bar('stale')[1]).toContain('P&L unknown  day unknown');
});

it('says what entries wait for, and what is not known', () => {
  expect(bar('quiet', 160)[1]).toContain('entries allowed, last bar: RSI 41.2 neither below');
  expect(bar('warming')[1]).toContain('positions unknown');
  expect(bar('tripped', 60)[1]).toMatch(/NO STOP \(\+2 more\) .*-312.50 {2}day -2,520.00/);
});

it('puts the worst first, at every width', () => {
  for (let width = 60; width <= 160; width += 1) {
    expect(bar('tripped', width)[1]).toContain('NO STOP');
    expect(bar('unknown', width)[1]).toContain('UNKNOWN');
    expect(bar('tripped', width)[0]).toContain('LIVE REAL MONEY');
  }
});

it('an engine that does not answer is above everything (F116)', () => {
  expect(bar('tripped', 120, 9_000)[1]).toContain('THE ENGINE DOES NOT ANSWER, shown is 9 s old');
});

it('says why there are no entries in the words of the screen', () => {
  const blocked = (extra: Partial<Snapshot>) =>
    panelText((area) => statusBar(quiet({ entriesAllowed: false, ...extra }), 0, area), {
      width: 80,
      height: 2,
    })[1];
  expect(blocked({ entriesBlockedBy: 'state: entries are paused' })).toContain(
    'entries are paused',
  );
  expect(blocked({ entriesBlockedBy: 'slot: 3 taken' })).toContain(
    'no entries: 3 positions are open',
  );
  expect(blocked({ entriesBlockedBy: 'spread: 0.40 %' })).toContain('no entries: spread: 0.40 %');
  const session = { state: 'closed', changesAt: undefined } as const;
  expect(blocked({ entriesBlockedBy: 'data: quote stale or one-sided', session })).toContain(
    'no entries: the session is closed',
  );
});

it('never shows a trading state that a tripped breaker contradicts (F116)', () => {
  const kill = quiet({ breakers: [tripped('KILL', 'operator')], entriesAllowed: false });
  const [first, second] = panelText((area) => statusBar(kill, 0, area), { width: 80, height: 2 });
  expect(first).toContain(' BLOCKED ');
  expect(first).not.toContain('ACTIVE');
  expect(second).toContain('KILL tripped');
});

it('says that nobody armed the run, and that an order may still become a position', () => {
  const arming = { ...quiet().arming, state: 'unarmed' } as const;
  const lines = (snapshot: Snapshot, width = 80) =>
    panelText((area) => statusBar(snapshot, 0, area), { width, height: 2 });
  expect(lines(quiet({ arming }))[0]).toContain(' NOT ARMED ');
  expect(lines(SITUATIONS.unknown())[1]).toContain('flat, 1 order');
  const nextEvent = {
    name: 'US export sales',
    at: wall(NOON + 297_000_000),
    waitsUntil: undefined,
  };
  expect(lines(quiet({ nextEvent }))[1]).toContain('US export in 3 d');
});
