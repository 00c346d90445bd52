/**
 * The `config` verbs as the command line sees them: looking (list, get, path, check) and writing
 * (set, unset, init). Deliberately thin: each is loaded when it is asked for.
 */
import type { Command } from 'commander';
import { type ConfigRefusal, loadConfig, type ResolvedConfig } from '../config.ts';
import { addSettingFlags, givenFlags } from '../flags.ts';
import type { Io } from '../io.ts';

type Values = Readonly<Record<string, unknown>>;
type Verb = (parent: Command, usage: string, about: string, example: string) => Command;

interface Ending {
  readonly io: Io;
  readonly done: (code: number) => void;
}

const JSON_FLAG = ['--json', 'one JSON object instead of text'] as const;

export function addConfigVerbs(program: Command, verb: Verb, ending: Ending): void {
  const parent = verb(program, 'config', 'look at and change settings', 'config list --origin');
  addLooking(parent, verb, ending);
  addWriting(parent, verb, ending);
}

function addLooking(parent: Command, verb: Verb, { io, done }: Ending): void {
  const load = async (values: Values) => ({
    loaded: read(values, io),
    verbs: await import('./config.ts'),
  });
  addSettingFlags(verb(parent, 'list', 'every setting and its value', 'config list --origin'))
    .option('--origin', 'where each value came from')
    .option(...JSON_FLAG)
    .action(async (values: Values) => {
      const { loaded, verbs } = await load(values);
      done(verbs.listSettings(loaded, io, { origin: values['origin'], json: values['json'] }));
    });
  addSettingFlags(verb(parent, 'get <name>', 'one value', 'config get RSI_PERIOD'))
    .option(...JSON_FLAG)
    .action(async (name: string, values: Values) => {
      const { loaded, verbs } = await load(values);
      done(verbs.getSetting(name, loaded, io, { json: values['json'] }));
    });
  addSettingFlags(verb(parent, 'path', 'where files are', 'config path'))
    .option(...JSON_FLAG)
    .action(async (values: Values) => {
      const { loaded, verbs } = await load(values);
      done(verbs.showPaths(loaded, io, { json: values['json'] }));
    });
  addSettingFlags(
    verb(parent, 'check', 'is everything allowed?', 'config check --env demo'),
  ).action(async (values: Values) => {
    const { loaded, verbs } = await load(values);
    done(verbs.checkSettings(loaded, io));
  });
}

function addWriting(parent: Command, verb: Verb, { io, done }: Ending): void {
  const where = (values: Values) => givenFlags(values).configFile;
  addSettingFlags(
    verb(
      parent,
      'set <name> <value>',
      'keep a value in the configuration file',
      'config set RSI_PERIOD 21',
    ),
    [],
  ).action(async (name: string, value: string, values: Values) => {
    const { setSetting } = await import('./config-set.ts');
    done(setSetting({ name, value }, where(values), io));
  });
  addSettingFlags(
    verb(
      parent,
      'unset <name>',
      'remove a value from the configuration file',
      'config unset RSI_PERIOD',
    ),
    [],
  ).action(async (name: string, values: Values) => {
    const { setSetting } = await import('./config-set.ts');
    done(setSetting({ name, value: undefined }, where(values), io));
  });
  addSettingFlags(
    verb(parent, 'init', 'ask for the most important settings', 'config init'),
    [],
  ).action(async (values: Values) => {
    const { initSettings } = await import('./config-init.ts');
    done(await initSettings(where(values), io));
  });
}

function read(values: Values, io: Io): ResolvedConfig | ConfigRefusal {
  return loadConfig({ ...givenFlags(values), env: io.env });
}
