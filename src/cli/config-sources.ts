/**
 * Where configuration text comes from, in order of precedence, each value with its origin.
 * Deliberately reads no file and no process: it is handed the texts (config.ts reads them).
 */
import { SETTING_ROWS, type SettingName } from './config-schema.ts';
import { readEnvFile } from './env-file.ts';
import { nearest } from './nearest.ts';

export type SourceName = 'command line' | 'environment' | '.env' | 'configuration file' | 'default';

/** Where a value came from, in words a person can act on. */
export interface Origin {
  readonly source: SourceName;
  /** The flag, environment name or file. */
  readonly detail: string;
}

export interface ConfigSources {
  /** Flags given, as text, by setting name. */
  readonly options: Readonly<Partial<Record<SettingName, string>>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of `.env` in the working directory. */
  readonly dotenv?: string | undefined;
  readonly configFile?: { readonly path: string; readonly text: string } | undefined;
}

export interface FoundText {
  readonly text: string;
  readonly origin: Origin;
}

export interface Findings {
  readonly found: ReadonlyMap<SettingName, FoundText>;
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

type Values = Readonly<Record<string, string>>;
interface Layer {
  readonly source: SourceName;
  readonly values: Values;
  readonly detail: (name: string) => string;
}

export const KOL = /^KOL_(\d{1,3})$/;

/** Every name that may stand in the environment, `.env` or the configuration file. */
export const KNOWN_NAMES = SETTING_ROWS.flatMap(({ row }) => row.env ?? []);
const SECRET_NAMES = SETTING_ROWS.flatMap(({ row }) =>
  row.kind.secret && row.env !== undefined ? row.env : [],
);
export const ONLY_FLAGS = SETTING_ROWS.flatMap(({ row }) =>
  row.env === undefined && row.flag !== undefined ? (row.flag.split(' ')[0] ?? []) : [],
);

/** True for names that hold, or look as if they hold, one of our secrets (F99). */
export function isSecretName(name: string): boolean {
  return (
    SECRET_NAMES.includes(name) || /^(CTRADER|PERPLEXITY)_\w*(SECRET|TOKEN|KEY)(_LIVE)?$/.test(name)
  );
}

/** Collects the text of every setting from the first source that has it; empty text is absent. */
export function collect(sources: ConfigSources): Findings {
  const faults: string[] = [];
  const dotenv = readEnvFile(sources.dotenv ?? '');
  for (const name of dotenv.contradictions) {
    faults.push(`${name} stands twice in .env with different values: keep one of the lines.`);
  }
  const file = readConfigFile(sources.configFile, faults);
  const layers: Layer[] = [
    { source: 'environment', values: present(sources.env), detail: (name) => name },
    { source: '.env', values: present(dotenv.values), detail: (name) => name },
    {
      source: 'configuration file',
      values: file,
      detail: () => sources.configFile?.path ?? '',
    },
  ];
  const found = new Map<SettingName, FoundText>();
  for (const { name, row } of SETTING_ROWS) {
    const option = sources.options[name];
    const detail = row.flag?.split(' ')[0] ?? row.env ?? '';
    const given =
      option === undefined
        ? fromLayers(row.env, layers)
        : { text: option, origin: { source: 'command line' as const, detail } };
    if (given !== undefined) found.set(name, given);
  }
  return { found, faults, warnings: nearMisses(layers) };
}

function present(values: Readonly<Record<string, string | undefined>>): Values {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') result[name] = value;
  }
  return result;
}

function fromLayers(env: string | undefined, layers: readonly Layer[]): FoundText | undefined {
  if (env === undefined) return undefined;
  for (const layer of layers) {
    const value = env === 'KOL_1' ? kolList(layer.values) : layer.values[env];
    if (value === undefined) continue;
    // no-color.org: any text that is not empty means yes.
    const isPresence = env === 'NO_COLOR' && layer.source !== 'configuration file';
    const origin = { source: layer.source, detail: layer.detail(env) };
    return { text: isPresence ? 'true' : value, origin };
  }
  return undefined;
}

/** KOL_1 … KOL_n of one source, in the order of their numbers, as one list. */
function kolList(values: Values): string | undefined {
  const numbered = Object.keys(values).flatMap((name) => {
    const number = KOL.exec(name)?.[1];
    return number === undefined ? [] : [{ number: Number(number), value: values[name] ?? '' }];
  });
  if (numbered.length === 0) return undefined;
  numbered.sort((a, b) => a.number - b.number);
  return numbered.map((entry) => entry.value).join(',');
}

function readConfigFile(file: ConfigSources['configFile'], faults: string[]): Values {
  if (file === undefined || file.text.trim() === '') return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(file.text.replace(/^\uFEFF/, ''));
  } catch {
    faults.push(`${file.path} is not valid JSON: repair it, or start with another --config.`);
    return {};
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    faults.push(`${file.path} must hold one JSON object such as {"RSI_PERIOD": 14}.`);
    return {};
  }
  for (const name of repeatedKeys(file.text)) {
    faults.push(`${name} stands twice in ${file.path}: keep one of them.`);
  }
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed)) {
    const fault = fileFault(name, value);
    if (fault === undefined) values[name] = Array.isArray(value) ? value.join(',') : String(value);
    else faults.push(`${fault} (${file.path})`);
  }
  return values;
}

function fileFault(name: string, value: unknown): string | undefined {
  if (isSecretName(name)) {
    return `${name} is a secret: move it from this file to .env or the environment`;
  }
  if (!KNOWN_NAMES.includes(name) && !KOL.test(name)) {
    const hint = nearest(name, KNOWN_NAMES);
    const flag = nearest(`--${name}`, ONLY_FLAGS);
    if (hint !== undefined)
      return `${JSON.stringify(name)} is not a setting: did you mean ${hint}?`;
    if (flag !== undefined) return `${JSON.stringify(name)} is only for the command line: ${flag}`;
    return `${JSON.stringify(name)} is not a setting: remove it, or see palm-oil-tui config list`;
  }
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isPlain = items.every((item) => ['string', 'number', 'boolean'].includes(typeof item));
  return isPlain ? undefined : `${name} must be text, a number, true, false or a list of texts`;
}

/** Keys that a flat JSON object names twice; JSON.parse silently keeps the last one (F118). */
export function repeatedKeys(text: string): string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const match of text.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?/g)) {
    if (match[2] === undefined) continue;
    const name = match[1] ?? '';
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return [...repeated];
}

/** Names that are surely meant for us and surely not read by us. */
function nearMisses(layers: readonly Layer[]): string[] {
  const warnings: string[] = [];
  for (const layer of layers) {
    if (layer.source === 'configuration file') continue;
    for (const name of Object.keys(layer.values)) {
      if (KNOWN_NAMES.includes(name) || KOL.test(name)) continue;
      const isOurs = /^(CTRADER|PERPLEXITY|KOL|RSI|NITTER)_/.test(name);
      const hint = name.length >= 6 ? nearest(name, KNOWN_NAMES) : undefined;
      if (!isOurs && hint === undefined) continue;
      const meant = hint === undefined ? '' : ` Did you mean ${hint}?`;
      warnings.push(`${name} (${layer.source}) is not a setting and was not read.${meant}`);
    }
  }
  return warnings;
}
