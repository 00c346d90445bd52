/** The order state machine: its table walked pair by pair, and what a broker says in any order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClientOrderId,
  clientOrderId,
  generation,
  mono,
  type OrderState,
  positionId,
  seq,
  signalId,
  volume,
  wall,
} from '../../src/engine/index.ts';
import { isTerminal, TRANSITIONS, transitionOf } from '../../src/engine/order-moves.ts';
import {
  findOrder,
  LABEL_TAG,
  labelOf,
  moveOrder,
  orderFailed,
  orderIdOf,
} from '../../src/engine/orders.ts';
import { sizeOf } from '../../src/engine/trail.ts';
import { beginTurn, change, type Turn } from '../../src/engine/turn.ts';
import { brokerPosition } from '../support/engine.ts';
import { failed, fly, idsOf, intend, orderOf, sent } from './desk.ts';

const STATES: readonly OrderState[] = [
  'INTENT',
  'SEND_BEGINS',
  'SENT',
  'ACCEPTED',
  'PARTIAL',
  'UNKNOWN',
  'QUARANTINED',
  'ABORTED',
  'FILLED',
  'DONE_PARTIAL',
  'REJECTED',
  'CANCELLED',
  'EXPIRED',
  'ABSENT',
];

/** The catalogue's table (5.2), written down a second time by hand. */
const LEGAL: Readonly<Record<OrderState, readonly OrderState[]>> = {
  INTENT: ['SEND_BEGINS', 'ABORTED'],
  SEND_BEGINS: ['SENT', 'ABORTED', 'UNKNOWN'],
  SENT: [
    'ACCEPTED',
    'PARTIAL',
    'FILLED',
    'DONE_PARTIAL',
    'REJECTED',
    'CANCELLED',
    'EXPIRED',
    'UNKNOWN',
  ],
  ACCEPTED: ['PARTIAL', 'FILLED', 'DONE_PARTIAL', 'REJECTED', 'CANCELLED', 'EXPIRED', 'UNKNOWN'],
  PARTIAL: ['PARTIAL', 'FILLED', 'DONE_PARTIAL', 'UNKNOWN'],
  UNKNOWN: [
    'ACCEPTED',
    'PARTIAL',
    'FILLED',
    'DONE_PARTIAL',
    'REJECTED',
    'CANCELLED',
    'EXPIRED',
    'ABSENT',
    'QUARANTINED',
  ],
  QUARANTINED: [
    'ACCEPTED',
    'PARTIAL',
    'FILLED',
    'DONE_PARTIAL',
    'REJECTED',
    'CANCELLED',
    'EXPIRED',
    'ABSENT',
  ],
  ABORTED: ['FILLED', 'DONE_PARTIAL'],
  FILLED: [],
  DONE_PARTIAL: ['FILLED', 'DONE_PARTIAL'],
  REJECTED: ['FILLED', 'DONE_PARTIAL'],
  CANCELLED: ['FILLED', 'DONE_PARTIAL'],
  EXPIRED: ['FILLED', 'DONE_PARTIAL'],
  ABSENT: ['FILLED', 'DONE_PARTIAL'],
};

/** An order put into a state by hand, and the turn that holds it. */
function orderIn(state: OrderState): Turn {
  const bench = intend();
  const at = { seq: seq(999), mono: mono(1_000_000), wall: wall(bench.now) };
  const turn = beginTurn(bench.state, at);
  change(turn, { orders: [{ ...orderOf(bench), state, barrier: undefined }] });
  return turn;
}

function only(turn: Turn) {
  const [order] = turn.core.orders;
  if (order === undefined) throw new Error('there is no order');
  return order;
}

describe('the transition table', () => {
  const pairs = STATES.flatMap((from) => STATES.map((to) => [from, to] as const));
  it.each(pairs)('%s to %s moves exactly when the catalogue says so (T02 to T15)', (from, to) => {
    const turn = orderIn(from);
    const order = only(turn);
    if (LEGAL[from].includes(to)) {
      moveOrder(turn, order, to, 'test');
      expect(only(turn).state).toBe(to);
      const records = turn.effects.flatMap((one) => (one.type === 'record' ? [one.record] : []));
      expect(records).toContainEqual(expect.objectContaining({ kind: 'order', from, to }));
    } else {
      expect(() => moveOrder(turn, order, to, 'test')).toThrow(`cannot go from ${from} to ${to}`);
      expect(only(turn)).toBe(order);
    }
  });

  it('has a row for each of T02 to T15 and leads nowhere twice (5.2)', () => {
    const ids = new Set(TRANSITIONS.map((row) => row.id));
    const wanted = [
      '02',
      '03',
      '04',
      '05',
      '06',
      '07',
      '08',
      '09',
      '10',
      '11',
      '12',
      '13',
      '14',
      '15',
    ];
    expect([...ids].sort()).toEqual(wanted.map((number) => `T${number}`));
    for (const [from, to] of pairs) {
      const rows = TRANSITIONS.filter((row) => row.from.includes(from) && row.to.includes(to));
      expect(rows.length).toBeLessThanOrEqual(1);
      expect(transitionOf(from, to)).toBe(rows[0]);
    }
  });

  it('calls terminal what the catalogue calls terminal (5.2)', () => {
    const terminal = [
      'ABORTED',
      'FILLED',
      'DONE_PARTIAL',
      'REJECTED',
      'CANCELLED',
      'EXPIRED',
      'ABSENT',
    ];
    expect(STATES.filter(isTerminal)).toEqual(terminal);
  });
});

describe('identity', () => {
  it('derives one id from one signal and a label that contains it (5.1 F35)', () => {
    const signal = signalId('rsi-sentiment/301/buy/1736132400000');
    expect(orderIdOf(signal, 'buy')).toBe('b-301-1736132400000');
    expect(orderIdOf(signal, 'sell')).toBe('s-301-1736132400000');
    expect(labelOf(clientOrderId('b-1-2'))).toBe(`${LABEL_TAG}b-1-2`);
    expect(labelOf('x'.repeat(50) as ClientOrderId).length).toBeLessThanOrEqual(100);
    const long = signalId(`rsi-sentiment/${'9'.repeat(60)}/buy/1`);
    expect(() => orderIdOf(long, 'buy')).toThrow('too long');
  });

  it('uses a signal once, even when it is flat again (F35 I01)', () => {
    const bench = fly();
    failed(bench, orderOf(bench).id, { definitive: true });
    expect(orderOf(bench).state).toBe('REJECTED');
    expect(sizeOf(bench.state.core.signals)).toBe(1);
    bench.bar(4_600);
    const ids = bench.state.core.orders.map((order) => order.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the way to the wire', () => {
  it('asks the journal twice and hands bytes over once (T01 T03 I05 I06 A5)', () => {
    const bench = intend();
    expect(orderOf(bench).state).toBe('INTENT');
    bench.durableOnce();
    expect(orderOf(bench).state).toBe('SEND_BEGINS');
    expect(bench.requests).toHaveLength(0);
    bench.durableOnce();
    bench.feed({ type: 'durable', upTo: bench.state.at.seq });
    expect(bench.requests.map((one) => one.type)).toEqual(['submitOrder']);
    sent(bench, orderOf(bench).id);
    sent(bench, orderOf(bench).id);
    expect(orderOf(bench).state).toBe('SENT');
    expect(bench.state.core.entriesSent).toHaveLength(1);
  });

  it('aborts unsent when the journal is late, at either barrier (T02)', () => {
    const first = intend();
    first.jump(2_001);
    first.quote(4_600, 4_602);
    first.durable();
    expect(orderOf(first)).toMatchObject({
      state: 'ABORTED',
      reason: expect.stringContaining('2 s'),
    });
    const second = intend();
    second.durableOnce();
    second.jump(2_001);
    second.quote(4_600, 4_602);
    second.durable();
    expect(orderOf(second).state).toBe('ABORTED');
    expect([...first.requests, ...second.requests]).toEqual([]);
  });

  it('aborts unsent when the journal never answers, at either barrier (T02)', () => {
    for (const answered of [0, 1]) {
      const bench = intend();
      if (answered === 1) bench.durableOnce();
      bench.wait(2_250);
      expect(orderOf(bench).state).toBe('ABORTED');
      bench.durable();
      expect(bench.requests).toEqual([]);
    }
  });

  type Change = (bench: ReturnType<typeof intend>) => void;
  const changes: readonly (readonly [string, string, Change])[] = [
    ['kill', 'ABORTED', (bench) => bench.command({ type: 'kill', flatten: false })],
    [
      'reducing',
      'ABORTED',
      (bench) => bench.command({ type: 'setTradingState', state: 'reducing' }),
    ],
    ['a wide quote', 'ABORTED', (bench) => bench.quote(4_600, 4_660)],
    ['a stranger in the slot', 'ABORTED', (bench) => bench.pass({ positions: [brokerPosition()] })],
    [
      'a degraded link',
      'ABORTED',
      (bench) => bench.feed({ type: 'link', state: 'DEGRADED', generation: generation(1) }),
    ],
    ['a clean pass', 'SEND_BEGINS', (bench) => bench.pass({})],
    ['an absurd quote, which is held', 'SEND_BEGINS', (bench) => bench.quote(0, 9_999)],
  ];
  it.each(changes)(
    'between check and bytes comes %s: %s (T02 F36 F51 I03)',
    (_what, state, apply) => {
      const bench = intend();
      bench.durableOnce();
      apply(bench);
      bench.durable();
      expect(orderOf(bench).state).toBe(state);
      expect(bench.requests).toHaveLength(state === 'ABORTED' ? 0 : 1);
    },
  );
});

describe('what the broker says about an order', () => {
  const accepted = { positionId: positionId('500') };
  it('accepted is not filled (T04 F29)', () => {
    const bench = fly();
    bench.orderUpdate({ ...idsOf(orderOf(bench)), ...accepted });
    expect(orderOf(bench)).toMatchObject({ state: 'ACCEPTED', executed: 0 });
    expect(bench.state.core.positions).toEqual([]);
  });

  const refusals = [
    ['rejected', 'REJECTED', 'T08'],
    ['cancelled', 'CANCELLED', 'T09'],
    ['expired', 'EXPIRED', 'T09'],
  ] as const;
  it.each(refusals)('%s with nothing executed is %s (%s)', (status, state) => {
    for (const first of [false, true]) {
      const bench = fly();
      const ids = idsOf(orderOf(bench));
      if (first) bench.orderUpdate(ids);
      bench.orderUpdate({ ...ids, status });
      expect(orderOf(bench).state).toBe(state);
    }
  });

  it.each(['filled', 'cancelled', 'expired', 'rejected', 'working'] as const)(
    'decides by volumes, never by the name %s (T05 T06 T07 F30 F31)',
    (status) => {
      const bench = fly();
      const order = orderOf(bench);
      bench.orderUpdate({ ...idsOf(order), ...accepted, executed: volume(100), status });
      expect(orderOf(bench).state).toBe(status === 'working' ? 'PARTIAL' : 'DONE_PARTIAL');
      bench.orderUpdate({ ...idsOf(order), ...accepted, executed: order.volume, status });
      expect(orderOf(bench).state).toBe('FILLED');
    },
  );

  it('a refusal is final only when it is correlated and definitive (T08 T10 5.4)', () => {
    const sure = fly();
    failed(sure, orderOf(sure).id, { definitive: true });
    expect(orderOf(sure).state).toBe('REJECTED');
    expect(sure.state.core.rejects).toBe(1);
    const unsure = fly();
    failed(unsure, orderOf(unsure).id, { definitive: false });
    expect(orderOf(unsure).state).toBe('UNKNOWN');
    const other = fly();
    failed(other, 'somebody else', { definitive: true });
    expect(orderOf(other).state).toBe('SENT');
  });

  it('a refusal never undoes an executed part (F30 5.4)', () => {
    const bench = fly();
    bench.orderUpdate({ ...idsOf(orderOf(bench)), ...accepted, executed: volume(100) });
    failed(bench, orderOf(bench).id, { definitive: true });
    expect(orderOf(bench)).toMatchObject({ state: 'UNKNOWN', executed: 100 });
  });

  it('a refusal in any state never throws (F33)', () => {
    for (const state of STATES) {
      for (const definitive of [true, false]) {
        const turn = orderIn(state);
        orderFailed(turn, only(turn), definitive, 'why');
        if (isTerminal(state)) expect(only(turn).state).toBe(state);
      }
    }
  });

  it('evidence before the word that bytes left counts as sent (T03 T11 F32)', () => {
    const bench = intend();
    bench.durable();
    const order = orderOf(bench);
    bench.orderUpdate({ ...idsOf(order), ...accepted, executed: order.volume, status: 'filled' });
    expect(orderOf(bench).state).toBe('FILLED');
    sent(bench, order.id);
    expect(orderOf(bench)).toMatchObject({ state: 'FILLED', sentAt: expect.any(Number) });
    expect(bench.state.core.entriesSent).toHaveLength(1);
  });

  it('evidence about an order that never left is a defect, shown and not guessed (I06)', () => {
    const bench = intend();
    bench.orderUpdate(idsOf(orderOf(bench)));
    expect(orderOf(bench).state).toBe('ABORTED');
    expect(bench.state.core.breakers.INTEGRITY.tripped).toBe(true);
    bench.durable();
    expect(bench.requests).toEqual([]);
  });

  it.each(['rejected', 'cancelled', 'expired'] as const)(
    'a fill after %s wins: adopted, and INTEGRITY because a proof was wrong (T15 F34)',
    (status) => {
      for (const size of [100, undefined]) {
        const bench = fly();
        const order = orderOf(bench);
        bench.orderUpdate({ ...idsOf(order), status });
        const filled = size === undefined ? order.volume : volume(size);
        bench.deal({ filled });
        expect(orderOf(bench).state).toBe(size === undefined ? 'FILLED' : 'DONE_PARTIAL');
        expect(bench.state.core.positions[0]).toMatchObject({ ours: true, volume: filled });
        expect(bench.state.core.breakers.INTEGRITY.tripped).toBe(true);
      }
    },
  );

  it('closing and protective orders never count as the entry (F31)', () => {
    const bench = fly();
    const order = orderOf(bench);
    for (const kind of [{ closing: true }, { protective: true }]) {
      bench.orderUpdate({ ...idsOf(order), executed: order.volume, status: 'filled', ...kind });
    }
    expect(orderOf(bench).state).toBe('SENT');
  });

  it('same facts in any order and number end in the same state (F32 I12)', () => {
    const facts = [0, 100, 300, 700].map((executed) => ({ executed: volume(executed) }));
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 0, 1, 2, 3], { minLength: 8 }), (story) => {
        const bench = fly();
        const order = orderOf(bench);
        for (const index of story) {
          const executed = facts[index]?.executed ?? volume(0);
          bench.orderUpdate({ ...idsOf(order), ...accepted, executed });
        }
        expect(orderOf(bench)).toMatchObject({ state: 'FILLED', executed: 700 });
        expect(bench.state.core.breakers.INTEGRITY.tripped).toBe(false);
      }),
      { numRuns: 15 },
    );
  });
});

describe('findOrder', () => {
  it('matches by our id or by the broker id, never by an absent one (F19)', () => {
    const turn = orderIn('SENT');
    expect(findOrder(turn, undefined, undefined)).toBeUndefined();
    expect(findOrder(turn, undefined, only(turn).id)).toBe(only(turn));
  });
});
