// From the first byte to READY, and every way in which a login may end otherwise.
import { describe, expect, it } from 'vitest';
import { golden } from '../../support/golden.ts';
import { ACCOUNT_ID, errorAnswer, said, spot, TRADER } from '../broker-words.ts';
import { CONFIG, FCPO, START_WALL, stage } from './stage.ts';
import { idOf } from './story.ts';

describe('login', () => {
  it('tells account, instrument and snapshot in SYNCING, and READY after a two-sided quote', () => {
    const play = stage();
    play.login();
    play.put({
      type: 'query',
      query: { type: 'bars', instrumentId: FCPO, timeframeMs: 300_000, count: 3 },
    });
    play.put({ type: 'subscribe', instrumentId: FCPO });
    play.answer();
    play.hear(spot(4_000));
    expect(play.link()).toBe('SYNCING');
    play.hear(spot(undefined, 4_001));
    expect(play.link()).toBe('READY');
    golden('ctrader/transcripts/login.txt', play.transcript());
  });

  it('F10 F79 picks exactly the configured account, and halts on the wrong environment', () => {
    const play = stage({ ...CONFIG, environment: 'live' });
    play.login();
    expect(play.link()).toBe('HALTED');
    const other = stage({ ...CONFIG, accountId: '900001' });
    other.login();
    expect(other.link()).toBe('HALTED');
    golden('ctrader/transcripts/wrong-account.txt', play.transcript() + other.transcript());
  });

  it('F79 halts with the closest names when no name matches', () => {
    const play = stage({ ...CONFIG, instrumentName: 'PALM', instrumentAliases: ['CPO'] });
    play.login();
    const link = play.events.filter((each) => each.type === 'link').at(-1);
    expect(link?.state).toBe('HALTED');
    expect(link?.reason).toContain('similar: FCPO');
    play.wait(120_000);
    expect(play.link()).toBe('HALTED');
  });

  it('resolves an alias when the name is absent, ignoring letter case', () => {
    const play = stage({ ...CONFIG, instrumentName: 'XYZ', instrumentAliases: ['fcpo'] });
    play.login();
    expect(play.events.some((each) => each.type === 'instrument')).toBe(true);
  });

  it('F52 a token that may only look gives an account without access, before READY', () => {
    const play = stage();
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    play.answer(['ProtoOAGetAccountListByAccessTokenReq']);
    const fields = {
      accessToken: 't',
      permissionScope: 0,
      ctidTraderAccount: [{ ctidTraderAccountId: ACCOUNT_ID, isLive: false }],
    };
    const id = idOf(play, 'ProtoOAGetAccountListByAccessTokenReq');
    play.hear(said('ProtoOAGetAccountListByAccessTokenRes', fields, id));
    play.answer();
    const account = play.events.find((each) => each.type === 'account');
    expect(account?.account.access).toBe('none');
  });

  it('F56 an account without an exponent is unusable', () => {
    const play = stage();
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    play.answer(['ProtoOATraderReq']);
    const { moneyDigits: _, ...trader } = TRADER;
    const id = idOf(play, 'ProtoOATraderReq');
    play.hear(said('ProtoOATraderRes', { ctidTraderAccountId: ACCOUNT_ID, trader }, id));
    expect(play.link()).toBe('HALTED');
  });

  it('trades hedged accounts only; a feed may look at any', () => {
    for (const [config, accountType, link] of [
      [CONFIG, 1, 'HALTED'],
      [CONFIG, 2, 'HALTED'],
      [CONFIG, 0, 'SYNCING'],
      [{ ...CONFIG, encoders: undefined }, 1, 'SYNCING'],
    ] as const) {
      const play = stage(config);
      play.put({ type: 'start' });
      play.put({ type: 'opened' });
      play.answer(['ProtoOATraderReq']);
      const trader = { ...TRADER, accountType };
      const id = idOf(play, 'ProtoOATraderReq');
      play.hear(said('ProtoOATraderRes', { ctidTraderAccountId: ACCOUNT_ID, trader }, id));
      expect(play.link()).toBe(link);
    }
  });

  it('F20 already logged in counts only for the step that was asked', () => {
    const play = stage();
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    play.hear(
      errorAnswer('CH_CLIENT_ALREADY_AUTHENTICATED', idOf(play, 'ProtoOAApplicationAuthReq')),
    );
    expect(play.state().stage).toBe('accounts');
    const id = idOf(play, 'ProtoOAGetAccountListByAccessTokenReq');
    play.hear(errorAnswer('ALREADY_LOGGED_IN', id));
    expect(play.link()).toBe('DISCONNECTED');
  });

  it('F20 the digits of a code inside another text mean nothing', () => {
    const play = stage();
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    const id = idOf(play, 'ProtoOAApplicationAuthReq');
    play.hear(errorAnswer('INVALID_REQUEST', id, { description: 'order 103 ALREADY_LOGGED_IN' }));
    expect(play.link()).toBe('DISCONNECTED');
  });

  it('stops after three refusals of the credentials, and not before', () => {
    const play = stage(CONFIG, 0);
    play.put({ type: 'start' });
    for (let round = 1; round <= 3; round += 1) {
      play.put({ type: 'opened' });
      play.hear(errorAnswer('CH_CLIENT_AUTH_FAILURE', idOf(play, 'ProtoOAApplicationAuthReq')));
      expect(play.link()).toBe(round < 3 ? 'DISCONNECTED' : 'AUTH_HALT');
      play.wait(10_250);
    }
    play.wait(300_000);
    expect(play.link()).toBe('AUTH_HALT');
  });

  it('F24 maintenance is a named state with slow polling', () => {
    const play = stage(CONFIG, 0);
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    const end = Math.floor((1_700_449_200_000 + 3_600_000) / 1_000);
    const more = { maintenanceEndTimestamp: end };
    play.hear(
      errorAnswer('SERVER_IS_UNDER_MAINTENANCE', idOf(play, 'ProtoOAApplicationAuthReq'), more),
    );
    expect(play.link()).toBe('MAINTENANCE');
    play.wait(299_750);
    expect(play.state().stage).toBe('waiting');
    play.wait(250);
    expect(play.state().stage).toBe('connecting');
  });

  it('F24 returns soon after an announced end', () => {
    const play = stage(CONFIG, 0);
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    const maintenanceEndTimestamp = (START_WALL + 90_000) / 1_000;
    const id = idOf(play, 'ProtoOAApplicationAuthReq');
    play.hear(errorAnswer('SERVER_IS_UNDER_MAINTENANCE', id, { maintenanceEndTimestamp }));
    play.wait(89_750);
    expect(play.state().stage).toBe('waiting');
    play.wait(250);
    expect(play.state().stage).toBe('connecting');
  });

  it('a step without an answer ends the line after 10 s', () => {
    const play = stage();
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    play.wait(9_750);
    expect(play.link()).toBe('APP_AUTH');
    play.wait(250);
    expect(play.link()).toBe('DISCONNECTED');
  });
});
