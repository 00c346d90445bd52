/** The control socket's lines: bounded reading, closed commands, roles. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  brokerOrderId,
  type CommandBody,
  clientOrderId,
  positionId,
  seq,
  untrusted,
  volume,
} from '../../src/engine/index.ts';
import {
  createLineReader,
  LINE_MAX,
  lineText,
  onlyReduces,
  readCommand,
  readEngineLine,
  readHello,
  roleRefusal,
} from '../../src/runtime/link-lines.ts';

const BODIES: readonly CommandBody[] = [
  { type: 'setTradingState', state: 'active' },
  { type: 'setTradingState', state: 'reducing' },
  { type: 'setTradingState', state: 'halted' },
  {
    type: 'closePosition',
    positionId: positionId('9007199254740993'),
    seen: { seq: seq(12), volume: volume(800) },
  },
  { type: 'flatten' },
  { type: 'refreshSentiment' },
  { type: 'kill', flatten: true },
  { type: 'resetBreaker', breaker: 'KILL', reason: untrusted('looked at it') },
  { type: 'cancelOrder', brokerOrderId: brokerOrderId('900') },
  {
    type: 'verdict',
    ruling: { type: 'absent', orderId: clientOrderId('b-301-1') },
    reason: untrusted('telephone'),
  },
  {
    type: 'verdict',
    ruling: { type: 'adopt', positionId: positionId('500') },
    reason: untrusted('my own'),
  },
];

const line = (body: unknown, more: object = {}) =>
  JSON.stringify({ type: 'command', command: { id: 'a-1', by: 'ann', body, ...more } });

describe('reading lines', () => {
  it('finds the same lines however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 40 }).filter((text) => !text.includes('\n'))),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (texts, cuts) => {
          const seen: string[] = [];
          const read = createLineReader(1_000, {
            line: (text) => seen.push(text),
            tooLong: () => seen.push('too long'),
          });
          const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const size = cuts[turn % cuts.length] ?? 1;
            read(bytes.subarray(at, at + size));
            at += size;
          }
          expect(seen).toEqual(texts.map((text) => Buffer.from(text).toString()));
        },
      ),
    );
  });

  it('stops for good at a line beyond the bound, in one piece or in drops (F122)', () => {
    for (const size of [1, 7, 5_000]) {
      let lines = 0;
      let stops = 0;
      const read = createLineReader(1_000, {
        line: () => {
          lines += 1;
        },
        tooLong: () => {
          stops += 1;
        },
      });
      const flood = Buffer.alloc(5_000, 120);
      for (let at = 0; at < flood.length; at += size) read(flood.subarray(at, at + size));
      read(Buffer.from('\nshort\n'));
      expect([lines, stops]).toEqual([0, 1]);
    }
  });
});

describe('commands', () => {
  it('come through unchanged, with ids as text (F18)', () => {
    for (const body of BODIES) {
      const read = readCommand(line(body));
      expect(read).toEqual({
        status: 'ok',
        command: { id: 'a-1', role: 'operator', by: 'ann', body },
      });
    }
  });

  it('take nothing along that the engine does not know (F122)', () => {
    const read = readCommand(line({ type: 'flatten', volume: 99, __proto__: { x: 1 } }));
    expect(read?.status === 'ok' && read.command.body).toEqual({ type: 'flatten' });
  });

  it.each([
    { type: 'arm' },
    { type: '__proto__' },
    { type: 'toString' },
    { type: 'setTradingState', state: 'live' },
    { type: 'closePosition', positionId: 7, seen: { seq: 1, volume: 1 } },
    { type: 'closePosition', positionId: '7', seen: { seq: 1, volume: -1 } },
    { type: 'closePosition', positionId: '7', seen: { seq: 1.5, volume: 1 } },
    { type: 'closePosition', positionId: '7' },
    { type: 'kill' },
    { type: 'kill', flatten: 'yes' },
    { type: 'cancelOrder' },
    { type: 'cancelOrder', brokerOrderId: 900 },
    { type: 'verdict', ruling: { type: 'absent' }, reason: 'because' },
    { type: 'verdict', ruling: { type: 'other', orderId: 'x' }, reason: 'because' },
    { type: 'verdict', ruling: { type: 'adopt', orderId: 'x' }, reason: 'because' },
    { type: 'verdict', ruling: { type: 'adopt', positionId: '5' } },
    { type: 'resetBreaker', breaker: 'NONE', reason: 'because' },
    { type: 'resetBreaker', breaker: 'KILL', reason: 'x'.repeat(501) },
    [],
    null,
    'flatten',
  ])('%j is refused by its id', (body) => {
    expect(readCommand(line(body))).toMatchObject({ status: 'invalid', id: 'a-1' });
  });

  it.each(['', '{', 'null', '[]', '{"type":"hello"}', '{"type":"command"}'])(
    '%j is no line of ours',
    (text) => expect(readCommand(text)).toBeUndefined(),
  );

  it.each([{ id: '' }, { id: 'x'.repeat(101) }, { id: 'a\u001b[2J' }, { id: 7 }])(
    'an id like %j is no line of ours',
    (more) => expect(readCommand(line({ type: 'flatten' }, more))).toBeUndefined(),
  );

  it('never throws, whatever text arrives', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        readCommand(text);
        readHello(text);
        readEngineLine(text);
      }),
    );
  });
});

describe('roles', () => {
  it('an operator may send all, an observer none, panic only what reduces risk', () => {
    for (const body of BODIES) {
      expect(roleRefusal('operator', body)).toBeUndefined();
      expect(roleRefusal('observer', body)).toMatch(/look/);
      expect(roleRefusal('panic', body) === undefined).toBe(onlyReduces(body));
    }
    const widening = BODIES.filter((body) => !onlyReduces(body));
    expect(widening.map((body) => body.type)).toEqual([
      'setTradingState',
      'refreshSentiment',
      'resetBreaker',
      'verdict',
      'verdict',
    ]);
  });

  it('a hello names one of them and a whole protocol number', () => {
    const hello = { type: 'hello', protocol: 1, role: 'panic' } as const;
    expect(readHello(lineText(hello))).toEqual(hello);
    for (const wrong of [{ role: 'root' }, { protocol: '1' }, { type: 'hallo' }]) {
      expect(readHello(JSON.stringify({ ...hello, ...wrong }))).toBeUndefined();
    }
  });
});

it('a line of the engine without its parts is none', () => {
  for (const text of [
    '{"type":"snapshot"}',
    '{"type":"snapshot","snapshot":[],"journal":{}}',
    '{"type":"refused","command":{}}',
    '{"type":"hello","protocol":1}',
  ]) {
    expect(readEngineLine(text)).toBeUndefined();
  }
  expect(readEngineLine('{"type":"surprise"}')).toEqual({ type: 'unknown' });
  expect(readEngineLine('{"type":"bye"}')).toEqual({ type: 'bye', reason: 'no reason' });
  expect(LINE_MAX.fromClient).toBeLessThan(LINE_MAX.fromEngine);
});

it('a line cannot say for the news source what it answered', () => {
  const body = { type: 'refreshSentiment', answer: { asked: true, reason: 'trust me' } };
  const read = readCommand(
    JSON.stringify({ type: 'command', command: { id: 'x', by: 'me', body } }),
  );
  expect(read).toMatchObject({ status: 'ok', command: { body: { type: 'refreshSentiment' } } });
  expect(JSON.stringify(read)).not.toContain('trust me');
});
