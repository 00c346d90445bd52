// Questions with several answers in a session: failed looks are void, failed bars are asked again.
import { describe, expect, it } from 'vitest';
import { ACCOUNT_ID, errorAnswer, POSITION, SYMBOL, SYMBOL_ID, said } from '../broker-words.ts';
import { FCPO, stage } from './stage.ts';
import { count, idOf } from './story.ts';

const ours = { ctidTraderAccountId: ACCOUNT_ID };
const passes = (play: ReturnType<typeof stage>) =>
  play.events
    .filter((each) => each.type === 'brokerSnapshot')
    .map(({ pass }) => (pass.complete ? 'complete' : 'void'));

describe('looks', () => {
  it('I08 a first look that cannot be read ends the line: nothing begins on half a picture', () => {
    const play = stage();
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    play.answer(['ProtoOAReconcileReq']);
    const { price: _, ...broken } = POSITION;
    const id = idOf(play, 'ProtoOAReconcileReq');
    play.hear(said('ProtoOAReconcileRes', { ...ours, position: [broken] }, id));
    expect(passes(play)).toEqual(['void']);
    expect(play.link()).toBe('DISCONNECTED');
  });

  it('I08 a look in flight when the line is lost is void', () => {
    const play = stage();
    play.ready();
    play.put({ type: 'query', query: { type: 'reconcile', historyFrom: undefined } });
    play.put({ type: 'closed', reason: 'reset', random: 0 });
    expect(passes(play)).toEqual(['complete', 'void']);
  });

  it('I08 a look without a session, or one too many, is void at once', () => {
    const play = stage();
    play.put({ type: 'query', query: { type: 'reconcile', historyFrom: undefined } });
    expect(passes(play)).toEqual(['void']);
    play.ready();
    for (let index = 0; index < 9; index += 1) {
      play.put({ type: 'query', query: { type: 'reconcile', historyFrom: undefined } });
    }
    expect(passes(play)).toEqual(['void', 'complete', 'void']);
  });

  it('I08 an error or silence voids a look, and the link goes on', () => {
    const play = stage();
    play.ready();
    play.put({ type: 'query', query: { type: 'reconcile', historyFrom: undefined } });
    play.hear(errorAnswer('INVALID_REQUEST', idOf(play, 'ProtoOATraderReq')));
    play.put({ type: 'query', query: { type: 'reconcile', historyFrom: undefined } });
    play.wait(10_000);
    expect(passes(play)).toEqual(['complete', 'void', 'void']);
    expect(play.link()).toBe('READY');
  });
});

describe('bars', () => {
  it('are asked for again after a failure, with growing pauses', () => {
    const play = stage();
    play.ready();
    const bars = { type: 'bars', instrumentId: FCPO, timeframeMs: 300_000, count: 1 } as const;
    const asked = () => play.written.filter(({ name }) => name === 'ProtoOAGetTrendbarsReq').length;
    play.put({ type: 'query', query: bars });
    play.hear(errorAnswer('UNKNOWN_SYMBOL', idOf(play, 'ProtoOAGetTrendbarsReq')));
    play.wait(750);
    expect(asked()).toBe(1);
    play.wait(250);
    expect(asked()).toBe(2);
    play.hear(errorAnswer('UNKNOWN_SYMBOL', idOf(play, 'ProtoOAGetTrendbarsReq')));
    play.wait(1_750);
    expect(asked()).toBe(2);
    play.wait(250);
    expect(asked()).toBe(3);
    const trendbar = [
      { volume: 1, low: 5, deltaOpen: 0, deltaHigh: 0, deltaClose: 0, utcTimestampInMinutes: 9 },
    ];
    const id = idOf(play, 'ProtoOAGetTrendbarsReq');
    play.hear(said('ProtoOAGetTrendbarsRes', { ...ours, period: 5, trendbar }, id));
    expect(count(play, 'barsLoaded')).toBe(1);
    expect(play.state().jobs).toEqual([]);
  });
});

describe('the instrument over time', () => {
  it('F69 its calendar is told anew every six hours', () => {
    const play = stage();
    play.ready();
    for (let minute = 0; minute < 361; minute += 1) {
      play.wait(60_000 - 31_000);
      play.hear(said('ProtoHeartbeatEvent', {}));
      play.wait(31_000);
      play.hear(said('ProtoHeartbeatEvent', {}));
    }
    expect(count(play, 'instrument')).toBe(2);
    expect(play.link()).toBe('READY');
  });

  it('distances in percent are told with the first price, before READY', () => {
    const play = stage();
    play.put({ type: 'start' });
    play.put({ type: 'opened' });
    play.answer(['ProtoOASymbolByIdReq']);
    const symbol = [{ ...SYMBOL, symbolId: SYMBOL_ID, slDistance: 1, distanceSetIn: 2 }];
    const id = idOf(play, 'ProtoOASymbolByIdReq');
    play.hear(said('ProtoOASymbolByIdRes', { ...ours, symbol }, id));
    play.answer();
    play.put({ type: 'subscribe', instrumentId: FCPO });
    play.answer();
    play.hear(
      said('ProtoOASpotEvent', {
        ...ours,
        symbolId: SYMBOL_ID,
        bid: 400_000_000,
        ask: 400_100_000,
      }),
    );
    const told = play.events.filter((each) => each.type === 'instrument');
    expect(told.map(({ instrument }) => instrument.stopDistanceMin)).toEqual([0, 4_000_000]);
    expect(play.events.at(-1)).toMatchObject({ type: 'link', state: 'READY' });
  });
});
