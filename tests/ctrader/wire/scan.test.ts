// Protobuf bombs: each shape is refused or survived within bounded time and memory (F13).
// What ordinary bytes mean is tested with the messages.
import { describe, expect, it } from 'vitest';
import { WIRE_LIMITS } from '../../../src/ctrader/wire/frame.ts';
import { decodeMessage } from '../../../src/ctrader/wire/messages.ts';
import { type ScanShape, scanMessage } from '../../../src/ctrader/wire/scan.ts';
import { cpuMillis } from '../../support/cpu-time.ts';
import { bytesField, concat, fromHex, varintField } from './wire-data.ts';

const MIB = 1024 * 1024;
const HEAD = concat(varintField(2, 1), varintField(3, 2));

/** Fills a whole frame with repetitions of these bytes. */
function flood(pattern: string): Uint8Array {
  const bytes = new Uint8Array(WIRE_LIMITS.frameBytes);
  const unit = fromHex(pattern);
  for (let at = 0; at + unit.length <= bytes.length; at += unit.length) bytes.set(unit, at);
  return bytes.subarray(0, bytes.length - (bytes.length % unit.length));
}

function nestedGroups(depth: number): Uint8Array {
  return fromHex('9b06'.repeat(depth) + '9c06'.repeat(depth));
}

/** A record that contains itself, which the real schema has not. */
const RECURSIVE: ScanShape = { fields: [] };
(RECURSIVE.fields as unknown[])[1] = { wireType: 2, repeated: false, record: RECURSIVE };

function nestedRecords(depth: number): Uint8Array {
  let bytes: Uint8Array = new Uint8Array(0);
  for (let level = 1; level < depth; level += 1) bytes = bytesField(1, bytes);
  return bytes;
}

describe('the scan', () => {
  it.each([
    ['unknown varints', 'f80700', /too many/],
    ['one known number again and again', '2001', /too many fields/],
    ['empty records', '3200', /too many elements/],
    ['list entries', '2a00', /too many/],
    ['nested groups', '9b06', /nesting/],
    ['endless varints', 'ff', /malformed/],
  ])('refuses a frame full of %s within 100 ms of work and 64 MiB (F13)', (_, pattern, reason) => {
    const bytes = concat(HEAD, flood(pattern));
    decodeMessage('ProtoOASpotEvent', HEAD);
    const before = process.memoryUsage();
    let result = decodeMessage('ProtoOASpotEvent', HEAD);
    const millis = cpuMillis(() => {
      result = decodeMessage('ProtoOASpotEvent', bytes);
    });
    const after = process.memoryUsage();
    expect(result.status === 'undecodable' && result.reason).toMatch(reason);
    expect(millis).toBeLessThan(100);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(64 * MIB);
  });

  it('counts the entries of packed lists (F13)', () => {
    const packed = (count: number) => concat(HEAD, bytesField(5, new Uint8Array(count)));
    expect(decodeMessage('ProtoOADepthEvent', packed(WIRE_LIMITS.elements)).status).toBe('decoded');
    expect(decodeMessage('ProtoOADepthEvent', packed(WIRE_LIMITS.elements + 1))).toEqual({
      status: 'undecodable',
      reason: 'too many elements',
    });
  });

  it('decodes a huge text in bounded time', () => {
    const bytes = bytesField(2, new Uint8Array(WIRE_LIMITS.frameBytes - 8).fill(97));
    const result = decodeMessage('ProtoOAVersionRes', bytes);
    expect(result.status === 'decoded' && result.fields.version.length).toBe(8 * MIB - 8);
  });

  it('allows groups as unknown fields up to the nesting limit', () => {
    const of = (depth: number) => concat(HEAD, nestedGroups(depth));
    expect(decodeMessage('ProtoOASpotEvent', of(15)).status).toBe('decoded');
    expect(decodeMessage('ProtoOASpotEvent', of(16)).status).toBe('undecodable');
  });

  it('bounds the nesting of records', () => {
    expect(scanMessage(RECURSIVE, nestedRecords(WIRE_LIMITS.nesting))).toBeUndefined();
    expect(scanMessage(RECURSIVE, nestedRecords(WIRE_LIMITS.nesting + 1))).toBe('nesting too deep');
  });

  it.each([
    ['field number zero', '0001'],
    ['a stray end of group', '9c06'],
    ['the wrong end of a group', '9b06a406'],
    ['a group without end', '9b0608'],
    ['wire type 6', 'fe0700'],
    ['a length beyond the message', '2a05ff'],
    ['a cut-off fixed field', 'f90700'],
    ['a cut-off varint', '2080'],
    ['a varint of eleven bytes', '20ffffffffffffffffffff01'],
    ['a tag beyond 32 bits', 'ffffffff7f01'],
    ['a record longer than its parent', '3203200105'],
  ])('refuses %s', (_, hex) => {
    const bytes = concat(HEAD, fromHex(hex));
    expect(decodeMessage('ProtoOASpotEvent', bytes).status).toBe('undecodable');
  });
});
