/** A person's word about what nobody can prove: when it counts, and what it never overrules. */
import { describe, expect, it } from 'vitest';
import { positionId, untrusted } from '../../src/engine/index.ts';
import { brokerPosition, type EngineBench } from '../support/engine.ts';
import {
  hold,
  orderOf,
  positionOf,
  readyBench,
  relink,
  reready,
  shownAs,
  waitQuoted,
} from './desk.ts';
import { unknown, update } from './reconcile-desk.ts';

const last = (bench: EngineBench) => bench.state.core.commands.at(-1);

describe('verdict', () => {
  /** Nothing proves it for five minutes. */
  function quarantined(): EngineBench {
    const bench = unknown();
    bench.pass({});
    reready(bench);
    for (let minutes = 0; minutes < 6; minutes += 1) {
      waitQuoted(bench, 60_000);
      bench.pass({});
    }
    expect(orderOf(bench).state).toBe('QUARANTINED');
    return bench;
  }

  const rule = (bench: EngineBench, reason: string): void => {
    const ruling = { type: 'absent', orderId: orderOf(bench).id } as const;
    bench.command({ type: 'verdict', ruling, reason: untrusted(reason) });
  };

  it('T14 rules a quarantined order absent, with a typed reason, audited', () => {
    const bench = quarantined();
    rule(bench, 'no');
    expect(orderOf(bench).state).toBe('QUARANTINED');
    rule(bench, 'the broker confirmed by telephone');
    expect(orderOf(bench)).toMatchObject({
      state: 'ABSENT',
      reason: 'by the operator (T14): the broker confirmed by telephone',
    });
    expect(bench.state.core.commands.at(-1)).toMatchObject({ type: 'verdict', status: 'done' });
    const records = bench.effects.flatMap((one) => (one.type === 'record' ? [one.record] : []));
    expect(records).toContainEqual(
      expect.objectContaining({ kind: 'order', from: 'QUARANTINED', to: 'ABSENT' }),
    );
  });

  it('T14 a person may err: refused until the broker has shown all it holds (I03 I08)', () => {
    const bench = quarantined();
    const nobody = { complete: false, reason: untrusted('page 2 timed out') } as const;
    const { generation } = bench.state.core.link;
    for (let minutes = 0; minutes < 2; minutes += 1) {
      waitQuoted(bench, 60_000);
      bench.feed({ type: 'brokerSnapshot', generation, pass: nobody });
    }
    rule(bench, 'I see nothing');
    expect(orderOf(bench).state).toBe('QUARANTINED');
    expect(last(bench)).toMatchObject({
      status: 'refused',
      reason: 'the broker has not shown all its positions for a minute: it may be one of them',
    });
    relink(bench);
    rule(bench, 'I see nothing');
    expect(orderOf(bench).state).toBe('QUARANTINED');
    bench.pass({ positions: [shownAs(orderOf(bench))] });
    expect(orderOf(bench).state).toBe('FILLED');
    expect(positionOf(bench).ours).toBe(true);
  });

  it('T14 T15 what is found after the verdict still wins, and trips INTEGRITY (F34)', () => {
    const bench = quarantined();
    rule(bench, 'it never happened');
    const { volume: size } = orderOf(bench);
    bench.orderUpdate({ ...update(bench), executed: size, status: 'filled' });
    expect(orderOf(bench).state).toBe('FILLED');
    expect(bench.state.core.breakers.INTEGRITY.tripped).toBe(true);
  });

  it('T14 never rules over what may still be proven, or is known (I18)', () => {
    const doubtful = unknown();
    rule(doubtful, 'impatience');
    expect(orderOf(doubtful).state).toBe('UNKNOWN');
    expect(doubtful.state.core.commands.at(-1)).toMatchObject({ status: 'refused' });
    const held = hold();
    rule(held, 'a mistake');
    expect(orderOf(held).state).toBe('FILLED');
    expect(held.state.core.commands.at(-1)).toMatchObject({ status: 'refused' });
  });

  it('R07 R08 adopts a position with our label, never one without (I33)', () => {
    const bench = readyBench();
    const label = untrusted('palm-oil-tui:b-301-1');
    bench.pass({ positions: [brokerPosition({ label })] });
    const adopt = (): void =>
      bench.command({
        type: 'verdict',
        ruling: { type: 'adopt', positionId: positionId('500') },
        reason: untrusted('my own order'),
      });
    adopt();
    expect(positionOf(bench)).toMatchObject({ ours: true, tagged: false, state: 'PROTECTED' });
    adopt();
    expect(bench.state.core.commands.at(-1)).toMatchObject({ status: 'refused' });
    const foreign = readyBench();
    foreign.pass({ positions: [brokerPosition()] });
    foreign.command({
      type: 'verdict',
      ruling: { type: 'adopt', positionId: positionId('500') },
      reason: untrusted('my own order'),
    });
    expect(positionOf(foreign).ours).toBe(false);
  });
});
