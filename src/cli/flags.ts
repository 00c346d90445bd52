/**
 * The settings that have a flag, as commander options and back as text by setting name.
 * Deliberately parses nothing: a value means the same from every source (config-resolve.ts).
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { SETTING_ROWS, type SettingName } from './config-schema.ts';
import type { Setting } from './config-setting.ts';

/** What the flags of one command line said. */
export interface GivenFlags {
  readonly options: Readonly<Partial<Record<SettingName, string>>>;
  readonly configFile: string | undefined;
}

/** Gives a verb every setting flag, or those named, and `--config`. */
export function addSettingFlags(command: Command, only?: readonly SettingName[]): Command {
  for (const { name, row } of SETTING_ROWS) {
    if (row.flag === undefined || only?.includes(name) === false) continue;
    command.addOption(once(new Option(row.flag, describe(row))));
  }
  const about = "configuration file (JSON) instead of the user's own";
  return command.addOption(once(new Option('--config <file>', about)));
}

function describe(row: Setting<unknown>): string {
  const fallback = typeof row.fallback === 'string' ? row.fallback : row.fallbackText;
  const shown = fallback?.replaceAll('`', '');
  const isPlain = row.flag?.includes('<') === true;
  const first = row.flagAbout ?? row.about.split('. ')[0]?.replace(/\.$/, '') ?? '';
  const where = row.simOnly === true ? ' (simulator only)' : '';
  return shown === undefined || !isPlain ? first + where : `${first}${where} [${shown}]`;
}

/** The same flag twice contradicts itself; the last one does not silently win (F118). */
function once(option: Option): Option {
  if (!option.required) return option;
  const name = option.long ?? '';
  let isGiven = false;
  return option.argParser((value: string) => {
    if (isGiven) throw new InvalidArgumentError(`${name} is given twice: keep one of them.`);
    isGiven = true;
    return value;
  });
}

/** Reads back what {@link addSettingFlags} added. */
export function givenFlags(values: Readonly<Record<string, unknown>>): GivenFlags {
  const options: Partial<Record<SettingName, string>> = {};
  for (const { name, row } of SETTING_ROWS) {
    if (row.flag === undefined) continue;
    const text = textOf(row, values[new Option(row.flag).attributeName()]);
    if (text !== undefined) options[name] = text;
  }
  const file = values['config'];
  return { options, configFile: typeof file === 'string' ? file : undefined };
}

/** `--no-ui` sets the setting to false; `--no-color` and `--ascii` set theirs to true. */
function textOf(row: Setting<unknown>, value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const isNegative = row.flag?.startsWith('--no-') === true;
  if (isNegative) {
    if (value !== false) return undefined;
    return row.env?.startsWith('NO_') === true ? 'true' : 'false';
  }
  return value === true ? 'true' : undefined;
}
