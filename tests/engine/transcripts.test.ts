/** Stories a trader can read: each a golden text, each with the few facts that must hold. */
import { describe, expect, it } from 'vitest';
import { brokerOrderId, dealId, positionId, volume, wall } from '../../src/engine/index.ts';
import { FCPO, MORNING, ringgit } from '../support/engine.ts';
import { golden } from '../support/golden.ts';
import {
  closingDeal,
  failed,
  fly,
  hold,
  idsOf,
  orderOf,
  positionOf,
  readyBench,
  relink,
  reready,
  sent,
  shownAs,
  waitQuoted,
} from './desk.ts';

const PATH = 'engine/transcripts';

describe('transcripts', () => {
  it('unknown, then found at the broker (F02 R03 T10 T11)', () => {
    const bench = fly();
    bench.jump(1);
    relink(bench, 7_400);
    const order = orderOf(bench);
    expect(order.state).toBe('UNKNOWN');
    bench.pass({ positions: [shownAs(order)] });
    reready(bench);
    expect(orderOf(bench).state).toBe('FILLED');
    expect(positionOf(bench)).toMatchObject({ ours: true, state: 'PROTECTED' });
    expect(bench.requests).toHaveLength(1);
    golden(`${PATH}/unknown-then-found.txt`, bench.transcript());
  });

  it('unknown, then proven absent by two clean passes (F28 T12 I08)', () => {
    const bench = fly();
    const window = () => ({ historyFrom: wall(MORNING - 60_000), historyTo: wall(bench.now) });
    for (let asked = 0; orderOf(bench).state !== 'ABSENT' && asked < 20; asked += 1) {
      waitQuoted(bench, 10_000);
      if (bench.state.core.reconcileAskedAt !== undefined) bench.pass(window());
    }
    expect(orderOf(bench).state).toBe('ABSENT');
    expect(bench.requests).toHaveLength(1);
    golden(`${PATH}/unknown-then-absent.txt`, bench.transcript());
  });

  it('the daily loss trips while a position is open (F51 F63)', () => {
    const bench = hold();
    for (let bid = 4_590; bid > 4_200; bid -= 30) {
      bench.jump(1_000);
      bench.quote(bid, bid + 2);
    }
    expect(bench.state.core.breakers.DAILY_LOSS.tripped).toBe(true);
    expect(positionOf(bench).state).toBe('PROTECTED');
    bench.bar(4_200);
    bench.deal(closingDeal(bench, { id: '2', size: positionOf(bench).volume, net: -280_000 }));
    expect(bench.requests).toHaveLength(1);
    golden(`${PATH}/daily-loss-trips-with-open-position.txt`, bench.transcript());
  });

  it('the operator closes (F114 6.2)', () => {
    const bench = hold();
    const position = positionOf(bench);
    const seen = { seq: bench.state.at.seq, volume: position.volume };
    bench.jump(2_000);
    bench.command({
      type: 'closePosition',
      positionId: position.id,
      seen: { ...seen, volume: volume(1) },
    });
    bench.command({ type: 'closePosition', positionId: position.id, seen });
    bench.jump(1);
    bench.durable();
    sent(bench, 'close-500-1');
    bench.jump(90);
    bench.deal(
      closingDeal(bench, { id: '2', size: position.volume, net: 3_500, cause: 'request' as never }),
    );
    expect(bench.state.core.positions).toEqual([]);
    golden(`${PATH}/operator-close.txt`, bench.transcript());
  });

  it('a close without answer that did happen (F42 F43 R25)', () => {
    const bench = hold();
    const size = positionOf(bench).volume;
    bench.command({ type: 'flatten' });
    bench.durable();
    sent(bench, 'close-500-1');
    waitQuoted(bench, 6_000);
    expect(positionOf(bench).state).toBe('CLOSE_UNKNOWN');
    waitQuoted(bench, 10_000);
    const { account } = bench.state.core;
    const deal = closingDeal(bench, { id: '2', size, net: -1_200 });
    const close = deal.close;
    if (account === undefined || close === undefined) throw new Error('nothing to close');
    bench.pass({
      account: { ...account, balance: close.balance, balanceVersion: close.balanceVersion },
      historyFrom: wall(MORNING - 60_000),
      historyTo: wall(bench.now),
      deals: [
        {
          id: dealId('2'),
          brokerOrderId: brokerOrderId('92'),
          positionId: positionId('500'),
          instrumentId: FCPO.id,
          side: 'sell',
          filled: size,
          price: ringgit(4_592),
          time: wall(bench.now - 9_000),
          commission: close.commission,
          exponent: 2,
          cause: 'stop',
          close,
        },
      ],
    });
    expect(bench.state.core.positions).toEqual([]);
    expect(bench.requests.filter((one) => one.type === 'closePosition')).toHaveLength(1);
    golden(`${PATH}/close-unknown-then-closed.txt`, bench.transcript());
  });

  it('started again in mid-order (F82 5.2 6.3)', () => {
    const bench = fly();
    bench.jump(400);
    bench.start();
    expect(orderOf(bench).state).toBe('UNKNOWN');
    bench.jump(1_000);
    const order = orderOf(bench);
    bench.ready({
      generation: 2,
      snapshot: { positions: [shownAs(order, { volume: volume(300) })] },
    });
    expect(orderOf(bench)).toMatchObject({ state: 'DONE_PARTIAL', executed: 300 });
    expect(bench.requests).toHaveLength(1);
    golden(`${PATH}/restart-in-flight.txt`, bench.transcript());
  });

  it('a position without a stop (F37 I09)', () => {
    const bench = fly();
    const order = orderOf(bench);
    bench.orderUpdate({ ...idsOf(order), positionId: positionId('500') });
    bench.deal({ filled: order.volume });
    for (let spent = 0; spent < 6_000; spent += 250) {
      bench.wait(250);
      const before = bench.requests.length;
      bench.durable();
      const request = bench.requests.slice(before).at(-1);
      if (request === undefined) continue;
      sent(bench, request.requestId);
      if (request.type !== 'amendProtection') continue;
      failed(bench, request.requestId, { definitive: true, code: 'TRADING_BAD_STOPS' });
    }
    const types = bench.requests.map((one) => one.type);
    expect(types.filter((type) => type === 'amendProtection')).toHaveLength(3);
    expect(types.at(-1)).toBe('closePosition');
    golden(`${PATH}/naked-position.txt`, bench.transcript());
  });

  it('the feed falls silent and comes back (F73)', () => {
    const bench = readyBench();
    bench.wait(16_000);
    expect(bench.state.core.breakers.FEED.tripped).toBe(true);
    waitQuoted(bench, 13_000);
    expect(bench.state.core.breakers.FEED.tripped).toBe(false);
    golden(`${PATH}/feed-breaker.txt`, bench.transcript());
  });
});
