// Any well-formed request with any values, and any bytes: the server answers or closes, it never
// throws, and its account stays sound. Seeds are printed when a case fails.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WireName } from '../../../src/ctrader/wire/schema.gen.ts';
import { ENUM_VALUES, type FieldDescriptor, SCHEMA } from '../../../src/ctrader/wire/schema.gen.ts';
import { equityOf } from '../../../src/sim/exchange-money.ts';
import { REQUESTS } from '../../../src/sim/server/requests.ts';
import { bench, FCPO_ID, toldMarket } from './bench.ts';
import { ACCOUNT, connect, loggedIn, subscribe, type WireClient } from './wire-client.ts';

const RUNS = 300;
const own = { ctidTraderAccountId: ACCOUNT };
const BUY = { ...own, symbolId: FCPO_ID, orderType: 1, tradeSide: 1, volume: 500 };

/** Numbers where arithmetic breaks, beside usual ones. */
const INTEGERS = [0, 1, 2, 3, 100, 250, 2_500, 3_000_000, 100_000 * 2 ** 36, -1, -100];
const EXTREMES = [
  9_007_199_254_700_000,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2 ** 31 - 1,
  -(2 ** 31),
];
const DECIMALS = [0, 4_590, 4_700, 4_590.5, 0.1 + 0.2, -1, 1e308, 5e-324, -1e10];

const IDS = [ACCOUNT, '1000002', FCPO_ID, '2003', '7000001', '5000001', '0', '-1', '77'];

function anyValue({ type, options }: FieldDescriptor): fc.Arbitrary<unknown> {
  if (options?.identifier === true) return fc.constantFrom(...IDS);
  const known = ENUM_VALUES[options?.enum ?? ''];
  if (known !== undefined) return fc.constantFrom(...Object.values(known));
  switch (type) {
    case 'string':
      return fc.oneof(
        fc.constant('simulator-access'),
        fc.string({ maxLength: 600, unit: 'grapheme' }),
      );
    case 'bool':
      return fc.boolean();
    case 'double':
      return fc.constantFrom(...DECIMALS);
    case 'int64':
      return fc.constantFrom(...INTEGERS, ...EXTREMES);
    case 'int32':
      return fc.constantFrom(...INTEGERS.filter((one) => one < 2 ** 31), 2 ** 31 - 1);
    default:
      return fc.constantFrom(0, 1, 2 ** 31);
  }
}

const NAMES = Object.keys(REQUESTS) as WireName[];

/** Mostly for the right account, so that values are reached. */
const request = fc.constantFrom(...NAMES).chain((name) => {
  const fields = Object.entries(SCHEMA[name]).filter(([field]) => field !== 'payloadType');
  const values = fields.map(([field, descriptor]) => {
    const value = anyValue(descriptor);
    const right = field === 'ctidTraderAccountId' ? fc.constant(ACCOUNT) : value;
    const whole = descriptor.rule === 'repeated' ? fc.array(value, { maxLength: 4 }) : right;
    return [field, whole] as const;
  });
  const requiredKeys = fields.filter(([, one]) => one.rule === 'required').map(([field]) => field);
  const record = fc.record(Object.fromEntries(values), { requiredKeys });
  return record.map((chosen) => ({ name, fields: chosen }));
});

const numbers = fc.constantFrom(...INTEGERS, ...EXTREMES);
const decimals = fc.constantFrom(...DECIMALS);
const nameless = { requiredKeys: [] };

/** Trading requests that get as far as the exchange. */
const trade = fc.oneof(
  fc
    .record({ relativeStopLoss: numbers, relativeTakeProfit: numbers }, nameless)
    .map((levels) => ({ name: 'ProtoOANewOrderReq' as const, fields: { ...BUY, ...levels } })),
  fc.record({ stopLoss: decimals, takeProfit: decimals }, nameless).map((levels) => ({
    name: 'ProtoOAAmendPositionSLTPReq' as const,
    fields: { ...own, positionId: '7000001', ...levels },
  })),
  numbers.map((volume) => ({
    name: 'ProtoOAClosePositionReq' as const,
    fields: { ...own, positionId: '7000001', volume },
  })),
);

function openWorld() {
  const market = toldMarket([{ after: 5_000, bid: 4_590, ask: 4_593 }]);
  const { clock, server } = bench({ market, switches: { overRate: 'never' } });
  const client = loggedIn(server, clock);
  subscribe(client, [1]);
  client.ask('ProtoOANewOrderReq', BUY);
  clock.advanceBy(300);
  return { clock, server, client };
}

const alive = (client: WireClient): boolean => client.closedBecause() === undefined;

describe('hostile clients', () => {
  it('any requests are answered, each once at least, and the account stays sound', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(request, trade), { minLength: 1, maxLength: 12 }),
        (requests) => {
          const { clock, server, client } = openWorld();
          const ids = requests.map(({ name, fields }) => client.tell(name, fields as never));
          clock.advanceBy(8_000);
          for (const id of ids) expect(client.answers(id).length).toBeGreaterThan(0);
          expect(alive(client)).toBe(true);
          const state = server.exchange(ACCOUNT);
          expect(state && Number.isSafeInteger(equityOf(state))).toBe(true);
          server.stop();
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('any bytes leave the server standing for the next client', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (chunks) => {
        const { clock, server, client } = openWorld();
        for (const chunk of chunks) client.write(chunk);
        clock.advanceBy(500);
        const next = connect(server, clock);
        expect(next.ask('ProtoOAVersionReq', {})).toHaveProperty('name', 'ProtoOAVersionRes');
        server.stop();
      }),
      { numRuns: RUNS },
    );
  });
});
