// The fast decoder of spot events answers exactly what the general one does, or not at all.
// Its speed is measured by scripts/bench-wire.ts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEnvelope, type WireMessage } from '../../../src/ctrader/wire/codec.ts';
import { decodeMessage } from '../../../src/ctrader/wire/messages.ts';
import { decodePlainSpot } from '../../../src/ctrader/wire/spot.ts';
import { bytesField, concat, fromHex, varintBytes, varintField } from './wire-data.ts';

/** The frame body of a spot event with this payload. */
const bodyWith = (payload: Uint8Array): Uint8Array =>
  concat(varintField(1, 2131), bytesField(2, payload));

/** What decodeEnvelope must say, by the general decoder alone. */
function expected(payload: Uint8Array): WireMessage {
  const result = decodeMessage('ProtoOASpotEvent', payload);
  if (result.status === 'undecodable') {
    const reason = `ProtoOASpotEvent: ${result.reason}`;
    return { kind: 'undecodable', payloadType: 2131, reason };
  }
  const { fields } = result;
  return { kind: 'message', name: 'ProtoOASpotEvent', payloadType: 2131, fields };
}

function compare(payload: Uint8Array): void {
  expect(decodeEnvelope(bodyWith(payload))).toStrictEqual(expected(payload));
  const shifted = concat(fromHex('ffff'), payload, fromHex('ff'));
  const fast = decodePlainSpot(shifted, 2, 2 + payload.length);
  if (fast === undefined) return;
  expect({ status: 'decoded', fields: fast }).toStrictEqual(
    decodeMessage('ProtoOASpotEvent', payload),
  );
}

const value = fc.oneof(
  fc.bigInt({ min: 0n, max: 300n }),
  fc.bigInt({ min: 0n, max: 2n ** 42n }),
  fc.constantFrom(
    ...[28n, 31n, 32n, 35n, 42n, 49n, 53n, 63n].flatMap((n) => [2n ** n - 1n, 2n ** n]),
  ),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
);

/** A varint with needless leading groups: legal, and read alike by all. */
const padded = fc.tuple(value, fc.integer({ min: 0, max: 9 })).map(([number, extra]) => {
  const bytes = [...varintBytes(number)];
  for (let i = 0; i < extra && bytes.length < 10; i += 1) {
    bytes.push((bytes.pop() ?? 0) | 128, 0);
  }
  return Uint8Array.from(bytes);
});

const barField = fc
  .tuple(fc.integer({ min: 3, max: 9 }), value)
  .map(([no, number]) => varintField(no, number));
const formingBar = fc
  .tuple(value, fc.integer({ min: 1, max: 14 }), value, value, value, fc.nat())
  .map(([volume, period, low, open, high, minutes]) =>
    concat(
      ...[varintField(3, volume), varintField(4, period), varintField(5, low)],
      ...[varintField(6, open), varintField(8, high), varintField(9, minutes)],
    ),
  );
const bar = fc.oneof(
  formingBar,
  fc.array(barField, { maxLength: 8 }).map((fields) => concat(...fields)),
);

const field = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(2, 3, 4, 5, 7, 8), value)
      .map(([no, n]) => varintField(no, n)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(2, 3, 4, 8), padded)
      .map(([no, n]) => concat(varintBytes(no * 8), n)),
  },
  { weight: 2, arbitrary: bar.map((bytes) => bytesField(6, bytes)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 40 }), value)
      .map(([no, n]) => varintField(no, n)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.uint8Array({ maxLength: 6 }))
      .map(([no, b]) => bytesField(no, b)),
  },
);

describe('the fast spot decoder', () => {
  it('agrees with the general decoder on any fields in any order', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 12 }), (fields) => compare(concat(...fields))),
      { numRuns: 5000 },
    );
  });

  it('agrees on whole events with forming bars', () => {
    fc.assert(
      fc.property(fc.array(formingBar, { maxLength: 3 }), value, value, (bars, bid, time) => {
        const head = [varintField(2, 41001234), varintField(3, 77), varintField(4, bid)];
        const fields = bars.map((bytes) => bytesField(6, bytes));
        compare(concat(...head, ...fields, varintField(8, time)));
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees where 32-bit fields wrap or turn negative', () => {
    const ids = concat(varintField(2, 41001234), varintField(3, 77));
    for (const odd of [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 + 1, 2 ** 40]) {
      for (const [period, minutes] of [
        [odd, 5],
        [1, odd],
      ] as const) {
        const common = [varintField(3, 9), varintField(4, period), varintField(5, 40)];
        const rest = [varintField(6, 1), varintField(8, 2), varintField(9, minutes)];
        compare(concat(ids, bytesField(6, concat(...common, ...rest))));
      }
    }
  });

  it('agrees on events cut off anywhere', () => {
    const event = concat(
      ...[varintField(2, 41001234), varintField(3, 77), varintField(4, 123450)],
      bytesField(6, fromHex('18094001280a30013801400248f6d5ab0e')),
      ...[varintField(7, 5), varintField(8, 1_790_000_000_000)],
    );
    for (let length = 0; length <= event.length; length += 1) compare(event.subarray(0, length));
  });

  it('takes the common shapes itself', () => {
    const ids = [varintField(2, 41001234), varintField(3, 77)];
    const sides = [
      [varintField(4, 1)],
      [varintField(5, 2)],
      [varintField(4, 1), varintField(5, 2)],
    ];
    for (const side of sides) {
      for (const time of [[], [varintField(8, 1_790_000_000_000)]]) {
        const payload = concat(...ids, ...side, ...time);
        expect(decodePlainSpot(payload, 0, payload.length)).toBeDefined();
      }
    }
  });

  it('leaves an event without required fields to the general decoder, who refuses (F16)', () => {
    const payload = concat(varintField(3, 77), varintField(4, 1));
    expect(decodePlainSpot(payload, 0, payload.length)).toBeUndefined();
    expect(decodeEnvelope(bodyWith(payload))).toMatchObject({
      kind: 'undecodable',
      payloadType: 2131,
    });
  });
});
