/**
 * The verbs `login`, `logout` and `accounts` as the command line sees them.
 * Deliberately without any option that takes a secret (F99).
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { STORE_NAMES, type StoreName } from '../../ctrader/oauth/secret-store.ts';
import { type Config, loadConfig } from '../config.ts';
import type { SettingName } from '../config-schema.ts';
import { EXIT } from '../exit.ts';
import { addSettingFlags, givenFlags } from '../flags.ts';
import type { Io } from '../io.ts';

type Values = Readonly<Record<string, unknown>>;
type Verb = (parent: Command, usage: string, about: string, example: string) => Command;

const WHICH = ['environment', 'dataDir'] as const satisfies readonly SettingName[];

export function addLoginVerbs(
  program: Command,
  verb: Verb,
  { io, done }: { readonly io: Io; readonly done: (code: number) => void },
): void {
  const store = (flag: string, about: string) => new Option(flag, about).choices(STORE_NAMES);
  addSettingFlags(
    verb(program, 'login', 'allow this console to use your accounts', 'login --no-browser'),
    WHICH,
  )
    .option('--no-browser', 'print the address and take the pasted answer (SSH)')
    .addOption(
      new Option('--scope <name>', 'accounts may only look [trading]')
        .choices(['trading', 'accounts'])
        .default('trading'),
    )
    .addOption(store('--store <name>', 'where tokens are kept [the keychain, where there is one]'))
    .addOption(store('--move-to <name>', 'only move the present tokens to that store'))
    .action(async (values: Values) => {
      const config = configOf(values, io);
      if (typeof config === 'number') return done(config);
      const { loginCommand } = await import('./login.ts');
      const wish = {
        browser: values['browser'] !== false,
        scope: values['scope'] === 'accounts' ? 'accounts' : 'trading',
        store: values['store'] as StoreName | undefined,
        moveTo: values['moveTo'] as StoreName | undefined,
      } as const;
      return done(await loginCommand(config, wish, io));
    });
  addSettingFlags(verb(program, 'logout', 'end the login and forget its tokens', 'logout'), WHICH)
    .option('--local', 'only forget: do not open the tokens, do not tell the broker')
    .action(async (values: Values) => {
      const config = configOf(values, io);
      if (typeof config === 'number') return done(config);
      const { logoutCommand } = await import('./login.ts');
      return done(await logoutCommand(config, values['local'] === true, io));
    });
  addSettingFlags(
    verb(program, 'accounts', 'what the login opens, and which account runs use', 'accounts'),
    WHICH,
  )
    .option('--use <id>', 'the account that runs use from now on', digits)
    .option('--json', 'one JSON object instead of text')
    .action(async (values: Values) => {
      const config = configOf(values, io);
      if (typeof config === 'number') return done(config);
      const { accountsCommand } = await import('./accounts.ts');
      const use = values['use'] as string | undefined;
      return done(await accountsCommand(config, { use, json: values['json'] === true }, io));
    });
}

function digits(text: string): string {
  if (/^\d{1,19}$/.test(text)) return text;
  throw new InvalidArgumentError('--use takes the digits of an account id.');
}

/** Without a word about the environment, a login means demo: the simulator needs none. */
function configOf(values: Values, io: Io): Config | number {
  const { options, configFile } = givenFlags(values);
  const purpose = 'login';
  const refuse = (...faults: readonly string[]): number => {
    for (const fault of faults) io.stderr.write(`palm-oil-tui: ${fault}\n`);
    return EXIT.usage;
  };
  const first = loadConfig({ options, configFile, env: { ...io.env }, purpose });
  const isUnsaid =
    first.status === 'resolved' &&
    first.config.environment === 'sim' &&
    first.origins.environment.source === 'default';
  const chosen = isUnsaid ? { ...options, environment: 'demo' } : options;
  const loaded = loadConfig({ options: chosen, configFile, env: io.env, purpose });
  if (loaded.status === 'refused') return refuse(...loaded.faults);
  if (loaded.config.environment === 'sim') {
    return refuse('The simulator in this process needs no login: choose --env demo or --env live.');
  }
  return loaded.config;
}
