/**
 * The verb `alerts` as the command line sees it.
 * Deliberately thin: the verb is loaded when it is asked for.
 */
import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { EXIT } from '../exit.ts';
import { addSettingFlags, givenFlags } from '../flags.ts';
import type { Io } from '../io.ts';

type Verb = (parent: Command, usage: string, about: string, example: string) => Command;

/** Adds `alerts test` to the program. */
export function addAlertVerbs(
  program: Command,
  verb: Verb,
  { io, done }: { readonly io: Io; readonly done: (code: number) => void },
): void {
  const parent = verb(program, 'alerts', 'who is told of trouble', 'alerts test');
  addSettingFlags(verb(parent, 'test', 'one harmless alert on every route', 'alerts test'))
    .option('--json', 'one JSON object instead of text')
    .action(async (values: Readonly<Record<string, unknown>>) => {
      const loaded = loadConfig({ ...givenFlags(values), env: io.env });
      if (loaded.status === 'refused') {
        for (const fault of loaded.faults) io.stderr.write(`palm-oil-tui: ${fault}\n`);
        return done(EXIT.usage);
      }
      const { testAlerts } = await import('./alerts.ts');
      return done(await testAlerts(loaded.config, values['json'] === true, io));
    });
}
