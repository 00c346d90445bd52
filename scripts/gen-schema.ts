// Turns proto/ into src/ctrader/wire/schema.gen.ts: protobufjs descriptor, message types, enums.
// It does not decide how values are checked or converted: src/ctrader/wire/messages.ts does.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TARGET = join(ROOT, 'src/ctrader/wire/schema.gen.ts');

const PROTO_FILES = [
  'OpenApiCommonModelMessages.proto',
  'OpenApiCommonMessages.proto',
  'OpenApiModelMessages.proto',
  'OpenApiMessages.proto',
] as const;

/** 64-bit fields that name something: opaque text, never arithmetic, never rounded (F18). */
const ID_FIELDS: ReadonlySet<string> = new Set([
  ...['ctidTraderAccountId', 'ctidTraderAccountIds', 'traderLogin', 'userId'],
  ...['symbolId', 'symbolCategoryId', 'leverageId', 'holidayId', 'introducingBrokerId', 'id'],
  ...['assetId', 'assetClassId', 'firstAssetId', 'lastAssetId', 'baseAssetId', 'quoteAssetId'],
  ...['depositAssetId', 'orderId', 'positionId', 'dealId', 'deletedQuotes'],
  ...['bonusHistoryId', 'balanceHistoryId'],
]);

const SCALARS: Readonly<Record<string, string>> = {
  int32: 'number',
  uint32: 'number',
  int64: 'number',
  uint64: 'number',
  double: 'number',
  bool: 'boolean',
  string: 'string',
  bytes: 'Uint8Array',
};

const HEADER = `// Generated from proto/ by scripts/gen-schema.ts: descriptor, message types, enums.
// Not edited by hand; run \`npx tsx scripts/gen-schema.ts\`. It contains no behaviour.

/** An enum as it arrives: brokers add values, so every number must be expected (F15). */
export type Open<E extends number> = E | (number & Record<never, never>);

/** Fields of one message by name. */
export type MessageDescriptor = Readonly<Record<string, FieldDescriptor>>;

/** One field as protobufjs wants it; enums are int32, \`options.enum\` remembers which. */
export interface FieldDescriptor {
  readonly type: string;
  readonly id: number;
  readonly rule?: 'required' | 'repeated';
  readonly options?: {
    readonly default?: number | boolean | string;
    readonly packed?: true;
    readonly enum?: string;
    readonly identifier?: true;
  };
}
`;

/** Reads the four proto files into one resolved protobufjs root. */
export function readProto(): protobuf.Root {
  const root = new protobuf.Root();
  for (const file of PROTO_FILES) {
    const text = readFileSync(join(ROOT, 'proto', file), 'utf8');
    protobuf.parse(text, root, { keepCase: true, alternateCommentMode: true });
  }
  root.resolveAll();
  return root;
}

const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const doc = (comment: string | null, indent: string): string[] =>
  comment === null ? [] : [`${indent}/** ${comment.replaceAll('\n', ' ')} */`];

function literal(value: number | boolean | string): string {
  return typeof value === 'string' ? quoted(value) : String(value);
}

function fieldDescriptor(field: protobuf.Field): string {
  const isEnum = field.resolvedType instanceof protobuf.Enum;
  const options: string[] = [];
  const declared: unknown = field.options?.['default'];
  if (declared !== undefined) options.push(`default: ${literal(field.defaultValue)}`);
  if (field.repeated && field.packed) options.push('packed: true');
  if (isEnum) options.push(`enum: ${quoted(field.type)}`);
  if (isIdentifier(field)) options.push('identifier: true');
  const parts = [`type: ${quoted(isEnum ? 'int32' : field.type)}`, `id: ${field.id}`];
  if (field.required) parts.push("rule: 'required'");
  if (field.repeated) parts.push("rule: 'repeated'");
  if (options.length > 0) parts.push(`options: { ${options.join(', ')} }`);
  return `    ${field.name}: { ${parts.join(', ')} },`;
}

function isIdentifier(field: protobuf.Field): boolean {
  return /^u?int64$/.test(field.type) && ID_FIELDS.has(field.name);
}

function fieldType(field: protobuf.Field): string {
  if (field.resolvedType instanceof protobuf.Enum) return `Open<${field.type}>`;
  if (field.resolvedType !== null) return field.type;
  if (isIdentifier(field)) return 'string';
  const scalar = SCALARS[field.type];
  if (scalar === undefined) throw new Error(`${field.fullName}: type ${field.type} has no mapping`);
  return scalar;
}

/** Repeated fields are optional too: on the wire an empty list and an absent one are the same. */
function property(field: protobuf.Field): string[] {
  const type = fieldType(field);
  const optional = field.required ? '' : '?';
  const listed = field.repeated ? `readonly ${type}[]` : type;
  return [...doc(field.comment, '  '), `  readonly ${field.name}${optional}: ${listed};`];
}

/** Field 1 of inner messages only repeats the envelope, so it is not part of the types. */
function isRedundant(type: protobuf.Type, field: protobuf.Field): boolean {
  return field.name === 'payloadType' && type.name !== 'ProtoMessage';
}

function messageInterface(type: protobuf.Type): string[] {
  const fields = type.fieldsArray.filter((field) => !isRedundant(type, field));
  const head = doc(type.comment, '');
  if (fields.length === 0) return [...head, `export type ${type.name} = Record<never, never>;`, ''];
  return [...head, `export interface ${type.name} {`, ...fields.flatMap(property), '}', ''];
}

function enumObject(item: protobuf.Enum): string[] {
  const values = Object.entries(item.values).flatMap(([name, value]) => [
    ...doc(item.comments[name] ?? null, '  '),
    `  ${name}: ${value},`,
  ]);
  return [
    ...doc(item.comment, ''),
    `export const ${item.name} = {`,
    ...values,
    '} as const;',
    `export type ${item.name} = (typeof ${item.name})[keyof typeof ${item.name}];`,
    '',
  ];
}

function payloadTypes(types: readonly protobuf.Type[]): string[] {
  const rows = types
    .filter((type) => type.name !== 'ProtoMessage' && type.fields['payloadType'] !== undefined)
    .map((type) => ({ name: type.name, value: Number(type.fields['payloadType']?.defaultValue) }))
    .sort((a, b) => a.value - b.value);
  return [
    '/** Type number of every message that travels in an envelope. */',
    'export const PAYLOAD_TYPES = {',
    ...rows.map(({ name, value }) => `  ${name}: ${value},`),
    '} as const;',
    '',
    '/** Messages that travel in an envelope. */',
    'export type WireName = keyof typeof PAYLOAD_TYPES;',
    '',
    '/** Message of every type number. */',
    'export const MESSAGE_OF_PAYLOAD_TYPE: Readonly<Record<number, WireName>> = {',
    ...rows.map(({ name, value }) => `  ${value}: '${name}',`),
    '};',
    '',
  ];
}

/** The whole text of schema.gen.ts; the same proto files always give the same text. */
export function schemaSource(root: protobuf.Root): string {
  const types = root.nestedArray.filter((item) => item instanceof protobuf.Type);
  const enums = root.nestedArray.filter((item) => item instanceof protobuf.Enum);
  const lines = [
    HEADER,
    ...enums.flatMap(enumObject),
    ...types.flatMap(messageInterface),
    '/** Every message by name. */',
    'export interface Messages {',
    ...types.map(({ name }) => `  readonly ${name}: ${name};`),
    '}',
    '',
    'export type MessageName = keyof Messages;',
    '',
    ...payloadTypes(types),
    '/** Values of every enum by name; `options.enum` of a field points here. */',
    'export const ENUM_VALUES: Readonly<Record<string, Readonly<Record<string, number>>>> = {',
    ...enums.map(({ name }) => `  ${name},`),
    '};',
    '',
    '/** Fields of every message, for protobufjs. */',
    'export const SCHEMA: Readonly<Record<MessageName, MessageDescriptor>> = {',
    ...types.flatMap((type) => [
      `  ${type.name}: {`,
      ...type.fieldsArray.map(fieldDescriptor),
      '  },',
    ]),
    '};',
    '',
  ];
  return lines.join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(TARGET, schemaSource(readProto()));
}
