// The schema: every number in proto/ and in the generated file against the published facts.
// It does not test encoding; messages.test.ts does.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { readProto, schemaSource } from '../../../scripts/gen-schema.ts';
import * as generated from '../../../src/ctrader/wire/schema.gen.ts';
import { FACTS, type FactField, namesAnId } from './wire-data.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const root = readProto();

/** A default as a number or text, enum names resolved through the facts. */
function defaultOf({ type, default: value }: FactField): unknown {
  return typeof value === 'string' ? (FACTS.enums[type]?.[value] ?? value) : value;
}

describe('the schema', () => {
  it('has 119 messages and 29 enums', () => {
    expect(Object.keys(FACTS.messages)).toHaveLength(119);
    expect(Object.keys(FACTS.enums)).toHaveLength(29);
    expect(Object.keys(generated.SCHEMA).sort()).toEqual(Object.keys(FACTS.messages).sort());
    expect(generated.ENUM_VALUES).toEqual(FACTS.enums);
  });

  it('F27 is generated fresh from proto/, and no proto file is read while it runs', () => {
    const committed = readFileSync(`${ROOT}src/ctrader/wire/schema.gen.ts`, 'utf8');
    expect(schemaSource(root) === committed, 'run `npx tsx scripts/gen-schema.ts`').toBe(true);
    expect(committed).not.toMatch(/node:fs|\.proto['"]/);
  });

  it('is read alike by the protobufjs command line', () => {
    const files = readdirSync(`${ROOT}proto`).filter((name) => name.endsWith('.proto'));
    const pbjs = `${ROOT}node_modules/protobufjs-cli/bin/pbjs`;
    const paths = files.map((name) => `${ROOT}proto/${name}`);
    const json = execFileSync(process.execPath, [pbjs, '-t', 'json', '--keep-case', ...paths], {
      encoding: 'utf8',
      maxBuffer: 8 * 1024 * 1024,
    });
    const names = Object.keys((JSON.parse(json) as { nested: object }).nested);
    expect(names.sort()).toEqual(
      [...Object.keys(FACTS.messages), ...Object.keys(FACTS.enums)].sort(),
    );
  });

  it.each(Object.entries(FACTS.messages))(
    '%s has the published fields in proto/ (F27)',
    (name, fact) => {
      const fields = root.lookupType(name).fieldsArray.map((field) => ({
        name: field.name,
        no: field.id,
        type: field.type,
        label: field.required ? 'required' : field.repeated ? 'repeated' : 'optional',
        default: field.options?.['default'] === undefined ? undefined : field.defaultValue,
        packed: field.repeated && field.packed,
        deprecated: field.options?.['deprecated'] === true,
      }));
      const facts = fact.fields.map((field) => ({
        name: field.name,
        no: field.no,
        type: field.type,
        label: field.label,
        default: defaultOf(field),
        packed: field.packed === true,
        deprecated: field.deprecated === true,
      }));
      expect(fields).toEqual(facts);
    },
  );

  it.each(Object.entries(FACTS.messages))('%s has the published fields generated', (name, fact) => {
    const fields = generated.SCHEMA[name as generated.MessageName];
    expect(Object.keys(fields)).toEqual(fact.fields.map((field) => field.name));
    for (const field of fact.fields) {
      const isEnum = FACTS.enums[field.type] !== undefined;
      const descriptor = fields[field.name];
      expect(descriptor?.id, field.name).toBe(field.no);
      expect(descriptor?.type, field.name).toBe(isEnum ? 'int32' : field.type);
      expect(descriptor?.rule ?? 'optional', field.name).toBe(field.label);
      expect(descriptor?.options?.default, field.name).toEqual(defaultOf(field));
      expect(descriptor?.options?.packed === true, field.name).toBe(field.packed === true);
      expect(descriptor?.options?.enum, field.name).toBe(isEnum ? field.type : undefined);
      expect(descriptor?.options?.identifier === true, field.name).toBe(namesAnId(field));
    }
  });

  it('gives every payload type its message and back', () => {
    const pairs = Object.entries(FACTS.payloadTypes).filter(([, { message }]) => message !== null);
    expect(pairs).toHaveLength(Object.keys(generated.PAYLOAD_TYPES).length);
    for (const [number, { message }] of pairs) {
      expect(generated.MESSAGE_OF_PAYLOAD_TYPE[Number(number)]).toBe(message);
      expect(generated.PAYLOAD_TYPES[message as generated.WireName]).toBe(Number(number));
    }
  });

  it('explains every field in proto/', () => {
    const silent = root.nestedArray
      .filter((item) => item instanceof protobuf.Type)
      .flatMap((type) => type.fieldsArray)
      .filter((field) => (field.comment ?? '').length < 8)
      .map((field) => field.fullName);
    expect(silent).toEqual([]);
  });
});
