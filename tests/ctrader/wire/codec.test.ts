// Envelopes: golden frames both ways, unknown and undecodable as values, and no byte that throws.
// The golden texts in tests/ctrader/frames are for people to read: hex beside meaning.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeEnvelope,
  encodeEnvelope,
  type OutgoingMessage,
  type WireMessage,
} from '../../../src/ctrader/wire/codec.ts';
import { golden } from '../../support/golden.ts';
import {
  bodyOf,
  bytesField,
  concat,
  fromHex,
  GOLDEN_FRAMES,
  type GoldenFrame,
  sample,
  toHex,
  varintField,
} from './wire-data.ts';

const outgoing = ({ message, fields, clientMsgId }: GoldenFrame): OutgoingMessage =>
  ({
    name: message,
    fields,
    ...(clientMsgId === undefined ? {} : { clientMsgId }),
  }) as OutgoingMessage;

/** Hex in rows of sixteen bytes. */
function rows(hex: string): string {
  const lines = hex.match(/.{1,32}/g) ?? ['(nothing)'];
  return lines.map((line) => `  ${line.replaceAll(/(..)(?!$)/g, '$1 ')}`).join('\n');
}

function asText(frame: GoldenFrame, decoded: WireMessage): string {
  return [
    `${frame.name}`,
    `${frame.message} (${frame.payloadType}), clientMsgId ${frame.clientMsgId ?? 'absent'}`,
    '',
    'length prefix',
    rows(frame.frameHex.slice(0, 8)),
    'envelope',
    rows(frame.frameHex.slice(8)),
    'payload inside',
    rows(frame.payloadHex),
    '',
    'means',
    JSON.stringify(decoded, null, 2),
    '',
  ].join('\n');
}

const fileName = (name: string): string =>
  `ctrader/frames/${name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')}.txt`;

describe.each(GOLDEN_FRAMES)('the frame "$name"', (frame) => {
  it('is written byte for byte', () => {
    expect(toHex(encodeEnvelope(outgoing(frame)))).toBe(frame.frameHex);
  });

  it('is read field for field', () => {
    const { payloadType, message: name, fields, clientMsgId } = frame;
    expect(decodeEnvelope(bodyOf(frame))).toStrictEqual({
      kind: 'message',
      name,
      payloadType,
      fields,
      ...(clientMsgId === undefined ? {} : { clientMsgId }),
    });
  });

  it('means what its golden text says', () => {
    golden(fileName(frame.name), asText(frame, decodeEnvelope(bodyOf(frame))));
  });

  it('never throws when cut off or with a flipped bit (F14)', () => {
    const body = bodyOf(frame);
    for (let at = 0; at < body.length; at += 1) {
      expect(decodeEnvelope(body.subarray(0, at)).kind).toBeDefined();
      for (let bit = 0; bit < 8; bit += 1) {
        const flipped = body.slice();
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        expect(decodeEnvelope(flipped).kind).toBeDefined();
      }
    }
  });
});

describe('decodeEnvelope', () => {
  it('narrows the fields by name', () => {
    const payload = concat(varintField(2, 1), varintField(3, 2), varintField(4, 10));
    const message = decodeEnvelope(concat(varintField(1, 2131), bytesField(2, payload)));
    if (message.kind !== 'message' || message.name !== 'ProtoOASpotEvent')
      throw new Error('no spot');
    const bid: number | undefined = message.fields.bid;
    expect(bid).toBe(10);
  });

  it('reads heartbeats with absent and with empty payload', () => {
    for (const hex of ['0833', '08331200']) {
      expect(decodeEnvelope(fromHex(hex))).toStrictEqual({
        kind: 'message',
        name: 'ProtoHeartbeatEvent',
        payloadType: 51,
        fields: {},
      });
    }
  });

  it('reads envelope fields in any order, the last of a kind, and skips unknown ones (F15)', () => {
    const parts = [
      fromHex('1a026131'),
      bytesField(9, fromHex('ffff')),
      varintField(8, -1),
      fromHex('790000000000000000'),
      fromHex('7d00000000'),
      fromHex('1200'),
      varintField(1, 7),
      varintField(1, 2104),
      fromHex('1a026132'),
    ];
    expect(decodeEnvelope(concat(...parts))).toStrictEqual({
      kind: 'message',
      name: 'ProtoOAVersionReq',
      payloadType: 2104,
      fields: {},
      clientMsgId: 'a2',
    });
  });

  it('names unknown type numbers, whatever their payload (F15)', () => {
    for (const payloadType of [0, 5, 52, 2099, 2189, 4_294_967_295]) {
      const body = concat(varintField(1, payloadType), fromHex('1203ffffff'), fromHex('1a0161'));
      expect(decodeEnvelope(body)).toEqual({ kind: 'unknown', payloadType, clientMsgId: 'a' });
    }
  });

  it('keeps type number and id of an undecodable fill (F14)', () => {
    const body = concat(varintField(1, 2126), fromHex('12021001'), fromHex('1a026d31'));
    expect(decodeEnvelope(body)).toEqual({
      kind: 'undecodable',
      payloadType: 2126,
      clientMsgId: 'm1',
      reason: "ProtoOAExecutionEvent: missing required 'executionType'",
    });
  });

  it.each([
    ['nothing', '', undefined],
    ['no type number', '1200', undefined],
    ['a payload longer than the frame', '08ce1012ff', 2126],
    ['a cut-off type number', '08ce', undefined],
    ['a group', '08ce109b069c06', 2126],
    ['a type number of eleven bytes', '08ffffffffffffffffffff01', undefined],
  ])('calls %s undecodable and keeps what it could read (F14)', (_, hex, payloadType) => {
    const message = decodeEnvelope(fromHex(hex));
    expect(message).toMatchObject({ kind: 'undecodable', reason: /^envelope: / });
    expect('payloadType' in message ? message.payloadType : undefined).toBe(payloadType);
  });

  it('never throws on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(['message', 'unknown', 'undecodable']).toContain(decodeEnvelope(bytes).kind);
      }),
      { numRuns: 3000 },
    );
  });

  it('never throws on random payloads of known types', () => {
    const types = fc.integer({ min: 2100, max: 2188 });
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 120 }), (type, payload) => {
        const message = decodeEnvelope(concat(varintField(1, type), bytesField(2, payload)));
        expect(['message', 'undecodable']).toContain(message.kind);
        expect(message.kind === 'unknown' ? undefined : message.payloadType).toBe(type);
      }),
      { numRuns: 3000 },
    );
  });

  it('does not share memory with the frame', () => {
    const frame = GOLDEN_FRAMES.find(({ message }) => message === 'ProtoOATraderRes');
    if (frame === undefined) throw new Error('no golden trader answer');
    const body = bodyOf(frame);
    const message = decodeEnvelope(body);
    const before = JSON.stringify(message);
    body.fill(0xff);
    expect(JSON.stringify(message)).toBe(before);
  });
});

describe('encodeEnvelope', () => {
  it('writes the published heartbeat and version request', () => {
    const heartbeat = encodeEnvelope({ name: 'ProtoHeartbeatEvent', fields: {} });
    expect(toHex(heartbeat)).toBe('000000020833');
    const version = encodeEnvelope({ name: 'ProtoOAVersionReq', fields: {}, clientMsgId: 'a1' });
    expect(toHex(version)).toBe('0000000908b81012001a026131');
  });

  it('carries texts of any script and lengths of any size', () => {
    const fields = { version: 'ż'.repeat(100_000) };
    for (const clientMsgId of ['', 'ąć🌴', 'x'.repeat(300)]) {
      const frame = encodeEnvelope({ name: 'ProtoOAVersionRes', fields, clientMsgId });
      expect(decodeEnvelope(frame.subarray(4))).toMatchObject({ fields, clientMsgId });
    }
  });

  it('refuses ids that are no text and fields that are wrong (F16)', () => {
    const name = 'ProtoOAVersionRes';
    expect(() => encodeEnvelope({ name, fields: { version: '1' }, clientMsgId: '\udc00' })).toThrow(
      /clientMsgId/,
    );
    const wrong = { name, fields: sample('ProtoOAAsset', true) } as unknown as OutgoingMessage;
    expect(() => encodeEnvelope(wrong)).toThrow(/no such field/);
  });
});
