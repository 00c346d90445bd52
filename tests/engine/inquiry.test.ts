/** What is asked of the broker, above all while nobody answers about the past. */
import { describe, expect, it } from 'vitest';
import { money, untrusted } from '../../src/engine/index.ts';
import { ACCOUNT, type EngineBench } from '../support/engine.ts';
import { hold, orderOf, positionOf, readyBench, reready, shownAs, waitQuoted } from './desk.ts';
import { unknown, window } from './reconcile-desk.ts';

/** How far back each pass was asked that has been asked since the last look. */
function asked(bench: EngineBench): readonly (number | undefined)[] {
  const queries = bench.effects.flatMap((one) =>
    one.type === 'query' && one.query.type === 'reconcile' ? [one.query.historyFrom] : [],
  );
  bench.effects.length = 0;
  return queries;
}

function nothing(bench: EngineBench): void {
  const { generation } = bench.state.core.link;
  const pass = { complete: false, reason: untrusted('page 2 timed out') } as const;
  bench.feed({ type: 'brokerSnapshot', generation, pass });
}

/** An order in doubt on a live link, and the first question about its past. */
function inDoubt(): EngineBench {
  const bench = unknown();
  bench.pass({});
  reready(bench);
  asked(bench);
  waitQuoted(bench, 10_500);
  expect(asked(bench)).toEqual([(orderOf(bench).sentWall ?? 0) - 60_000]);
  return bench;
}

describe('while nobody answers about the past (F47 P13)', () => {
  it('the present is asked for at once, and alone; the past again in its turn', () => {
    const bench = inDoubt();
    nothing(bench);
    expect(asked(bench)).toEqual([undefined]);
    bench.pass({});
    expect(asked(bench)).toEqual([]);
    waitQuoted(bench, 10_500);
    expect(asked(bench)).toEqual([(orderOf(bench).sentWall ?? 0) - 60_000]);
  });

  it('a broker that answers nothing is asked twice in ten seconds, not more (I28 I29)', () => {
    const bench = inDoubt();
    for (let time = 0; time < 12; time += 1) {
      nothing(bench);
      expect(asked(bench)).toEqual([undefined]);
      nothing(bench);
      expect(asked(bench)).toEqual([]);
      waitQuoted(bench, 10_500);
      expect(asked(bench)).toEqual([expect.any(Number)]);
    }
  });

  it('a doubt about the balance does not press it either (F58 I28)', () => {
    const bench = inDoubt();
    bench.feed({ type: 'link', state: 'DEGRADED', generation: bench.state.core.link.generation });
    const account = { ...ACCOUNT, balance: money(1), balanceVersion: 9 };
    bench.feed({ type: 'account', account });
    reready(bench);
    expect(bench.state.core.unexplainedSince).toBeDefined();
    asked(bench);
    nothing(bench);
    for (let time = 0; time < 5; time += 1) {
      expect(asked(bench)).toEqual([undefined]);
      bench.pass({ account });
      expect(asked(bench)).toEqual([]);
      waitQuoted(bench, 10_500);
      expect(asked(bench)).toEqual([expect.any(Number)]);
      nothing(bench);
    }
  });

  it('what executed is found, and its missing stop restored (R03 R18 I03 I09)', () => {
    const bench = inDoubt();
    nothing(bench);
    const { stop: _stop, ...naked } = shownAs(orderOf(bench));
    bench.pass({ positions: [naked] });
    expect(orderOf(bench).state).toBe('FILLED');
    expect(positionOf(bench)).toMatchObject({ ours: true, state: 'NAKED' });
    waitQuoted(bench, 2_500);
    bench.durable();
    expect(bench.requests.at(-1)).toMatchObject({ type: 'amendProtection', positionId: '500' });
  });

  it('the present alone never proves absence (I08 5.3)', () => {
    const bench = inDoubt();
    for (let time = 0; time < 12; time += 1) {
      nothing(bench);
      bench.pass({});
      waitQuoted(bench, 10_500);
      expect(orderOf(bench)).toMatchObject({ state: 'UNKNOWN', absences: 0 });
    }
    bench.pass(window(bench));
    expect(orderOf(bench).absences).toBe(1);
  });
});

it('a void answer when only the present was asked for is asked again in its turn (R28)', () => {
  const bench = hold();
  asked(bench);
  nothing(bench);
  expect(asked(bench)).toEqual([]);
});

it('a link that lost something is looked over until a look succeeds (F14 I28)', () => {
  const bench = hold();
  const { generation } = bench.state.core.link;
  bench.feed({ type: 'link', state: 'DEGRADED', generation });
  asked(bench);
  nothing(bench);
  waitQuoted(bench, 180_000);
  expect(asked(bench).length).toBeGreaterThanOrEqual(2);
});

it('nothing is open: the present alone, once a minute (5.3)', () => {
  const bench = readyBench();
  waitQuoted(bench, 180_000);
  expect(asked(bench)).toEqual([undefined, undefined, undefined]);
});
