/**
 * `config set` and `config unset`: one value in the user's configuration file.
 * Deliberately never a secret, and never a file that a run would then refuse.
 */
import { configFileOf, loadConfig, originText } from '../config.ts';
import { type Change, edit } from '../config-edit.ts';
import { ConfigFileUnusable, readConfigText, writeConfigText } from '../config-file.ts';
import { SETTING_ROWS } from '../config-schema.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';

const NAME = 'palm-oil-tui';

/** 0 when the file holds what was asked for; 64 with one sentence for every fault. */
export function setSetting(change: Change, configFile: string | undefined, io: Io): number {
  const path = configFileOf(configFile, io.env);
  try {
    const result = edit(readConfigText(path), change);
    if (result.status === 'refused') return refuse(io, result.faults);
    if (result.status === 'unchanged') {
      io.stdout.write(`${result.name} was not in ${path}; nothing was changed.\n`);
      return EXIT.ok;
    }
    writeConfigText(path, result.text);
    const { name } = result;
    const told = change.value === undefined ? `${name} is no longer` : `${name} is now`;
    const value = change.value === undefined ? '' : `${JSON.stringify(change.value)} `;
    io.stdout.write(`${told} ${value}in ${path}\n`);
    tellNearer(name, path, configFile, io);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof ConfigFileUnusable)) throw error;
    return refuse(io, [error.message]);
  }
}

function refuse(io: Io, faults: readonly string[]): number {
  for (const fault of faults) io.stderr.write(`${NAME}: ${fault}\n`);
  return EXIT.usage;
}

/** A person who sets a value and sees no change looks for hours. */
function tellNearer(name: string, path: string, configFile: string | undefined, io: Io): void {
  const loaded = loadConfig({ options: {}, configFile: configFile && path, env: io.env });
  if (loaded.status === 'refused') {
    return void refuse(io, ['a run would be refused as things are:', ...loaded.faults]);
  }
  const setting = SETTING_ROWS.find(({ row }) => row.env === name)?.name;
  const origin = setting === undefined ? undefined : loaded.origins[setting];
  if (origin?.source === 'environment' || origin?.source === '.env') {
    io.stderr.write(`${NAME}: ${name} also stands in ${originText(origin)}, which wins.\n`);
  }
}
