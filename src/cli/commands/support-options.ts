/**
 * The `support-bundle` verb as the command line sees it. Deliberately goes on where the settings
 * are wrong: that may be what help is needed with.
 */
import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { addSettingFlags, givenFlags } from '../flags.ts';
import type { Io } from '../io.ts';

type Verb = (parent: Command, usage: string, about: string, example: string) => Command;

export function addSupportVerb(
  program: Command,
  verb: Verb,
  { io, done }: { readonly io: Io; readonly done: (code: number) => void },
): void {
  const about = 'one file without secrets for who helps';
  addSettingFlags(verb(program, 'support-bundle', about, 'support-bundle --preview'), [
    'environment',
    'accountId',
    'dataDir',
    'seed',
  ])
    .option('--preview', 'print what would be in it; nothing is written')
    .option('--with-amounts', 'leave amounts of money in')
    .option('--output <file>', 'the file to make [a name with the time, here]')
    .action(async (values: Readonly<Record<string, unknown>>) => {
      const env = { ...io.env };
      const loaded = loadConfig({ ...givenFlags(values), env: io.env, purpose: 'login' });
      const { supportBundle } = await import('./support-bundle.ts');
      const output = values['output'];
      const wish = {
        preview: values['preview'] === true,
        withAmounts: values['withAmounts'] === true,
        output: typeof output === 'string' ? output : undefined,
      };
      done(await supportBundle(loaded, wish, { io, env }));
    });
}
