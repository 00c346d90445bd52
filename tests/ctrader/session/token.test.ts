// A token the broker refuses: waited for while somebody renews it, and the ways out of AUTH_HALT.
import { describe, expect, it } from 'vitest';
import { ACCOUNT_ID, errorAnswer, said, spot } from '../broker-words.ts';
import { CONFIG, FCPO, type Stage, stage } from './stage.ts';
import { idOf } from './story.ts';

const ACCOUNTS = 'ProtoOAGetAccountListByAccessTokenReq';

/** One attempt that ends at the token. */
function refuse(play: Stage): void {
  play.put({ type: 'opened' });
  play.answer([ACCOUNTS]);
  play.hear(errorAnswer('CH_ACCESS_TOKEN_INVALID', idOf(play, ACCOUNTS)));
}

function comeIn(play: Stage): void {
  play.put({ type: 'opened' });
  play.answer();
  play.put({ type: 'subscribe', instrumentId: FCPO });
  play.answer();
  play.hear(spot(4_000, 4_001));
}

/** The ladder's next attempt, within its longest wait. */
function dialled(play: Stage): void {
  const until = play.now() + 60_250;
  while (play.link() !== 'CONNECTING' && play.now() < until) play.wait(250);
  expect(play.link()).toBe('CONNECTING');
}

const lastLink = (play: Stage) => play.events.findLast((each) => each.type === 'link');

describe('F92 a refused token that somebody renews', () => {
  it('is waited for on the ladder, however long that takes, and told with a type', () => {
    const play = stage({ ...CONFIG, renewsToken: true }, 0.99);
    play.put({ type: 'start' });
    for (let round = 0; round < 12; round += 1) {
      refuse(play);
      expect(lastLink(play)).toMatchObject({ state: 'DISCONNECTED', tokenRefused: true });
      dialled(play);
    }
  });

  it('is presented at once when it comes, and then counts for nothing', () => {
    const play = stage({ ...CONFIG, renewsToken: true }, 0.99);
    play.put({ type: 'start' });
    for (let round = 0; round < 5; round += 1) {
      refuse(play);
      dialled(play);
    }
    refuse(play);
    play.wait(250);
    expect(play.link()).toBe('DISCONNECTED');
    play.put({ type: 'tokenRenewed' });
    expect(play.link()).toBe('CONNECTING');
    comeIn(play);
    expect(play.link()).toBe('READY');
    expect(lastLink(play)).not.toHaveProperty('tokenRefused');
    play.put({ type: 'closed', reason: 'lost', random: 0 });
    expect(lastLink(play)).not.toHaveProperty('tokenRefused');
  });

  it('ends in AUTH_HALT when only a person can help, and a new login leads out of it', () => {
    const play = stage({ ...CONFIG, renewsToken: true }, 0.99);
    play.put({ type: 'start' });
    refuse(play);
    play.put({ type: 'tokenForfeited', reason: 'log in again' });
    expect(lastLink(play)).toMatchObject({ state: 'AUTH_HALT', reason: 'log in again' });
    play.wait(300_000);
    expect(play.link()).toBe('AUTH_HALT');
    play.put({ type: 'tokenRenewed' });
    comeIn(play);
    expect(play.link()).toBe('READY');
  });
});

describe('F92 a token that ends while the session lives', () => {
  const ACCOUNT = 'ProtoOAAccountAuthReq';
  const INVALID = 'ProtoOAAccountsTokenInvalidatedEvent';

  /** READY, then the broker ends the token and refuses it once more. */
  function rotated(): Stage {
    const play = stage({ ...CONFIG, renewsToken: true }, 0);
    play.ready();
    play.hear(said(INVALID, { ctidTraderAccountIds: [ACCOUNT_ID] }));
    play.hear(errorAnswer('CH_ACCESS_TOKEN_INVALID', idOf(play, ACCOUNT)));
    return play;
  }
  const dials = (play: Stage) =>
    play.events.filter((each) => each.type === 'link' && each.state === 'CONNECTING').length;

  it('keeps its line, tells, and is READY again on it with the next token', () => {
    const play = rotated();
    expect(lastLink(play)).toMatchObject({ state: 'ACCOUNT_AUTH', tokenRefused: true });
    play.wait(9_000);
    play.put({ type: 'tokenRenewed' });
    play.answer();
    play.put({ type: 'subscribe', instrumentId: FCPO });
    play.answer();
    play.hear(spot(4_000, 4_001));
    expect([play.link(), dials(play)]).toEqual(['READY', 1]);
    expect(lastLink(play)).not.toHaveProperty('tokenRefused');
  });

  it('is given up after ten seconds without one, and goes on on the ladder', () => {
    const play = rotated();
    play.wait(9_500);
    expect(play.link()).toBe('ACCOUNT_AUTH');
    play.wait(1_000);
    expect(play.link()).not.toBe('ACCOUNT_AUTH');
    dialled(play);
    play.put({ type: 'tokenRenewed' });
    comeIn(play);
    expect(play.link()).toBe('READY');
  });

  it('keeps the line once only: a second refusal on it ends it', () => {
    const play = rotated();
    play.put({ type: 'tokenRenewed' });
    play.hear(errorAnswer('CH_ACCESS_TOKEN_INVALID', idOf(play, ACCOUNT)));
    expect(lastLink(play)).toMatchObject({ state: 'DISCONNECTED', tokenRefused: true });
  });

  it('halts where it waits when only a person can help', () => {
    const play = rotated();
    play.put({ type: 'tokenForfeited', reason: 'log in again' });
    expect(lastLink(play)).toMatchObject({ state: 'AUTH_HALT', reason: 'log in again' });
  });
});

describe('F92 a token from outside', () => {
  it('halts after three refusals, because nobody renews it', () => {
    const play = stage(CONFIG, 0);
    play.put({ type: 'start' });
    for (let round = 1; round <= 3; round += 1) {
      refuse(play);
      expect(play.link()).toBe(round < 3 ? 'DISCONNECTED' : 'AUTH_HALT');
      if (round < 3) dialled(play);
    }
    expect(lastLink(play)).toMatchObject({ tokenRefused: true });
  });
});

describe('news about the token', () => {
  it('do not disturb a session that lives, one that was stopped, or another halt', () => {
    const play = stage();
    play.ready();
    const before = play.events.length;
    play.put({ type: 'tokenRenewed' });
    play.put({ type: 'tokenForfeited', reason: 'x' });
    expect([play.link(), play.events.length]).toEqual(['READY', before]);
    play.put({ type: 'stop' });
    play.put({ type: 'tokenRenewed' });
    expect(play.link()).toBe('DISCONNECTED');
    const other = stage({ ...CONFIG, environment: 'live' });
    other.login();
    other.put({ type: 'tokenRenewed' });
    expect(other.link()).toBe('HALTED');
  });
});
