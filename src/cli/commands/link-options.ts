/**
 * The verbs for a running engine as the command line sees them: attach, status, panic.
 * Deliberately thin: flags become a request, and each verb is loaded when it is asked for.
 */
import { type Command, InvalidArgumentError } from 'commander';
import { type Config, loadConfig, type ResolvedConfig } from '../config.ts';
import type { SettingName } from '../config-schema.ts';
import type { EngineWish } from '../engine-finder.ts';
import { EXIT } from '../exit.ts';
import { addSettingFlags, givenFlags } from '../flags.ts';
import type { Io } from '../io.ts';

type Values = Readonly<Record<string, unknown>>;
type Verb = (parent: Command, usage: string, about: string, example: string) => Command;

/** Which engine, and how a screen for it looks. */
export interface LinkRequest extends EngineWish {
  readonly look: {
    readonly theme: Config['theme'] | undefined;
    readonly ascii: boolean;
    readonly noColor: boolean;
    readonly screenReader: boolean;
    readonly bell: boolean;
    readonly renderer: Config['renderer'];
  };
  /** The configuration of this shell; absent when it is not sound. */
  readonly resolved?: ResolvedConfig | undefined;
}

interface Ending {
  readonly io: Io;
  readonly done: (code: number) => void;
}

const WHICH = ['environment', 'accountId', 'dataDir'] as const satisfies readonly SettingName[];
const LOOK = [
  'theme',
  'ascii',
  'noColor',
  'screenReader',
  'bell',
  'renderer',
] as const satisfies readonly SettingName[];
const SOCKET = ['--socket <path>', 'the control socket itself, instead of looking for it'] as const;
const JSON_FLAG = ['--json', 'one JSON object instead of text'] as const;

/** Adds attach, status and panic to the program. */
export function addLinkVerbs(program: Command, verb: Verb, { io, done }: Ending): void {
  addSettingFlags(verb(program, 'attach', 'a screen for a running engine', 'attach --read-only'), [
    ...WHICH,
    ...LOOK,
  ])
    .option(...SOCKET)
    .option('--read-only', 'watch only: this screen sends no commands')
    .option('--take-over', 'be the operator in the place of another attached screen')
    .action(async (values: Values) => {
      const request = requestOf(values, io);
      if (typeof request === 'number') return done(request);
      const { attachCommand } = await import('./attach.ts');
      const [readOnly, takeOver] = [values['readOnly'] === true, values['takeOver'] === true];
      if (readOnly && takeOver) {
        io.stderr.write('palm-oil-tui: --read-only and --take-over exclude each other.\n');
        return done(EXIT.usage);
      }
      return done(await attachCommand(request, { readOnly, takeOver }, io));
    });
  addSettingFlags(verb(program, 'status', 'one look at a running engine', 'status --json'), WHICH)
    .option(...SOCKET)
    .option(...JSON_FLAG)
    .option('--handover', 'one page for who comes on shift: what it holds, what happened since')
    .option('--sign <note>', 'with --handover: sign the page, with a note for who comes next', note)
    .action(async (values: Values) => {
      const request = requestOf(values, io);
      if (typeof request === 'number') return done(request);
      const sign = typeof values['sign'] === 'string' ? values['sign'] : undefined;
      const wish = { json: values['json'] === true, handover: values['handover'] === true, sign };
      if (sign !== undefined && !wish.handover) {
        io.stderr.write('palm-oil-tui: --sign belongs to status --handover.\n');
        return done(EXIT.usage);
      }
      const { statusCommand } = await import('./status.ts');
      return done(await statusCommand(request, wish, io));
    });
  addPanic(verb(program, 'panic', 'reduce risk from the shell', 'panic --flatten'), { io, done });
}

function addPanic(command: Command, { io, done }: Ending): void {
  addSettingFlags(command, WHICH)
    .option(...SOCKET)
    .option(...JSON_FLAG)
    .option('--stop-entries', 'trip breaker KILL: no entries until it is reset with a reason')
    .option('--reduce-only', 'trading state reducing: only closing and protecting')
    .option('--cancel', 'give up every order of ours that waits at the broker')
    .option('--flatten', 'trip breaker KILL and close every position of ours')
    .option('--wait <seconds>', 'how long to wait for proof, 1 to 600 [30]', seconds, 30)
    .action(async (values: Values) => {
      const request = requestOf(values, io);
      if (typeof request === 'number') return done(request);
      const { panicCommand } = await import('./panic.ts');
      const wish = {
        stopEntries: values['stopEntries'] === true,
        reduceOnly: values['reduceOnly'] === true,
        cancel: values['cancel'] === true,
        flatten: values['flatten'] === true,
        waitMs: Number(values['wait']) * 1_000,
        json: values['json'] === true,
      };
      return done(await panicCommand(request, wish, io));
    });
}

function seconds(text: string): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= 600) return value;
  throw new InvalidArgumentError('--wait takes whole seconds from 1 to 600.');
}

function note(text: string): string {
  if (/^[^\p{Cc}]{0,300}$/u.test(text)) return text;
  throw new InvalidArgumentError('--sign takes one line of at most 300 characters.');
}

/** The environment narrowed to what says where state is: panic must not need a sound setup. */
const PLACES = /^(DATA_DIR|HOME|XDG_\w+|LOCALAPPDATA|APPDATA)$/;

function requestOf(values: Values, io: Io): LinkRequest | number {
  const { options, configFile } = givenFlags(values);
  const { environment, accountId: account, ...rest } = options;
  const socket = typeof values['socket'] === 'string' ? values['socket'] : undefined;
  const places = Object.entries(io.env).filter(([name]) => PLACES.test(name));
  let loaded = loadConfig({ options: rest, configFile, env: io.env });
  if (loaded.status === 'refused') {
    loaded = loadConfig({ options: rest, configFile, env: Object.fromEntries(places) });
  }
  if (loaded.status === 'refused' && socket === undefined) {
    for (const fault of loaded.faults) io.stderr.write(`palm-oil-tui: ${fault}\n`);
    return EXIT.usage;
  }
  const config = loaded.status === 'refused' ? undefined : loaded.config;
  const { theme, ascii = false, noColor = false, bell = true } = config ?? {};
  const { screenReader = false, renderer = 'cells' } = config ?? {};
  const look = { theme, ascii, noColor, screenReader, bell, renderer };
  const resolved = loaded.status === 'refused' ? undefined : loaded;
  return { socket, environment, account, dataDir: config?.paths.dataDir ?? '', look, resolved };
}
