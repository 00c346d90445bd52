// Why there is no trading, told apart: each trouble ends in a state of its own, with a sentence
// that says what happened and what to do. A server that lies about units is refused, over the wire.
import { describe, expect, it } from 'vitest';
import { createCtraderBroker } from '../../src/ctrader/broker.ts';
import { secret } from '../../src/ctrader/secret.ts';
import { type BrokerEvent, wall } from '../../src/engine/index.ts';
import { FCPO_ID, SIMULATED_ACCOUNT } from '../../src/sim/fcpo.ts';
import { faultScript } from '../../src/sim/server/faults.ts';
import { memoryDial } from '../../src/sim/server/memory-dial.ts';
import type { ListedSymbol, SimulatorParams } from '../../src/sim/server/parameters.ts';
import { STANDARD_CREDENTIALS } from '../../src/sim/server/standard-broker.ts';
import { bench, START, toldMarket } from '../sim/server/bench.ts';

interface Choices {
  readonly params?: Partial<SimulatorParams>;
  readonly clientSecret?: string;
  readonly accessToken?: string;
  readonly maintenance?: boolean;
}

/** A started client and what it said about the link after two minutes. */
function client(choices: Choices = {}) {
  const market = toldMarket([{ after: 1_000, bid: 4_600, ask: 4_602 }]);
  const { clock, server } = bench({ market, ...(choices.params && { params: choices.params }) });
  if (choices.maintenance === true) server.setMaintenance(wall(START + 600_000));
  const events: BrokerEvent[] = [];
  const broker = createCtraderBroker({
    dial: memoryDial(server, clock, 20),
    clock,
    credentials: {
      clientId: STANDARD_CREDENTIALS.clientId,
      clientSecret: secret(choices.clientSecret ?? STANDARD_CREDENTIALS.clientSecret),
      accessToken: secret(choices.accessToken ?? STANDARD_CREDENTIALS.accessToken),
    },
    environment: 'demo',
    accountId: SIMULATED_ACCOUNT.id,
    instrumentName: 'FCPO',
    instrumentAliases: [],
    trading: true,
    random: () => 0.5,
  });
  broker.start((event) => {
    events.push(event);
    if (event.type === 'instrument') broker.subscribe(event.instrument.id);
  });
  const links = () =>
    events.flatMap((event) => (event.type === 'link' ? [[event.state, event.reason ?? '']] : []));
  return { broker, clock, server, events, links, last: () => links().at(-1) ?? [] };
}

const later = (of: ReturnType<typeof client>, milliseconds: number) => {
  of.clock.advanceBy(milliseconds);
  return of.last();
};

describe('each trouble has a state and a sentence of its own', () => {
  it('the application is refused: AUTH_HALT, with the settings to look at (F20)', () => {
    const [state, reason] = later(client({ clientSecret: 'wrong' }), 120_000);
    expect(state).toBe('AUTH_HALT');
    expect(reason).toContain('the application was refused');
    expect(reason).toContain('check CTRADER_CLIENT_ID and CTRADER_CLIENT_SECRET');
  });

  it('the token of the account is rejected: AUTH_HALT, log in again (F20)', () => {
    const [state, reason] = later(client({ accessToken: 'old' }), 120_000);
    expect(state).toBe('AUTH_HALT');
    expect(reason).toContain('the access token is wrong, expired or was replaced');
    expect(reason).toContain('log in again');
  });

  it('maintenance: MAINTENANCE, and back by itself when it is over (F24)', () => {
    const of = client({ maintenance: true });
    expect(later(of, 30_000)[0]).toBe('MAINTENANCE');
    of.server.setMaintenance(undefined);
    expect(later(of, 400_000)[0]).toBe('READY');
  });

  it('the transport is lost: DISCONNECTED with the reason, then the ladder (F01 F08)', () => {
    const of = client();
    expect(later(of, 10_000)[0]).toBe('READY');
    of.server.stop();
    of.clock.advanceBy(100);
    const lost = of.links().find(([state]) => state === 'DISCONNECTED');
    expect(lost?.[1]).toContain('the server closed the connection');
  });

  it('no prices: a subscription that delivers nothing is said to be that (F26)', () => {
    const rule = { direction: 'out', name: 'ProtoOASpotEvent', action: { type: 'drop' } } as const;
    const of = client({ params: { faults: faultScript([rule]) } });
    const [state, reason] = later(of, 180_000);
    expect(state).toBe('NO_PRICES');
    expect(reason).toContain('sends no prices');
  });
});

describe('a server that lies about units', () => {
  const lying = (lie: Partial<ListedSymbol>) => {
    const { params } = bench();
    const symbols = params.symbols.map((symbol) =>
      symbol.symbolId === FCPO_ID ? { ...symbol, ...lie } : symbol,
    );
    return client({ params: { symbols } });
  };

  it.each([
    ['a lot of nothing', { lotSize: 0 }],
    ['a least volume of nothing', { minVolume: 0 }],
    ['a step of nothing', { stepVolume: 0 }],
    ['a most below the least', { minVolume: 500, maxVolume: 100 }],
  ])('%s: no instrument, no READY, and a sentence about it (F16)', (_, lie) => {
    const of = lying(lie);
    const [state, reason] = later(of, 60_000);
    expect(of.events.some(({ type }) => type === 'instrument')).toBe(false);
    expect(of.links().map(([each]) => each)).not.toContain('READY');
    expect(`${state}: ${reason}`.length).toBeGreaterThan(20);
  });
});

describe('bytes that are wrong', () => {
  it.each([
    ['a length beyond every limit', { type: 'corrupt', at: 0, mask: 0x7f }, 'longer than allowed'],
    ['half a frame', { type: 'truncate', bytes: 7 }, 'closed the connection'],
  ] as const)('%s ends the line with a reason, and the next one works (F03 F12)', (...row) => {
    const [, action, text] = row;
    const name = 'ProtoOATraderRes';
    const rule = { connection: 1, direction: 'out', name, nth: 1, action } as const;
    const of = client({ params: { faults: faultScript([rule]) } });
    expect(later(of, 60_000)[0]).toBe('READY');
    const lost = of.links().find(([state]) => state === 'DISCONNECTED');
    expect(lost?.[1]).toContain(text);
    expect(of.broker.counts().dials).toBe(2);
  });

  it('a frame in single bytes is the same frame (F04)', () => {
    const rule = { direction: 'out', action: { type: 'split', size: 1 } } as const;
    const of = client({ params: { faults: faultScript([rule]) } });
    expect(later(of, 10_000)[0]).toBe('READY');
    expect(of.broker.counts().dials).toBe(1);
  });
});
