/**
 * The `history` verbs as the command line sees them: options, and nothing of what they do.
 * Deliberately without any option that takes a secret (F99).
 */
import type { Command } from 'commander';
import { type Config, loadConfig } from '../config.ts';
import type { SettingName } from '../config-schema.ts';
import { EXIT } from '../exit.ts';
import { addSettingFlags, givenFlags } from '../flags.ts';
import type { Io } from '../io.ts';

type Values = Readonly<Record<string, unknown>>;
type Verb = (parent: Command, usage: string, about: string, example: string) => Command;

const BROKER = [
  'environment',
  'accountId',
  'symbol',
  'dataDir',
  'seed',
] as const satisfies readonly SettingName[];
const PLACE = ['dataDir'] as const satisfies readonly SettingName[];

export function addHistoryVerbs(
  program: Command,
  verb: Verb,
  { io, done }: { readonly io: Io; readonly done: (code: number) => void },
): void {
  const parent = verb(program, 'history', 'bars and ticks of the past', 'history list');
  const example = 'history fetch --period M5 --from 2024-10-01 --to 2024-11-01';
  addSettingFlags(verb(parent, 'fetch', 'from the broker into a file', example), BROKER)
    .option('--period <name>', 'M1, M5, H1, D1 and so on, or ticks', 'M1')
    .requiredOption('--from <when>', 'a day, a UTC time, or how long ago: 2024-10-16, 30d')
    .option('--to <when>', 'the end, not part of it [now]')
    .option('--out <file>', 'another file than the one in the history directory')
    .action(async (values: Values) => {
      const config = configOf(values, io);
      if (typeof config === 'number') return done(config);
      const { historyFetchCommand } = await import('./history-fetch.ts');
      const text = (name: string) => values[name] as string | undefined;
      const wish = {
        period: text('period') ?? '',
        from: text('from') ?? '',
        to: text('to'),
        out: text('out'),
      };
      return done(await historyFetchCommand(config, wish, io));
    });
  addSettingFlags(
    verb(parent, 'import <file>', 'an export of another program', 'history import bars.csv'),
    PLACE,
  )
    .option('--bar-times <zone>', 'zone of times that name none: UTC, +02:00, Asia/Kuala_Lumpur')
    .option('--out <file>', 'another file than the one in the history directory')
    .action(async (file: string, values: Values) => {
      const config = configOf(values, io);
      if (typeof config === 'number') return done(config);
      const { historyImportCommand } = await import('./history.ts');
      return done(historyImportCommand(config, file, values, io));
    });
  addSettingFlags(verb(parent, 'list', 'what the history directory holds', 'history list'), PLACE)
    .option('--json', 'one JSON object instead of text')
    .action(async (values: Values) => {
      const config = configOf(values, io);
      if (typeof config === 'number') return done(config);
      const { historyListCommand } = await import('./history.ts');
      return done(historyListCommand(config, values['json'] === true, io));
    });
  verb(parent, 'check <file>', 'gaps, duplicates, outliers', 'history check bars.csv')
    .option('--sessions <rule>', 'trading hours: fcpo, or bars (where bars usually are)', 'fcpo')
    .option('--bar-times <zone>', 'zone of times that name none: UTC, +02:00, Asia/Kuala_Lumpur')
    .option('--gap <bars>', 'so many missing bars in a row are no gap', '3')
    .option('--outlier <percent>', 'farther than this from its neighbours', '5')
    .option('--json', 'one JSON object instead of text')
    .action(async (file: string, values: Values) => {
      const { historyCheckCommand } = await import('./history.ts');
      return done(historyCheckCommand(file, values, io));
    });
}

function configOf(values: Values, io: Io): Config | number {
  const { options, configFile } = givenFlags(values);
  // What is missing for a login is said in the words of this verb.
  const loaded = loadConfig({ options, configFile, env: io.env, purpose: 'login' });
  if (loaded.status === 'resolved') return loaded.config;
  for (const fault of loaded.faults) io.stderr.write(`palm-oil-tui: ${fault}\n`);
  return EXIT.usage;
}
