// A bounds check of message bytes before decoding: nesting, elements, fields, structure (F13).
// It builds nothing and judges no value: decoding and its rules are in messages.ts.
import { WIRE_LIMITS } from './frame.ts';

/** What the scan must know of a message type: which field numbers are records or lists. */
export interface ScanShape {
  /** By field number; a hole is an unknown field. */
  readonly fields: readonly (ScanField | undefined)[];
}

export interface ScanField {
  readonly wireType: number;
  readonly repeated: boolean;
  readonly record?: ScanShape;
}

const VARINT = 0;
const BYTES = 2;
const GROUP = 3;
const GROUP_END = 4;
const FIXED_BYTES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };
const MAX_VARINT_BYTES = 10;
const MAX_SMALL_BYTES = 5;
const MALFORMED = 'malformed bytes';

/** Why `bytes` must not be decoded as `shape`, or `undefined` if they may be. */
export function scanMessage(shape: ScanShape, bytes: Uint8Array): string | undefined {
  const scan = new Scan(bytes);
  scan.record(shape, bytes.length, 1);
  return scan.reason;
}

class Scan {
  reason: string | undefined;
  readonly #bytes: Uint8Array;
  #at = 0;
  #elements = 0;
  #fields = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  record(shape: ScanShape, end: number, depth: number): void {
    if (depth > WIRE_LIMITS.nesting) this.#refuse('nesting too deep');
    while (this.#at < end && this.reason === undefined) {
      const tag = this.#tag(end);
      const field = shape.fields[tag >>> 3];
      const wireType = tag & 7;
      if (field?.record !== undefined && wireType === BYTES) {
        this.#countElements(1);
        const stop = this.#span(end);
        this.record(field.record, stop, depth + 1);
      } else if (field?.repeated === true && field.wireType !== BYTES && wireType === BYTES) {
        this.#packed(field.wireType, this.#span(end));
      } else {
        if (field === undefined || field.repeated) this.#countElements(1);
        this.#skip(tag, end, depth);
      }
    }
  }

  #refuse(reason: string): void {
    this.reason ??= reason;
  }

  #countElements(count: number): void {
    this.#elements += count;
    if (this.#elements > WIRE_LIMITS.elements) this.#refuse('too many elements');
  }

  #tag(end: number): number {
    this.#fields += 1;
    if (this.#fields > WIRE_LIMITS.fields) this.#refuse('too many fields');
    const tag = this.#small(end);
    if (tag >>> 3 === 0) this.#refuse(MALFORMED);
    return tag;
  }

  /** A varint below 2^32: a tag or a length. */
  #small(end: number): number {
    let value = 0;
    for (let count = 0; count < MAX_SMALL_BYTES; count += 1) {
      if (this.#at >= end) break;
      const byte = this.#bytes[this.#at++] as number;
      if (count === MAX_SMALL_BYTES - 1 && byte > 15) break;
      value = (value | ((byte & 127) << (7 * count))) >>> 0;
      if (byte < 128) return value;
    }
    this.#refuse(MALFORMED);
    return 0;
  }

  /** Reads a length and returns where the span ends; a span beyond `end` is refused. */
  #span(end: number): number {
    const stop = this.#small(end) + this.#at;
    if (stop <= end) return stop;
    this.#refuse(MALFORMED);
    return this.#at;
  }

  #packed(wireType: number, stop: number): void {
    let count = 0;
    while (this.#at < stop && this.reason === undefined) {
      this.#skip(wireType, stop, 0);
      count += 1;
    }
    this.#countElements(count);
  }

  #skip(tag: number, end: number, depth: number): void {
    const wireType = tag & 7;
    const fixedBytes = FIXED_BYTES[wireType];
    if (wireType === VARINT) this.#varint(end);
    else if (wireType === BYTES) this.#at = this.#span(end);
    else if (wireType === GROUP) this.#group(tag >>> 3, end, depth + 1);
    else if (fixedBytes !== undefined && this.#at + fixedBytes <= end) this.#at += fixedBytes;
    else this.#refuse(MALFORMED);
  }

  #varint(end: number): void {
    for (let count = 0; count < MAX_VARINT_BYTES && this.#at < end; count += 1) {
      if ((this.#bytes[this.#at++] as number) < 128) return;
    }
    this.#refuse(MALFORMED);
  }

  /** The schema has no groups, so a group is an unknown field: walked over, counted, bounded. */
  #group(number: number, end: number, depth: number): void {
    if (depth > WIRE_LIMITS.nesting) this.#refuse('nesting too deep');
    while (this.reason === undefined) {
      const tag = this.#tag(end);
      if (this.reason !== undefined) return;
      if ((tag & 7) === GROUP_END) {
        if (tag >>> 3 !== number) this.#refuse(MALFORMED);
        return;
      }
      this.#countElements(1);
      this.#skip(tag, end, depth);
    }
  }
}
