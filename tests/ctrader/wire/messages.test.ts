// Message fields to bytes and back: nothing lost, nothing invented, nothing wrong let through.
// Envelopes and frames are tested in codec.test.ts and frame.test.ts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, EncodeRefused, encodeMessage } from '../../../src/ctrader/wire/messages.ts';
import {
  ENUM_VALUES,
  type MessageName,
  type Messages,
} from '../../../src/ctrader/wire/schema.gen.ts';
import {
  concat,
  FACTS,
  fromHex,
  GOLDEN_FRAMES,
  rawFields,
  sample,
  shownFields,
  toHex,
  varintField,
} from './wire-data.ts';

const NAMES = Object.keys(FACTS.messages) as MessageName[];
type Fields = Record<string, unknown>;

/** Encodes fields that need not fit the type: what a caller without types could pass. */
const encode = (name: string, fields: unknown): Uint8Array =>
  encodeMessage(name as MessageName, fields as Messages[MessageName]);

function decoded(name: string, bytes: Uint8Array): Fields {
  const result = decodeMessage(name as MessageName, bytes);
  if (result.status === 'undecodable') throw new Error(result.reason);
  return result.fields as unknown as Fields;
}

function reasonOf(name: string, bytes: Uint8Array): string {
  const result = decodeMessage(name as MessageName, bytes);
  return result.status === 'undecodable' ? result.reason : 'it decoded';
}

/** All paths to required fields, through records. */
function requiredPaths(name: string): string[][] {
  return shownFields(name).flatMap((field) => {
    const inside =
      FACTS.messages[field.type] === undefined
        ? []
        : requiredPaths(field.type).map((path) => [field.name, ...path]);
    return field.label === 'required' ? [[field.name], ...inside] : inside;
  });
}

function withoutPath(fields: unknown, [first = '', ...rest]: readonly string[]): unknown {
  if (Array.isArray(fields)) return fields.map((item) => withoutPath(item, [first, ...rest]));
  const copy = { ...(fields as Fields) };
  if (rest.length === 0) delete copy[first];
  else copy[first] = withoutPath(copy[first], rest);
  return copy;
}

const ORDER = {
  ctidTraderAccountId: '41001234',
  symbolId: '77',
  orderType: 1,
  tradeSide: 1,
  volume: 100_000,
};

describe.each(NAMES)('%s', (name) => {
  it('survives the trip with every field set', () => {
    expect(decoded(name, encode(name, sample(name, true)))).toStrictEqual(sample(name, true));
  });

  it('survives the trip with only the required fields, the others absent (F16)', () => {
    const fields = sample(name, false);
    const result = decoded(name, encode(name, fields));
    expect(result).toStrictEqual(fields);
    for (const { name: field } of shownFields(name)) {
      expect(field in result, field).toBe(Object.hasOwn(fields, field));
    }
  });

  it('has every set field on the wire, by number (F17)', () => {
    const onWire = new Set(rawFields(encode(name, sample(name, true))).map(({ no }) => no));
    expect([...onWire].sort()).toEqual(
      shownFields(name)
        .map(({ no }) => no)
        .sort(),
    );
  });

  it('is refused when any required field is missing on encode (F16)', () => {
    for (const path of requiredPaths(name)) {
      const fields = withoutPath(sample(name, true), path);
      expect(() => encode(name, fields), path.join('.')).toThrow(/required/);
    }
  });

  it('is undecodable when any required field is missing on the wire (F16)', () => {
    const fields = rawFields(encode(name, sample(name, true)));
    for (const { name: field, no, label } of shownFields(name)) {
      const rest = concat(...fields.filter((raw) => raw.no !== no).map(({ bytes }) => bytes));
      if (label === 'required') expect(reasonOf(name, rest)).toContain(`'${field}'`);
      else expect(Object.keys(decoded(name, rest))).not.toContain(field);
    }
  });

  it('ignores fields nobody published (F15)', () => {
    const bytes = encode(name, sample(name, true));
    const unknown = concat(
      varintField(99, -1),
      fromHex('fa0703616263'),
      fromHex('f10700000000000000f0'),
    );
    expect(decoded(name, concat(unknown, bytes, unknown))).toStrictEqual(sample(name, true));
  });
});

describe('encodeMessage', () => {
  const enumFields = NAMES.flatMap((name) =>
    shownFields(name)
      .filter(({ type }) => FACTS.enums[type] !== undefined)
      .map((field) => ({ name, field })),
  );

  it('keeps every value of every enum field, the first one too (F17)', () => {
    expect(enumFields).toHaveLength(38);
    for (const { name, field } of enumFields) {
      for (const value of Object.values(FACTS.enums[field.type] ?? {})) {
        const bytes = encode(name, { ...sample(name, false), [field.name]: value });
        const raw = rawFields(bytes).find(({ no }) => no === field.no);
        expect(raw && toHex(raw.bytes), `${name}.${field.name}=${value}`).toBe(
          toHex(varintField(field.no, value)),
        );
        expect(decoded(name, bytes)[field.name]).toBe(value);
      }
    }
  });

  it('refuses enum values the schema does not know in requests, not in events', () => {
    for (const { name, field } of enumFields) {
      const fields = { ...sample(name, false), [field.name]: 4711 };
      if (name.endsWith('Req')) expect(() => encode(name, fields), name).toThrow(/known value/);
      else expect(decoded(name, encode(name, fields))[field.name]).toBe(4711);
    }
    const level = { marginCallType: 4711, marginLevelThreshold: 50 };
    const update = { ctidTraderAccountId: '1', marginCall: level };
    expect(() => encode('ProtoOAMarginCallUpdateReq', update)).toThrow(
      /marginCall\.marginCallType/,
    );
    expect(ENUM_VALUES['ProtoOATradeSide']).toEqual({ BUY: 1, SELL: 2 });
  });

  it.each([
    ['symbolId', 77, 'decimal text'],
    ['symbolId', '077', 'decimal id'],
    ['symbolId', '9223372036854775808', 'decimal id'],
    ['symbolId', '1.5', 'decimal id'],
    ['symbolId', '', 'decimal id'],
    ['symbolId', undefined, 'decimal text'],
    ['symbolId', null, 'decimal text'],
    ['volume', '100000', 'integer'],
    ['volume', 1.5, 'integer'],
    ['volume', Number.NaN, 'integer'],
    ['volume', 2 ** 53, 'between'],
    ['volume', 100_000n, 'integer'],
    ['limitPrice', Number.NaN, 'finite'],
    ['limitPrice', Number.POSITIVE_INFINITY, 'finite'],
    ['limitPrice', '1.5', 'finite'],
    ['limitPrice', undefined, 'finite'],
    ['slippageInPoints', 2 ** 31, 'between'],
    ['slippageInPoints', 0.5, 'integer'],
    ['tradeSide', 'BUY', 'integer'],
    ['tradeSide', undefined, 'integer'],
    ['guaranteedStopLoss', 1, 'true or false'],
    ['label', 5, 'text'],
    ['label', '\ud800', 'text'],
    ['payloadType', 2106, 'no such field'],
    ['stopLos', 1.5, 'no such field'],
    ['toString', 1, 'no such field'],
  ])('refuses an order with %s = %s (F16 F18)', (field, value, why) => {
    const attempt = () => encode('ProtoOANewOrderReq', { ...ORDER, [field]: value });
    expect(attempt).toThrow(EncodeRefused);
    expect(attempt).toThrow(new RegExp(`ProtoOANewOrderReq\\.${field}: .*${why}`));
  });

  it('refuses what is no message at all', () => {
    for (const fields of [null, undefined, 5, 'x']) {
      expect(() => encode('ProtoOANewOrderReq', fields)).toThrow(EncodeRefused);
    }
    expect(() => encode('ProtoOAReconcileRes', { ctidTraderAccountId: '1', order: {} })).toThrow(
      /order: a list expected/,
    );
    expect(() => encode('ProtoOAReconcileRes', { ctidTraderAccountId: '1', order: [7] })).toThrow(
      /fields expected/,
    );
  });

  it('refuses negative numbers where the wire has no sign', () => {
    const event = { ctidTraderAccountId: '1', symbolId: '2', bid: -1 };
    expect(() => encode('ProtoOASpotEvent', event)).toThrow(/bid: not between 0/);
    expect(() => encode('ProtoOACtidTraderAccount', { ctidTraderAccountId: '-1' })).toThrow(/id/);
  });

  it('does not take fields from a prototype', () => {
    const fields = Object.create(ORDER) as unknown;
    expect(() => encode('ProtoOANewOrderReq', fields)).toThrow(/required/);
  });

  it.each(GOLDEN_FRAMES)('writes "$name" byte for byte', ({ message, fields, payloadHex }) => {
    expect(toHex(encode(message, fields))).toBe(payloadHex);
  });
});

describe('decodeMessage', () => {
  it.each(GOLDEN_FRAMES)('reads "$name" field for field', ({ message, fields, payloadHex }) => {
    expect(decoded(message, fromHex(payloadHex))).toStrictEqual(fields);
  });

  it.each([
    '9007199254740991',
    '9007199254740992',
    '9007199254740993',
    '9223372036854775807',
    '-9223372036854775808',
    '-1',
    '0',
  ])('keeps the id %s (F18)', (orderId) => {
    const fields = { ctidTraderAccountId: '1', orderId };
    expect(decoded('ProtoOACancelOrderReq', encode('ProtoOACancelOrderReq', fields))).toEqual(
      fields,
    );
  });

  it('keeps unsigned ids up to 2^64 (F18)', () => {
    for (const id of ['9223372036854775808', '18446744073709551615']) {
      const fields = { ctidTraderAccountId: '1', symbolId: id, deletedQuotes: [id, '0'] };
      expect(decoded('ProtoOADepthEvent', encode('ProtoOADepthEvent', fields))).toEqual(fields);
    }
  });

  it('keeps two ids apart that are equal as doubles (F18)', () => {
    const id = (text: string) =>
      decoded(
        'ProtoOACancelOrderReq',
        encode('ProtoOACancelOrderReq', { ctidTraderAccountId: '1', orderId: text }),
      )['orderId'];
    expect(id('9007199254740992')).not.toBe(id('9007199254740993'));
  });

  it('keeps any safe integer and any finite number', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.double({ noNaN: true }), (volume, price) => {
        fc.pre(Number.isFinite(price));
        const fields = { ...ORDER, volume, limitPrice: price };
        expect(decoded('ProtoOANewOrderReq', encode('ProtoOANewOrderReq', fields))).toEqual({
          ...fields,
          volume: volume + 0,
        });
      }),
    );
  });

  it('calls a number beyond 2^53 undecodable instead of rounding it (F18)', () => {
    const event = (bid: bigint) =>
      concat(varintField(2, 1), varintField(3, 2), varintField(4, bid));
    expect(decoded('ProtoOASpotEvent', event(2n ** 53n - 1n))['bid']).toBe(2 ** 53 - 1);
    expect(reasonOf('ProtoOASpotEvent', event(2n ** 53n))).toContain('ProtoOASpotEvent.bid');
    expect(reasonOf('ProtoOASpotEvent', event(2n ** 64n - 1n))).toContain('ProtoOASpotEvent.bid');
  });

  it('calls a price that is not a number undecodable', () => {
    const moved = { ctidTraderAccountId: '1', positionId: '2', orderId: '3' };
    const bytes = encode('ProtoOATrailingSLChangedEvent', {
      ...moved,
      stopPrice: 1.5,
      utcLastUpdateTimestamp: 1,
    });
    const nan = fromHex(toHex(bytes).replace('000000000000f83f', '000000000000f87f'));
    expect(reasonOf('ProtoOATrailingSLChangedEvent', nan)).toContain('stopPrice is not finite');
  });

  it('leaves an absent bid absent: own properties only (F16)', () => {
    const fields = decoded('ProtoOASpotEvent', concat(varintField(2, 1), varintField(3, 2)));
    expect(Object.keys(fields)).toEqual(['ctidTraderAccountId', 'symbolId']);
    expect('bid' in fields).toBe(false);
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
    expect(JSON.stringify(fields)).toBe('{"ctidTraderAccountId":"1","symbolId":"2"}');
  });

  it('leaves enum fields with a default absent when they were not sent (F16)', () => {
    const bar = decoded('ProtoOATrendbar', varintField(3, 9));
    expect(bar).toStrictEqual({ volume: 9 });
  });

  it('reads unknown values of required enums as numbers (F15)', () => {
    const bytes = concat(varintField(2, 1), varintField(3, 99));
    expect(decoded('ProtoOAExecutionEvent', bytes)).toEqual({
      ctidTraderAccountId: '1',
      executionType: 99,
    });
  });

  it('accepts the redundant type number, right or wrong', () => {
    const rest = concat(varintField(2, 1), varintField(3, 2));
    for (const type of [2131, 7]) {
      const fields = decoded('ProtoOASpotEvent', concat(varintField(1, type), rest));
      expect(fields).toStrictEqual({ ctidTraderAccountId: '1', symbolId: '2' });
    }
  });

  it('accepts lists packed and unpacked', () => {
    const head = varintField(2, 1);
    const unpacked = concat(head, varintField(3, 5), varintField(3, 6));
    const packed = concat(head, fromHex('1a020506'));
    for (const bytes of [packed, unpacked]) {
      expect(decoded('ProtoOASymbolByIdReq', bytes)['symbolId']).toEqual(['5', '6']);
    }
  });

  it('treats a known field with a wrong wire type as unknown (F13)', () => {
    const bytes = concat(varintField(2, 1), varintField(3, 2), fromHex('2203616263'));
    expect(decoded('ProtoOASpotEvent', bytes)).toStrictEqual({
      ctidTraderAccountId: '1',
      symbolId: '2',
    });
  });

  it('copies bytes out of the frame', () => {
    const bytes = encode('ProtoMessage', { payloadType: 51, payload: Uint8Array.of(1, 2) });
    const fields = decoded('ProtoMessage', bytes);
    bytes.fill(0);
    expect(fields['payload']).toEqual(Uint8Array.of(1, 2));
  });

  it('never throws on random bytes, whatever the message', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.uint8Array({ maxLength: 200 }), (name, bytes) => {
        expect(decodeMessage(name, bytes).status).toMatch(/^(un)?decod(ed|able)$/);
      }),
      { numRuns: 3000 },
    );
  });
});
