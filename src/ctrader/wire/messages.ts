// The one door to protobufjs: message fields to bytes and back, every value checked both ways.
// It knows neither envelopes nor frames (codec.ts, frame.ts), nor what a field means (translate).
import protobuf from 'protobufjs/light.js';
import { type Bits64, bitsOfIdText, idTextOfBits, safeNumberOfBits } from './id-text.ts';
import { type ScanShape, scanMessage } from './scan.ts';
import {
  ENUM_VALUES,
  type FieldDescriptor,
  type MessageName,
  type Messages,
  SCHEMA,
} from './schema.gen.ts';

/** Fields that must not become bytes. `field` is the path inside the message. */
export class EncodeRefused extends Error {
  readonly field: string;

  constructor(message: string, field: string, why: string) {
    super(`${message}${field === '' ? '' : `.${field}`}: ${why}`);
    this.name = 'EncodeRefused';
    this.field = field;
  }
}

export type Decoded<N extends MessageName> =
  | { readonly status: 'decoded'; readonly fields: Messages[N] }
  | { readonly status: 'undecodable'; readonly reason: string };

type Loose = Readonly<Record<string, unknown>>;

interface FieldPlan {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly repeated: boolean;
  readonly identifier: boolean;
  /** Known values of an enum field. */
  readonly enumValues?: ReadonlySet<number>;
  /** Plan of a record field. */
  readonly record?: MessagePlan;
}

interface MessagePlan {
  readonly name: string;
  readonly type: protobuf.Type;
  readonly fields: readonly FieldPlan[];
  readonly byName: ReadonlyMap<string, FieldPlan>;
  readonly shape: ScanShape;
}

/** Thrown inside this file only; leaves as the reason of an undecodable message. */
class Unreadable extends Error {}

const WIRE_TYPES: Readonly<Record<string, number>> = {
  int32: 0,
  uint32: 0,
  int64: 0,
  uint64: 0,
  bool: 0,
  double: 1,
  string: 2,
  bytes: 2,
};

// Without the long package protobufjs would round 64-bit integers in silence (F18).
if (!protobuf.util.Long) throw new Error('the long package is missing from this build');

/** Holds the messages a session has met: most never come, and all together cost a tenth of it. */
const root = new protobuf.Root();

const plans = new Map<string, MessagePlan>();

function planOf(name: string): MessagePlan {
  const known = plans.get(name);
  if (known !== undefined) return known;
  const descriptors = Object.entries(SCHEMA[name as MessageName]);
  const shape: ScanShape['fields'][number][] = [];
  // Field 1 of inner messages repeats the envelope; real servers leave it out, so do we.
  const fields = descriptors
    .filter(([field]) => field !== 'payloadType' || name === 'ProtoMessage')
    .map(([field, descriptor]) => fieldPlan(field, descriptor));
  for (const [field, { id, type }] of descriptors) {
    const plan = fields.find((candidate) => candidate.name === field);
    shape[id] = {
      wireType: WIRE_TYPES[type] ?? 2,
      repeated: plan?.repeated ?? false,
      ...(plan?.record === undefined ? {} : { record: plan.record.shape }),
    };
  }
  const byName = new Map(fields.map((field) => [field.name, field]));
  // The types of its records are in the root by now.
  const type = protobuf.Type.fromJSON(name, {
    edition: 'proto2',
    fields: SCHEMA[name as MessageName],
  } as protobuf.IType);
  root.add(type);
  writeLate(type);
  const plan: MessagePlan = { name, type, fields, byName, shape: { fields: shape } };
  plans.set(name, plan);
  return plan;
}

/**
 * Either direction is written at its first use: protobufjs would write five functions for each
 * type, and most types travel one way and need one of them.
 */
function writeLate(type: protobuf.Type): void {
  type.resolveAll();
  const { Reader, Writer, util } = protobuf;
  const types = type.fieldsArray.map(({ resolvedType }) => resolvedType);
  type.encode = (...given) => {
    type.encode = protobuf.encoder(type)({ Writer, types, util }) as typeof type.encode;
    return type.encode(...given);
  };
  type.decode = (...given) => {
    const scope = { Reader, types, util, C: type.ctor };
    type.decode = protobuf.decoder(type)(scope) as typeof type.decode;
    return type.decode(...given);
  };
}

function fieldPlan(name: string, { type, rule, options }: FieldDescriptor): FieldPlan {
  const values = options?.enum === undefined ? undefined : ENUM_VALUES[options.enum];
  return {
    name,
    type,
    required: rule === 'required',
    repeated: rule === 'repeated',
    identifier: options?.identifier === true,
    ...(values === undefined ? {} : { enumValues: new Set(Object.values(values)) }),
    ...(WIRE_TYPES[type] === undefined ? { record: planOf(type) } : {}),
  };
}

/**
 * Bytes of one inner message, `payloadType` left out.
 *
 * Throws `EncodeRefused` for unknown names, missing required fields, null or undefined, ids that
 * are not canonical decimal text, integers out of range, NaN and infinities (F16 F17 F18), and, in
 * requests, for enum values the schema does not know: a request is ours, a new value is a mistake.
 */
export function encodeMessage<N extends MessageName>(name: N, fields: Messages[N]): Uint8Array {
  const plan = planOf(name);
  const checked = checkedRecord(plan, fields as Loose, '', name, name.endsWith('Req'));
  return plan.type.encode(checked).finish();
}

function checkedRecord(
  plan: MessagePlan,
  fields: Loose,
  path: string,
  message: string,
  closedEnums: boolean,
): Record<string, unknown> {
  const refuse = (field: string, why: string): never => {
    throw new EncodeRefused(message, path === '' ? field : `${path}.${field}`, why);
  };
  if (typeof fields !== 'object' || fields === null) refuse('', 'fields expected');
  for (const name of Object.keys(fields)) {
    if (!plan.byName.has(name)) refuse(name, 'no such field');
  }
  const checked: Record<string, unknown> = {};
  for (const field of plan.fields) {
    if (!Object.hasOwn(fields, field.name)) {
      if (field.required) refuse(field.name, 'required');
      continue;
    }
    const check = (value: unknown, at: string): unknown => {
      const inside = path === '' ? at : `${path}.${at}`;
      if (field.record !== undefined) {
        return checkedRecord(field.record, value as Loose, inside, message, closedEnums);
      }
      const result = wireValue(field, value, closedEnums);
      return typeof result === 'object' && 'refused' in result
        ? refuse(at, result.refused)
        : result;
    };
    const value = fields[field.name];
    if (!field.repeated) checked[field.name] = check(value, field.name);
    else if (!Array.isArray(value)) refuse(field.name, 'a list expected');
    else checked[field.name] = value.map((item, i) => check(item, `${field.name}[${i}]`));
  }
  return checked;
}

type WireValue = number | boolean | string | Uint8Array | Bits64 | { readonly refused: string };

/** Half of a surrogate pair has no UTF-8 form. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

const refused = (why: string): WireValue => ({ refused: why });

const INTEGER_RANGES: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

function wireValue(field: FieldPlan, value: unknown, closedEnums: boolean): WireValue {
  if (field.identifier) {
    if (typeof value !== 'string') return refused('an id is decimal text');
    return bitsOfIdText(value, field.type === 'uint64') ?? refused('not a 64-bit decimal id');
  }
  const range = INTEGER_RANGES[field.type];
  if (range !== undefined) return integerValue(field, value, range, closedEnums);
  switch (field.type) {
    case 'double':
      return Number.isFinite(value) ? (value as number) : refused('a finite number expected');
    case 'bool':
      return typeof value === 'boolean' ? value : refused('true or false expected');
    case 'string':
      return typeof value === 'string' && !LONE_SURROGATE.test(value)
        ? value
        : refused('well-formed text expected');
    default:
      return value instanceof Uint8Array ? value : refused('bytes expected');
  }
}

function integerValue(
  field: FieldPlan,
  value: unknown,
  [least, most]: readonly [number, number],
  closedEnums: boolean,
): WireValue {
  if (typeof value !== 'number' || !Number.isInteger(value)) return refused('an integer expected');
  if (value < least || value > most) return refused(`not between ${least} and ${most}`);
  if (closedEnums && field.enumValues?.has(value) === false) return refused('not a known value');
  return value;
}

/**
 * Fields of one inner message as a plain object with own properties only: what was not on the wire
 * is absent (F16). Unknown fields are ignored, unknown enum values stay numbers (F15), ids are
 * text. An integer beyond 2^53 or a price that is no number makes the message undecodable (F18).
 * Never throws; hostile bytes cost bounded time and memory (F13).
 */
export function decodeMessage<N extends MessageName>(name: N, bytes: Uint8Array): Decoded<N> {
  const plan = planOf(name);
  const objection = scanMessage(plan.shape, bytes);
  if (objection !== undefined) return { status: 'undecodable', reason: objection };
  try {
    const message: unknown = plan.type.decode(bytes);
    return { status: 'decoded', fields: plainRecord(plan, message as Loose) as Messages[N] };
  } catch (error) {
    return { status: 'undecodable', reason: error instanceof Error ? error.message : 'unreadable' };
  }
}

function plainRecord(plan: MessagePlan, message: Loose): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const field of plan.fields) {
    if (!Object.hasOwn(message, field.name)) continue;
    const value = message[field.name];
    if (!Array.isArray(value)) plain[field.name] = plainValue(plan, field, value);
    else if (value.length > 0) {
      plain[field.name] = value.map((item: unknown) => plainValue(plan, field, item));
    }
  }
  return plain;
}

function plainValue(plan: MessagePlan, field: FieldPlan, value: unknown): unknown {
  if (field.record !== undefined) return plainRecord(field.record, value as Loose);
  if (field.identifier) return idTextOfBits(value as Bits64);
  // A copy: Buffer.slice would share memory with the frame.
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (typeof value === 'object' && value !== null) {
    const number = safeNumberOfBits(value as Bits64);
    if (number === undefined) throw new Unreadable(`${plan.name}.${field.name} is beyond 2^53`);
    return number;
  }
  if (field.type === 'double' && !Number.isFinite(value)) {
    throw new Unreadable(`${plan.name}.${field.name} is not finite`);
  }
  return value;
}
