/**
 * The `doctor` verb as the command line sees it. Deliberately goes on where the settings are wrong:
 * that is what it is asked for.
 */
import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { addSettingFlags, givenFlags } from '../flags.ts';
import type { Io } from '../io.ts';

type Verb = (parent: Command, usage: string, about: string, example: string) => Command;

export function addDoctorVerb(
  program: Command,
  verb: Verb,
  { io, done }: { readonly io: Io; readonly done: (code: number) => void },
): void {
  addSettingFlags(verb(program, 'doctor', 'check everything a run needs', 'doctor --offline'), [
    'environment',
    'accountId',
    'symbol',
    'dataDir',
    'seed',
    'ascii',
  ])
    .option('--offline', 'leave the network alone')
    .option('--orders', 'also open, amend and close one smallest position (sim and demo only)')
    .option('--json', 'one JSON object instead of text')
    .action(async (values: Readonly<Record<string, unknown>>) => {
      const { options, configFile } = givenFlags(values);
      const load = (given: typeof options, env: Io['env']) =>
        loadConfig({ options: given, configFile, env, purpose: 'login' });
      const first = load(options, { ...io.env });
      // Credentials without a login yet mean demo: that is what the person is about to set up.
      const isUnsaid =
        first.status === 'resolved' &&
        first.config.environment === 'sim' &&
        first.origins.environment.source === 'default';
      const demo = isUnsaid ? load({ ...options, environment: 'demo' }, { ...io.env }) : first;
      const chosen = demo.status === 'resolved' ? demo : first;
      load(options, io.env);
      const { doctorCommand } = await import('./doctor.ts');
      const wish = {
        offline: values['offline'] === true,
        orders: values['orders'] === true,
        json: values['json'] === true,
      };
      return done(await doctorCommand(chosen, wish, io));
    });
}
