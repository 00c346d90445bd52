/** Both sides of every difference, its row and what is done, before anything is done about it. */
import { describe, expect, it } from 'vitest';
import { differencesOf, ROW_ACTIONS } from '../../src/engine/differences.ts';
import {
  type BrokerPosition,
  type BrokerSnapshot,
  brokerOrderId,
  instrumentId,
  positionId,
  untrusted,
  volume,
} from '../../src/engine/index.ts';
import { snapshot } from '../../src/engine/snapshot.ts';
import type { Position } from '../../src/engine/state.ts';
import { ACCOUNT, brokerPosition, type EngineBench, ringgit } from '../support/engine.ts';
import { closingDeal, hold, orderOf, positionOf, readyBench, shownAs, unanswered } from './desk.ts';
import { deal, unknown, update } from './reconcile-desk.ts';

const NOTHING: BrokerSnapshot = {
  account: ACCOUNT,
  positions: [],
  orders: [],
  deals: [],
  endedOrders: [],
};

/** The rows that a broker's view gives against what the bench believes. */
const rows = (bench: EngineBench, shown: Partial<BrokerSnapshot>, ours: Partial<Position> = {}) => {
  const { core } = bench.state;
  const positions = core.positions.map((one) => ({ ...one, ...ours }));
  const told = { ...NOTHING, ...shown };
  return differencesOf({ ...core, positions }, told).map(({ row }) => row);
};

const same = (bench: EngineBench, fields: Partial<BrokerPosition> = {}) => {
  const { id, side, volume: size, entry, stop, target } = positionOf(bench);
  const levels = { ...(stop && { stop }), ...(target && { target }) };
  return shownAs(orderOf(bench), { id, side, volume: size, entry, ...levels, ...fields });
};

/** The broker closed that much of position 500. */
const closed = (bench: EngineBench, size: number) =>
  deal(bench, closingDeal(bench, { id: '2', size, net: 1 }));

describe('a position of ours', () => {
  const held = hold();
  const { volume: size } = positionOf(held);
  const { stop: _stop, ...naked } = same(held);
  const half = volume(size - 100);
  const stranger = brokerPosition({ id: positionId('501') });
  const cases: readonly [string, Partial<BrokerSnapshot>, string[], Partial<Position>?][] = [
    ['R01 R13 equal', { positions: [same(held)] }, []],
    ['R09 nothing here', { positions: [same(held), stranger] }, ['R09']],
    ['R10 gone, deals cover it', { deals: [closed(held, size)] }, ['R10']],
    ['R11 gone, deals cover a part', { deals: [closed(held, 100)] }, ['R11']],
    ['R12 gone, no deals', {}, ['R12']],
    [
      'R14 smaller by deals',
      { positions: [same(held, { volume: half })], deals: [closed(held, 100)] },
      ['R14'],
    ],
    ['R15 smaller without', { positions: [same(held, { volume: half })] }, ['R15']],
    ['R16 larger', { positions: [same(held, { volume: volume(size + 100) })] }, ['R16']],
    ['R17 the other side', { positions: [same(held, { side: 'sell' })] }, ['R17']],
    ['R18 no stop', { positions: [naked] }, ['R18']],
    ['R19 tighter', { positions: [same(held, { stop: ringgit(4_590) })] }, ['R19']],
    ['R20 looser', { positions: [same(held, { stop: ringgit(4_400) })] }, ['R20']],
    ['R21 another target', { positions: [same(held, { target: ringgit(4_800) })] }, ['R21']],
    ['R22 another price', { positions: [same(held, { entry: ringgit(4_603) })] }, ['R22']],
    [
      'R23 another instrument',
      { positions: [same(held, { instrumentId: instrumentId('999') })] },
      ['R23'],
    ],
    ['R24 still open', { positions: [same(held)] }, ['R24'], { state: 'CLOSE_UNKNOWN' }],
    ['R25 closed as asked', { deals: [closed(held, size)] }, ['R25'], { state: 'CLOSING' }],
  ];
  it.each(cases)('%s', (_name, shown, expected, ours) => {
    expect(rows(held, shown, ours)).toEqual(expected);
  });

  it('R26 closed here and open there, R07 our label, R03 the label of our order', () => {
    const over = hold();
    const open = same(over);
    over.deal(closingDeal(over, { id: '2', size, net: 1 }));
    expect(rows(over, { positions: [open] })).toEqual(['R26']);
    const label = untrusted('palm-oil-tui:b-301-1');
    expect(rows(readyBench(), { positions: [brokerPosition({ label })] })).toEqual(['R07']);
    const doubtful = unknown();
    expect(rows(doubtful, { positions: [shownAs(orderOf(doubtful))] })).toEqual(['R03']);
  });
});

describe('an order in doubt', () => {
  const bench = unknown();
  const size = orderOf(bench).volume;
  it('R04 pending, R05 ended bare, R06 executed and closed', () => {
    expect(rows(bench, { orders: [update(bench)] })).toEqual(['R04']);
    expect(rows(bench, { endedOrders: [update(bench, { status: 'rejected' })] })).toEqual(['R05']);
    const filled = update(bench, { status: 'filled', executed: size });
    expect(rows(bench, { endedOrders: [filled] })).toEqual(['R06']);
  });

  it('R27 pending with our label and unknown here; not a stranger’s', () => {
    const { clientOrderId: _id, ...bare } = update(bench);
    const other = { ...bare, brokerOrderId: brokerOrderId('77') };
    const ours = { ...other, label: untrusted('palm-oil-tui:x') };
    expect(rows(bench, { orders: [ours, other] })).toEqual(['R27']);
  });
});

describe('the picture', () => {
  it('shows both sides, row and action; the journal keeps them; equal again: empty', () => {
    const bench = hold();
    bench.wait(4_000);
    unanswered(bench);
    const { volume: size } = positionOf(bench);
    bench.effects.length = 0;
    bench.pass({ positions: [same(bench, { volume: volume(size - 100) })] });
    const { reconciliation } = snapshot(bench.state, bench.state.at);
    expect(reconciliation).toMatchObject({
      ageMs: 0,
      differences: [
        {
          row: 'R15',
          subject: '500',
          ours: { volume: size, state: 'PROTECTED' },
          broker: { volume: size - 100, state: 'OPEN' },
          action: ROW_ACTIONS.R15,
        },
      ],
    });
    const notes = () =>
      bench.effects.flatMap((one) =>
        one.type === 'record' && one.record.kind === 'difference'
          ? [`${one.record.row} ${one.record.subject}: ${one.record.text}`]
          : [],
      );
    expect(notes()).toHaveLength(1);
    expect(notes()[0]).toContain('R15 500: ours buy');
    bench.pass({ positions: [same(bench)] });
    expect(snapshot(bench.state, bench.state.at).reconciliation.differences).toEqual([]);
  });
});
