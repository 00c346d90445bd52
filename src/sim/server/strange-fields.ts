/**
 * Fields that no published schema has, put into finished frames where the real server has them.
 * Deliberately works on bytes: the codec refuses, and should refuse, to write what it does not
 * know.
 */
import { toFrame } from '../../ctrader/wire/frame.ts';
import type { WireName } from '../../ctrader/wire/schema.gen.ts';

interface Strange {
  /** Field numbers from the message down to the record that gets the extra bytes. */
  readonly path: readonly number[];
  readonly bytes: readonly number[];
}

/** Field 23 as a small integer, field 19 as empty bytes; both were recorded. */
const FIELD_23 = [0xb8, 0x01, 0x02];
const FIELD_19 = [0x9a, 0x01, 0x00];

const STRANGE: { readonly [N in WireName]?: readonly Strange[] } = {
  ProtoOATraderRes: [{ path: [3], bytes: FIELD_23 }],
  ProtoOAExecutionEvent: [{ path: [6], bytes: FIELD_19 }],
  ProtoOADealListRes: [{ path: [3], bytes: FIELD_19 }],
  ProtoOADealListByPositionIdRes: [{ path: [3], bytes: FIELD_19 }],
  ProtoOASubscribeSpotsRes: [{ path: [], bytes: FIELD_23 }],
  ProtoOASymbolByIdRes: [{ path: [], bytes: FIELD_23 }],
};

const PREFIX_BYTES = 4;
const ENVELOPE_PAYLOAD = 2;

/** The same frame with the extra fields its message has at the real server. */
export function withStrangeFields(name: WireName, frame: Uint8Array): Uint8Array {
  let body = frame.subarray(PREFIX_BYTES);
  for (const { path, bytes } of STRANGE[name] ?? []) {
    body = appended(body, [ENVELOPE_PAYLOAD, ...path], bytes);
  }
  return toFrame(body);
}

/** Appends to every record at the path; a record that is absent stays absent. */
function appended(
  message: Uint8Array,
  path: readonly number[],
  extra: readonly number[],
): Uint8Array {
  const [field, ...deeper] = path;
  if (field === undefined) return Uint8Array.from([...message, ...extra]);
  const out: number[] = [];
  let at = 0;
  while (at < message.length) {
    const tag = varint(message, at);
    const size = valueSize(message, tag.next, tag.value & 7);
    if (tag.value >>> 3 === field && (tag.value & 7) === 2) {
      const length = varint(message, tag.next);
      const inner = message.subarray(length.next, length.next + length.value);
      const longer = appended(inner, deeper, extra);
      out.push(...varintBytes(tag.value), ...varintBytes(longer.length), ...longer);
    } else {
      out.push(...message.subarray(at, tag.next + size));
    }
    at = tag.next + size;
  }
  return Uint8Array.from(out);
}

/** Our own frames only: always well formed, groups never occur. */
function valueSize(message: Uint8Array, at: number, wireType: number): number {
  if (wireType === 1) return 8;
  if (wireType === 5) return 4;
  const head = varint(message, at);
  return head.next - at + (wireType === 2 ? head.value : 0);
}

function varint(message: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  let at = from;
  for (let factor = 1; ; factor *= 128) {
    const byte = message[at++] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return { value, next: at };
  }
}

function varintBytes(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
