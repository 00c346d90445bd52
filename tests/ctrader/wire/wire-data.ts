// Test data of the wire: the schema facts, the golden frames, sample messages made from the facts.
// Written from the facts alone, never from the generated schema, so that the two can disagree.
import { readFileSync } from 'node:fs';

export interface FactField {
  readonly name: string;
  readonly no: number;
  readonly type: string;
  readonly label: 'required' | 'optional' | 'repeated';
  readonly default?: string | number | boolean;
  readonly packed?: boolean;
  readonly deprecated?: boolean;
}

export interface Facts {
  readonly payloadTypes: Readonly<
    Record<string, { readonly enum: string; readonly message: string | null }>
  >;
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly messages: Readonly<
    Record<string, { readonly payloadType?: number; readonly fields: readonly FactField[] }>
  >;
}

export interface GoldenFrame {
  readonly name: string;
  readonly payloadType: number;
  readonly message: string;
  readonly clientMsgId?: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly payloadHex: string;
  readonly frameHex: string;
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
}

export const FACTS = readJson('schema-facts.json') as Facts;
export const GOLDEN_FRAMES = (readJson('golden-frames.json') as { frames: GoldenFrame[] }).frames;

export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The frame without its length prefix. */
export const bodyOf = (golden: GoldenFrame): Uint8Array => fromHex(golden.frameHex).subarray(4);

/** Ids by the naming habit of the published schema, stated apart from the generator's table. */
export const namesAnId = (field: FactField): boolean =>
  /int64/.test(field.type) && /(^id|Ids?|traderLogin|deletedQuotes)$/.test(field.name);

/** Fields of a message that types and samples show: all but the redundant type number. */
export function shownFields(message: string): readonly FactField[] {
  const fields = FACTS.messages[message]?.fields ?? [];
  return fields.filter((field) => field.name !== 'payloadType' || message === 'ProtoMessage');
}

/** A message with every field set (`full`) or only the required ones. */
export function sample(message: string, full: boolean): Record<string, unknown> {
  const fields = shownFields(message).filter((field) => full || field.label === 'required');
  return Object.fromEntries(
    fields.map((field) => {
      const value = sampleValue(field, full);
      return [field.name, field.label === 'repeated' ? [value, value] : value];
    }),
  );
}

const SCALARS: Readonly<Record<string, unknown>> = {
  int32: -7,
  uint32: 4_000_000_000,
  int64: -1_790_000_000_000,
  uint64: 9_007_199_254_740_991,
  double: -1.25,
  bool: false,
  string: 'zażółć 🌴',
  bytes: Uint8Array.of(0, 255, 8),
};

function sampleValue(field: FactField, full: boolean): unknown {
  if (FACTS.messages[field.type] !== undefined) return sample(field.type, full);
  const values = FACTS.enums[field.type];
  if (values !== undefined) return Object.values(values)[0];
  return namesAnId(field) ? '9007199254740993' : SCALARS[field.type];
}

/** One field of raw message bytes. */
export interface RawField {
  readonly no: number;
  readonly wireType: number;
  /** Tag and value together. */
  readonly bytes: Uint8Array;
}

/** Splits message bytes into fields by the rules of the encoding alone. */
export function rawFields(bytes: Uint8Array): RawField[] {
  const fields: RawField[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('cut off');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
    }
  };
  while (at < bytes.length) {
    const from = at;
    const tag = varint();
    const wireType = tag & 7;
    if (wireType === 0) varint();
    else if (wireType === 1) at += 8;
    else if (wireType === 2) {
      const length = varint();
      at += length;
    } else if (wireType === 5) at += 4;
    else throw new Error(`wire type ${wireType}`);
    fields.push({ no: tag >>> 3, wireType, bytes: bytes.slice(from, at) });
  }
  return fields;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A varint of any size; negative numbers take ten bytes as on the wire. */
export function varintBytes(value: bigint | number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** Tag and varint value of one field. */
export const varintField = (no: number, value: bigint | number): Uint8Array =>
  concat(varintBytes(no * 8), varintBytes(value));

/** Tag, length and bytes of one field. */
export const bytesField = (no: number, value: Uint8Array): Uint8Array =>
  concat(varintBytes(no * 8 + 2), varintBytes(value.length), value);
