/** Commands of the person: what each does, and every reason to refuse one. */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/engine/config.ts';
import {
  type CommandBody,
  commandId,
  positionId,
  seq,
  untrusted,
  volume,
} from '../../src/engine/index.ts';
import { brokerPosition, EngineBench } from '../support/engine.ts';
import {
  closingDeal,
  fly,
  hold,
  orderOf,
  positionOf,
  readyBench,
  relink,
  waitQuoted,
} from './desk.ts';

const last = (bench: EngineBench) => bench.state.core.commands.at(-1);
const close = (bench: EngineBench, size = positionOf(bench).volume): CommandBody => ({
  type: 'closePosition',
  positionId: positionId('500'),
  seen: { seq: seq(1), volume: volume(size) },
});
const reset = (
  breaker: Extract<CommandBody, { type: 'resetBreaker' }>['breaker'],
  reason = 'looked at it',
) => ({ type: 'resetBreaker', breaker, reason: untrusted(reason) }) as const;
const closesSent = (bench: EngineBench) =>
  bench.requests.filter((one) => one.type === 'closePosition');

describe('commands', () => {
  it('an observer may look, not command (F114)', () => {
    const bench = hold();
    bench.command({ type: 'kill', flatten: true }, 'observer');
    expect(last(bench)).toMatchObject({
      status: 'refused',
      reason: 'observers may look, not command',
    });
    expect(bench.state.core.breakers.KILL.tripped).toBe(false);
  });

  it('the same command twice acts once, and each is journaled (F114 I31)', () => {
    const bench = hold();
    const command = {
      id: commandId('same'),
      role: 'operator',
      by: untrusted('me'),
      body: close(bench),
    } as const;
    bench.feed({ type: 'command', command });
    bench.feed({ type: 'command', command });
    bench.durable();
    expect(closesSent(bench)).toHaveLength(1);
    const records = bench.effects.filter(
      (one) => one.type === 'record' && one.record.kind === 'command',
    );
    expect(records).toHaveLength(1);
  });

  it('keeps a bounded list of acknowledgements (I27)', () => {
    const bench = readyBench();
    for (let index = 0; index < 60; index += 1) {
      bench.command({ type: 'setTradingState', state: index % 2 === 0 ? 'halted' : 'active' });
    }
    expect(bench.state.core.commands).toHaveLength(LIMITS.commands);
  });
});

describe('closePosition', () => {
  it('closes what was seen, after its record is durable (F114 I05 6.2)', () => {
    const bench = hold();
    bench.command(close(bench));
    expect(last(bench)).toMatchObject({ status: 'accepted', reason: 'closing position 500' });
    expect(closesSent(bench)).toEqual([]);
    bench.durable();
    expect(closesSent(bench)).toMatchObject([{ positionId: '500', volume: orderOf(bench).volume }]);
    expect(positionOf(bench).state).toBe('CLOSING');
  });

  it('refuses what changed, is gone, is on its way, or was closed already (F114 F42)', () => {
    const bench = hold();
    bench.command(close(bench, volume(100)));
    expect(last(bench)?.reason).toBe('the position changed meanwhile');
    bench.command({ ...close(bench), positionId: positionId('7') } as CommandBody);
    expect(last(bench)?.reason).toBe('the position is gone');
    bench.command(close(bench));
    bench.command(close(bench));
    expect(last(bench)?.reason).toBe('a close is on its way already');
    const other = hold();
    waitQuoted(other, 4_000);
    other.pass({});
    other.command(close(other));
    expect(last(other)?.reason).toBe('the broker shows it closed already');
    other.durable();
    expect(closesSent(other)).toEqual([]);
  });

  it('works with breakers tripped and trading halted (I04)', () => {
    const bench = hold();
    bench.command({ type: 'kill', flatten: false });
    bench.command({ type: 'setTradingState', state: 'halted' });
    bench.command(close(bench));
    bench.durable();
    expect(closesSent(bench)).toHaveLength(1);
  });
});

describe('flatten and kill', () => {
  it('flatten closes ours and leaves strangers alone (I33 F48)', () => {
    const bench = hold();
    bench.pass({
      positions: [
        brokerPosition({ volume: orderOf(bench).volume }),
        brokerPosition({ id: positionId('7') }),
      ],
    });
    bench.command({ type: 'flatten' });
    bench.durable();
    expect(closesSent(bench)).toMatchObject([{ positionId: '500' }]);
    bench.command({ type: 'flatten' });
    expect(last(bench)?.reason).toBe('there is nothing of ours to close');
  });

  it('flatten does not ask for what the broker shows closed already (F43)', () => {
    const bench = hold();
    waitQuoted(bench, 4_000);
    bench.pass({});
    bench.command({ type: 'flatten' });
    bench.durable();
    expect(last(bench)?.reason).toBe('there is nothing of ours to close');
    expect(closesSent(bench)).toEqual([]);
  });

  it('kill blocks at once, also when there is nothing to flatten, and says so (F50 I04)', () => {
    const bench = readyBench();
    bench.command({ type: 'kill', flatten: true });
    expect(bench.state.core.breakers.KILL.tripped).toBe(true);
    expect(last(bench)).toMatchObject({ status: 'done' });
    expect(last(bench)?.reason).toContain('entries are blocked');
  });

  it('kill lets the order in flight resolve and sends no other (F51)', () => {
    const bench = fly();
    bench.command({ type: 'kill', flatten: false });
    bench.deal({ filled: orderOf(bench).volume });
    bench.bar(4_600);
    bench.durable();
    expect(bench.requests.filter((one) => one.type === 'submitOrder')).toHaveLength(1);
  });
});

describe('setTradingState', () => {
  it('changes the state once and refuses what it is already', () => {
    const bench = readyBench();
    bench.command({ type: 'setTradingState', state: 'reducing' });
    expect(bench.state.core.tradingState).toBe('reducing');
    bench.command({ type: 'setTradingState', state: 'reducing' });
    expect(last(bench)?.reason).toBe('entries are paused already');
  });
});

describe('resetBreaker', () => {
  it('needs a tripped breaker and a reason (rule 6)', () => {
    const bench = readyBench();
    bench.command(reset('KILL'));
    expect(last(bench)?.reason).toBe('breaker KILL is not tripped');
    bench.command({ type: 'kill', flatten: false });
    bench.command(reset('KILL', ' x '));
    expect(last(bench)?.reason).toContain('reason');
    bench.command(reset('KILL'));
    expect(last(bench)).toMatchObject({ status: 'done' });
    expect(bench.state.core.breakers.KILL.tripped).toBe(false);
  });

  it('never clears PERSISTENCE: writes must be proven (rule 6)', () => {
    const bench = readyBench();
    bench.feed({ type: 'journalFault', reason: untrusted('no space') });
    bench.command(reset('PERSISTENCE'));
    expect(bench.state.core.breakers.PERSISTENCE.tripped).toBe(true);
    expect(last(bench)).toMatchObject({ status: 'refused' });
  });

  it('never clears INTEGRITY while the difference exists (rule 6)', () => {
    const bench = hold();
    waitQuoted(bench, 4_000);
    bench.pass({});
    bench.bar(4_600);
    bench.wait(1_000);
    expect(bench.state.core.breakers.INTEGRITY.tripped).toBe(true);
    bench.command(reset('INTEGRITY'));
    expect(last(bench)?.reason).toBe('the difference is not resolved yet');
    bench.deal(closingDeal(bench, { id: '2', size: positionOf(bench).volume, net: 10 }));
    bench.command(reset('INTEGRITY'));
    expect(bench.state.core.breakers.INTEGRITY.tripped).toBe(false);
  });

  it('never clears INTEGRITY without a look at the broker (rule 6)', () => {
    const bench = hold();
    bench.deal(closingDeal(bench, { id: '2', size: 700, net: 1, cause: 'stop-out' }));
    relink(bench);
    bench.command(reset('INTEGRITY'));
    expect(last(bench)?.reason).toBe('the difference is not resolved yet');
    bench.pass({});
    bench.command(reset('INTEGRITY'));
    expect(bench.state.core.breakers.INTEGRITY.tripped).toBe(false);
  });

  it('never clears what clears by itself (breaker table)', () => {
    const bench = readyBench();
    bench.wait(16_000);
    expect(bench.state.core.breakers.FEED.tripped).toBe(true);
    bench.command(reset('FEED'));
    expect(last(bench)?.reason).toBe('it clears by itself: 10 s of fresh quotes');
  });

  it('clears LOSS_STREAK together with the streak (F61)', () => {
    const bench = readyBench();
    bench.state = { ...bench.state, core: { ...bench.state.core, lossStreak: 3 } };
    bench.wait(250);
    expect(bench.state.core.breakers.LOSS_STREAK.tripped).toBe(true);
    bench.command(reset('LOSS_STREAK'));
    bench.wait(1_000);
    expect(bench.state.core.lossStreak).toBe(0);
    expect(bench.state.core.breakers.LOSS_STREAK.tripped).toBe(false);
  });

  it('clears DAILY_LOSS only when the loss is no longer there, once a day (rule 6)', () => {
    const bench = hold();
    bench.state = sunk(bench, 3_900);
    bench.wait(250);
    expect(bench.state.core.breakers.DAILY_LOSS.tripped).toBe(true);
    bench.command(reset('DAILY_LOSS'));
    expect(last(bench)?.reason).toBe('the loss still stands at the limit');
    bench.state = sunk(bench, 4_602);
    bench.command(reset('DAILY_LOSS'));
    expect(last(bench)).toMatchObject({ status: 'done' });
    bench.state = sunk(bench, 3_900);
    bench.wait(250);
    bench.state = sunk(bench, 4_602);
    bench.command(reset('DAILY_LOSS'));
    expect(last(bench)?.reason).toBe('it was reset today already');
  });
});

/** The same state with another last price, as if the market had gone there. */
function sunk(bench: EngineBench, bid: number): EngineBench['state'] {
  const { market, at } = bench.state;
  if (market.quote === undefined) throw new Error('no quote');
  const quote = {
    ...market.quote,
    bid: (bid * 100_000) as never,
    ask: ((bid + 2) * 100_000) as never,
    acceptedAt: at.mono,
  };
  return { ...bench.state, market: { ...market, quote } };
}

describe('PERSISTENCE after a restart', () => {
  it('may be reset once a new run has opened the journal, and not before (breaker rule 6)', () => {
    const bench = new EngineBench();
    bench.start();
    bench.ready();
    bench.feed({ type: 'journalFault', reason: untrusted('no space left') });
    bench.jump(1_000);
    const reset = { type: 'resetBreaker', breaker: 'PERSISTENCE', reason: untrusted('disk grown') };
    bench.command(reset as CommandBody);
    expect(bench.state.core.breakers.PERSISTENCE.tripped).toBe(true);
    bench.jump(1_000);
    bench.start();
    bench.command(reset as CommandBody);
    expect(bench.state.core.breakers.PERSISTENCE.tripped).toBe(false);
  });
});

describe('asking for the news', () => {
  it('is what the source answered, and without a source refused', () => {
    const bench = readyBench();
    const last = () => bench.state.core.commands.at(-1);
    bench.command({ type: 'refreshSentiment' });
    expect(last()).toMatchObject({
      status: 'refused',
      reason: 'this run has no news source to ask',
    });
    const answer = { asked: false, reason: 'nitter rests for 29 s after a failure' };
    bench.command({ type: 'refreshSentiment', answer });
    expect(last()).toMatchObject({ status: 'refused', reason: answer.reason });
    const asked = { asked: true, reason: 'the news are asked now' };
    bench.command({ type: 'refreshSentiment', answer: asked });
    expect(last()).toMatchObject({ status: 'done', reason: asked.reason });
    bench.command({ type: 'refreshSentiment', answer: asked }, 'observer');
    expect(last()).toMatchObject({ status: 'refused' });
  });
});
