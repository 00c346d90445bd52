/**
 * The `simulator` verb as the command line sees it. Deliberately thin: it is loaded when asked for.
 */
import { type Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../config.ts';
import { EXIT } from '../exit.ts';
import { addSettingFlags, givenFlags } from '../flags.ts';
import type { Io } from '../io.ts';

type Verb = (parent: Command, usage: string, about: string, example: string) => Command;

const PORT = 5_035;
const OAUTH_PORT = 5_080;

export function addSimulatorVerb(
  program: Command,
  verb: Verb,
  { io, done }: { readonly io: Io; readonly done: (code: number) => void },
): void {
  addSettingFlags(
    verb(program, 'simulator', 'the cTrader simulator as a server', 'simulator --seed 7'),
    ['seed', 'replayFile', 'dataDir'],
  )
    .option('--port <n>', `port of the wire protocol, 0 for any [${PORT}]`, portOf, PORT)
    .option('--oauth-port <n>', `port of the pages, 0 for any [${OAUTH_PORT}]`, portOf, OAUTH_PORT)
    .option('--speed <n>', 'how much faster than real its time passes [1]', speedOf, 1)
    .option('--fault <script>', 'rules for frames, or a file with them (docs/login.md)')
    .option('--token-life <seconds>', 'how long a token lives [2628000]', lifeOf)
    .option('--real-hours', 'trade in the hours of the exchange, not from now on')
    .option('--json', 'one JSON object instead of text')
    .action(async (values: Readonly<Record<string, unknown>>) => {
      const { options, configFile } = givenFlags({ ...values, speed: undefined });
      // Whatever broker the surroundings name: this is the simulator.
      const own = { ...options, environment: 'sim' };
      const loaded = loadConfig({ options: own, configFile, env: io.env });
      if (loaded.status === 'refused') {
        for (const fault of loaded.faults) io.stderr.write(`palm-oil-tui: ${fault}\n`);
        return done(EXIT.usage);
      }
      const { simulatorCommand } = await import('./simulator.ts');
      const wish = {
        port: Number(values['port']),
        oauthPort: Number(values['oauthPort']),
        speed: Number(values['speed']),
        fault: typeof values['fault'] === 'string' ? values['fault'] : undefined,
        tokenLife: values['tokenLife'] as number | undefined,
        realHours: values['realHours'] === true,
        json: values['json'] === true,
      };
      return done(await simulatorCommand(loaded, wish, io));
    });
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

function speedOf(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('--speed takes a whole number from 1 to 9999.');
}

function lifeOf(text: string): number {
  if (/^\d{1,7}$/.test(text) && Number(text) >= 5 && Number(text) <= 2_628_000) return Number(text);
  throw new InvalidArgumentError('--token-life takes whole seconds from 5 to 2628000.');
}
