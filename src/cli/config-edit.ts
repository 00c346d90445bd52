/**
 * One setting changed in the text of a configuration file, or a sentence why not.
 * Deliberately pure, and as strict as reading: what a run would refuse is not written.
 */
import { nameOf, resolveConfig } from './config-resolve.ts';
import { SETTING_ROWS } from './config-schema.ts';
import type { Setting } from './config-setting.ts';
import { isSecretName, KNOWN_NAMES, KOL, ONLY_FLAGS, repeatedKeys } from './config-sources.ts';
import { nearest } from './nearest.ts';

export interface Change {
  readonly name: string;
  /** Absent: the setting is removed. */
  readonly value: string | undefined;
}

export interface ConfigFileText {
  readonly path: string;
  /** Absent: there is no file yet. */
  readonly text: string | undefined;
}

export type Edit =
  | { readonly status: 'edited'; readonly name: string; readonly text: string }
  | { readonly status: 'unchanged'; readonly name: string }
  | { readonly status: 'refused'; readonly faults: readonly string[] };

const refused = (...faults: readonly string[]): Edit => ({ status: 'refused', faults });

/** The row that a name of the file belongs to. */
export function rowOf(name: string): Setting<unknown> | undefined {
  const wanted = KOL.test(name) ? 'KOL_1' : name;
  return SETTING_ROWS.find(({ row }) => row.env === wanted)?.row;
}

/** The file with the change; the rest stays as it is. */
export function edit(file: ConfigFileText, change: Change): Edit {
  const name = settingName(change.name);
  if (change.value !== undefined) {
    const fault = nameFault(name) ?? valueFault(name, change.value);
    if (fault !== undefined) return refused(fault);
  }
  const now = parse(file);
  if (typeof now === 'string') return refused(now);
  if (change.value === undefined) {
    if (!(name in now)) {
      const fault = nameFault(name);
      return fault === undefined ? { status: 'unchanged', name } : refused(fault);
    }
    const { [name]: _removed, ...rest } = now;
    return finish(file, name, rest);
  }
  return finish(file, name, { ...now, [name]: plain(change.value) });
}

function finish(file: ConfigFileText, name: string, values: object): Edit {
  const text = `${JSON.stringify(values, null, 2)}\n`;
  const before = new Set(faultsOf({ ...file, text: file.text ?? '{}' }));
  const added = faultsOf({ ...file, text }).filter((fault) => !before.has(fault));
  return added.length > 0 ? refused(...added) : { status: 'edited', name, text };
}

/**
 * What a run would say of the file alone. As the simulator: whether there are credentials and an
 * account is decided elsewhere, and later.
 */
function faultsOf({ path, text }: ConfigFileText): readonly string[] {
  const loaded = resolveConfig({
    options: { environment: 'sim' },
    env: {},
    configFile: { path, text: text ?? '' },
    platform: { os: 'linux', home: '/', cwd: '/' },
    purpose: 'login',
  });
  return loaded.status === 'refused' ? loaded.faults : [];
}

/** Names are written in capitals; another spelling of a known one is understood. */
function settingName(given: string): string {
  const upper = given.toUpperCase();
  return KNOWN_NAMES.includes(upper) || isSecretName(upper) || KOL.test(upper) ? upper : given;
}

function nameFault(name: string): string | undefined {
  if (isSecretName(name)) {
    return (
      `${name} is a secret and is never kept in the configuration file: it belongs in .env or ` +
      'the environment. Tokens need neither: palm-oil-tui login.'
    );
  }
  if (rowOf(name) !== undefined) return undefined;
  const shown = JSON.stringify(name.slice(0, 60));
  const flag = ONLY_FLAGS.find((one) => one.replace(/^--(no-)?/, '') === name.toLowerCase());
  if (flag !== undefined) return `${shown} is only for the command line: ${flag}`;
  const near = nearest(name, KNOWN_NAMES);
  const hint = near === undefined ? 'see palm-oil-tui config list' : `did you mean ${near}?`;
  return `${shown} is not a setting: ${hint}`;
}

/** What is allowed, when the value is not. */
export function valueFault(name: string, value: string): string | undefined {
  const row = rowOf(name);
  if (row === undefined || row.kind.schema.safeParse(value).success) return undefined;
  const comma = /^\d+,\d+$/.test(value) ? ' Write a decimal point.' : '';
  const shown = JSON.stringify(value.slice(0, 60));
  return `${nameOf(row)}: ${shown} is not allowed; allowed is ${row.kind.allowed}.${comma}`;
}

function parse({ path, text }: ConfigFileText): Readonly<Record<string, unknown>> | string {
  if (text === undefined || text.trim() === '') return {};
  const repair = 'repair it first; nothing was changed.';
  let values: unknown;
  try {
    values = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return `${path} is not valid JSON: ${repair}`;
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    return `${path} must hold one JSON object: ${repair}`;
  }
  const [twice] = repeatedKeys(text);
  if (twice !== undefined) return `${twice} stands twice in ${path}: ${repair}`;
  return { ...values };
}

/** Numbers and truth values as such where nothing is lost; everything else stays text. */
function plain(value: string): string | number | boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^\d{1,9}(\.\d{1,2})?$/.test(value) && String(Number(value)) === value
    ? Number(value)
    : value;
}
