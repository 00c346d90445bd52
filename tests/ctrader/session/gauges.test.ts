// What a session measures beside trading, on a played stage: the clocks' difference, conversion
// rates, the broker's open profit, refused logins. Time is moved by hand.
import { describe, expect, it } from 'vitest';
import { GAUGE_TIMES } from '../../../src/ctrader/session/gauges.ts';
import type { BrokerEvent } from '../../../src/engine/index.ts';
import { ACCOUNT_ID, SYMBOL_ID, said, TRADER, USUAL } from '../broker-words.ts';
import { CONFIG, START_WALL, type Stage, stage } from './stage.ts';
import { count, idOf } from './story.ts';

const ours = { ctidTraderAccountId: ACCOUNT_ID };

const told = <T extends BrokerEvent['type']>(play: Stage, type: T) =>
  play.events.filter((each): each is Extract<BrokerEvent, { type: T }> => each.type === type);

/** A quote that left the broker so long ago by the broker's clock. */
function quote(play: Stage, ageMs: number, symbolId = SYMBOL_ID, bid = 400_000_000): void {
  const timestamp = START_WALL + play.now() - ageMs;
  play.hear(said('ProtoOASpotEvent', { ...ours, symbolId, bid, ask: bid + 100_000, timestamp }));
}

describe('the difference of the clocks (F66)', () => {
  it('is the least of ten seconds of live quotes: a delay only makes it look larger', () => {
    const play = stage();
    play.ready();
    for (const age of [9_000, 3_120, 4_000, 60_000]) quote(play, age);
    play.wait(GAUGE_TIMES.skewWindowMs - 250);
    expect(told(play, 'clockSkew')).toEqual([]);
    play.wait(250);
    expect(told(play, 'clockSkew')).toEqual([{ type: 'clockSkew', generation: 1, skewMs: 3_120 }]);
  });

  it('is negative when our clock is behind', () => {
    const play = stage();
    play.ready();
    for (const age of [-7_000, -6_900, -6_800]) quote(play, age);
    play.wait(GAUGE_TIMES.skewWindowMs);
    expect(told(play, 'clockSkew').map(({ skewMs }) => skewMs)).toEqual([-7_000]);
  });

  it('is measured anew in every window', () => {
    const play = stage();
    play.ready();
    for (const age of [10, 20, 30]) quote(play, age);
    play.wait(GAUGE_TIMES.skewWindowMs);
    for (const age of [6_000, 6_010, 6_020]) quote(play, age);
    play.wait(GAUGE_TIMES.skewWindowMs);
    expect(told(play, 'clockSkew').map(({ skewMs }) => skewMs)).toEqual([10, 6_000]);
  });

  it('two quotes are too few, and the first price after subscribing is no measure (F72)', () => {
    const play = stage();
    play.login();
    play.put({ type: 'subscribe', instrumentId: SYMBOL_ID as never });
    play.answer();
    quote(play, 3_600_000);
    quote(play, 40);
    quote(play, 50);
    play.wait(GAUGE_TIMES.skewWindowMs * 3);
    expect(told(play, 'clockSkew')).toEqual([]);
    quote(play, 60);
    play.wait(250);
    expect(told(play, 'clockSkew').map(({ skewMs }) => skewMs)).toEqual([40]);
  });

  it('a broker that stamps nothing says nothing about its clock', () => {
    const play = stage();
    play.ready();
    for (let round = 0; round < 5; round += 1) {
      play.hear(said('ProtoOASpotEvent', { ...ours, symbolId: SYMBOL_ID, bid: 400_000_000 }));
    }
    play.wait(GAUGE_TIMES.skewWindowMs * 2);
    expect(told(play, 'clockSkew')).toEqual([]);
  });
});

/** The instrument is quoted in asset 9, the account holds asset 2. */
function foreign(): Stage {
  const trader = { ...TRADER, depositAssetId: '2' };
  const asset = [
    { assetId: '9', name: 'MYR' },
    { assetId: '2', name: 'USD' },
  ];
  const play = stage(CONFIG, 0.5, {
    ...USUAL,
    ProtoOATraderReq: (id) => said('ProtoOATraderRes', { ...ours, trader }, id),
    ProtoOAAssetListReq: (id) => said('ProtoOAAssetListRes', { ...ours, asset }, id),
  });
  play.ready();
  play.wait(250);
  return play;
}

/** Time on a line that stays alive. */
function spend(play: Stage, ms: number): void {
  for (let left = ms; left > 0; left -= 10_000) {
    play.wait(Math.min(left, 10_000));
    quote(play, 0);
  }
}

const USDMYR = { symbolId: '1001', symbolName: 'USDMYR', baseAssetId: '2', quoteAssetId: '9' };

function named(play: Stage, symbol: readonly (typeof USDMYR)[] = [USDMYR]): void {
  const id = idOf(play, 'ProtoOASymbolsForConversionReq');
  play.hear(said('ProtoOASymbolsForConversionRes', { ...ours, symbol }, id));
  play.answer();
}

describe('conversion rates (F60)', () => {
  it('are not asked for when both currencies are the same', () => {
    const play = stage();
    play.ready();
    spend(play, 120_000);
    expect(play.written.map(({ name }) => name)).not.toContain('ProtoOASymbolsForConversionReq');
  });

  it('are told with the way each quote is taken, once it moves', () => {
    const play = foreign();
    named(play);
    expect(play.written.at(-1)?.name).toBe('ProtoOASubscribeSpotsReq');
    quote(play, 0, '1001', 470_000);
    play.wait(1_000);
    expect(count(play, 'conversion'), 'the first price may be old (F72)').toBe(0);
    quote(play, 0, '1001', 471_000);
    play.wait(250);
    expect(told(play, 'conversion')).toEqual([
      {
        type: 'conversion',
        generation: 1,
        from: 'MYR',
        to: 'USD',
        steps: [{ bid: 471_000, ask: 571_000, inverted: true }],
      },
    ]);
  });

  it('a rate that stands still is told no more (I15)', () => {
    const play = foreign();
    named(play);
    quote(play, 0, '1001', 470_000);
    quote(play, 0, '1001', 471_000);
    spend(play, 300_000);
    expect(count(play, 'conversion')).toBe(1);
  });

  it('are told at most every five seconds', () => {
    const play = foreign();
    named(play);
    for (let round = 0; round < 80; round += 1) {
      quote(play, 0, '1001', 470_000 + round);
      play.wait(250);
    }
    expect(count(play, 'conversion')).toBe(20_000 / GAUGE_TIMES.ratesEveryMs);
  });

  it('a chain that leads elsewhere is not used and asked for again after a minute', () => {
    const play = foreign();
    named(play, [{ ...USDMYR, baseAssetId: '5' }]);
    quote(play, 0, '1001', 470_000);
    quote(play, 0, '1001', 471_000);
    play.wait(1_000);
    expect(count(play, 'conversion')).toBe(0);
    const asked = () =>
      play.written.filter(({ name }) => name === 'ProtoOASymbolsForConversionReq').length;
    expect(asked()).toBe(1);
    spend(play, GAUGE_TIMES.ratesRetryMs);
    expect(asked()).toBe(2);
  });

  it('a refusal ends nothing: the session goes on without rates', () => {
    const play = foreign();
    const id = idOf(play, 'ProtoOASymbolsForConversionReq');
    play.hear(said('ProtoOAErrorRes', { errorCode: 'ENTITY_NOT_FOUND' }, id));
    play.wait(1_000);
    expect(play.link()).toBe('READY');
  });
});

describe('open profit by the broker (F60)', () => {
  const PROFIT = 'ProtoOAGetPositionUnrealizedPnLReq';
  const asked = (play: Stage) => play.written.filter(({ name }) => name === PROFIT).length;
  const executed = said('ProtoOAExecutionEvent', { ...ours, executionType: 3 });

  it('is asked for twice a minute while something may be open, and told in minor units', () => {
    const play = stage();
    play.ready();
    play.hear(executed);
    play.wait(250);
    const entry = { positionId: '2001', grossUnrealizedPnL: -1_000, netUnrealizedPnL: -12_345 };
    const answer = { ...ours, positionUnrealizedPnL: [entry], moneyDigits: 3 };
    play.hear(said('ProtoOAGetPositionUnrealizedPnLRes', answer, idOf(play, PROFIT)));
    expect(told(play, 'brokerPnl')).toEqual([
      { type: 'brokerPnl', generation: 1, positions: [{ id: '2001', net: -1_235 }] },
    ]);
    spend(play, GAUGE_TIMES.profitEveryMs);
    expect(asked(play)).toBe(2);
  });

  it('is not asked for when nothing is open', () => {
    const play = stage();
    play.ready();
    spend(play, GAUGE_TIMES.profitEveryMs * 3);
    expect(asked(play)).toBe(0);
    play.hear(executed);
    play.wait(250);
    const none = { ...ours, moneyDigits: 2 };
    play.hear(said('ProtoOAGetPositionUnrealizedPnLRes', none, idOf(play, PROFIT)));
    spend(play, GAUGE_TIMES.profitEveryMs * 3);
    expect(asked(play)).toBe(1);
    expect(count(play, 'brokerPnl')).toBe(0);
  });

  it('is never asked for on a connection that only receives prices', () => {
    const play = stage({ ...CONFIG, encoders: undefined });
    play.ready();
    play.hear(executed);
    spend(play, GAUGE_TIMES.profitEveryMs * 2);
    expect(asked(play)).toBe(0);
  });

  it('no answer in time ends nothing', () => {
    const play = stage();
    play.ready();
    play.hear(executed);
    play.wait(250);
    play.answer([PROFIT]);
    spend(play, 20_000);
    expect(asked(play)).toBe(1);
    expect(play.link()).toBe('READY');
  });
});

describe('refused logins', () => {
  it('each refusal is told with the state of the link, and a login ends the count', () => {
    const play = stage(undefined, 0);
    play.put({ type: 'start' });
    for (let round = 1; round <= 2; round += 1) {
      play.put({ type: 'opened' });
      const id = idOf(play, 'ProtoOAApplicationAuthReq');
      play.hear(said('ProtoOAErrorRes', { errorCode: 'CH_CLIENT_AUTH_FAILURE' }, id));
      expect(told(play, 'link').at(-1)).toMatchObject({ authRefusals: round });
      play.wait(60_000);
    }
    play.put({ type: 'opened' });
    play.answer();
    expect(told(play, 'link').at(-1)).not.toHaveProperty('authRefusals');
  });
});
