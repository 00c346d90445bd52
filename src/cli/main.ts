/**
 * Verbs, flags and what happens when they are wrong: one sentence, exit 64, nothing on stdout.
 * Deliberately does nothing itself: every verb is a file in commands/, loaded when it is asked for.
 */
import { Command, CommanderError } from 'commander';
import { beginWriter, WRITER_URL } from '../runtime/writer-thread.ts';
import { addAlertVerbs } from './commands/alert-options.ts';
import { addBacktestVerbs } from './commands/backtest-options.ts';
import { addCompletionVerb } from './commands/completion-options.ts';
import { addConfigVerbs } from './commands/config-options.ts';
import { addDoctorVerb } from './commands/doctor-options.ts';
import { addHistoryVerbs } from './commands/history-options.ts';
import { addJournalVerbs } from './commands/journal-options.ts';
import { addLabVerbs } from './commands/lab.ts';
import { addLinkVerbs } from './commands/link-options.ts';
import { addLoginVerbs } from './commands/login-options.ts';
import { addSimulatorVerb } from './commands/simulator-options.ts';
import { addSupportVerb } from './commands/support-options.ts';
import { type ConfigRefusal, loadConfig, type ResolvedConfig } from './config.ts';
import { EXIT } from './exit.ts';
import { fileTrouble } from './file-trouble.ts';
import { addSettingFlags, givenFlags } from './flags.ts';
import type { Io } from './io.ts';
import { nearest } from './nearest.ts';
import { VERSION } from './version.ts';

const NAME = 'palm-oil-tui';
const VERBS = [
  'run',
  'attach',
  'status',
  'panic',
  'alerts',
  'login',
  'logout',
  'accounts',
  'doctor',
  'history',
  'backtest',
  'sweep',
  'optimize',
  'trades',
  'explain',
  'replay',
  'simulate',
  'simulator',
  'config',
  'completion',
  'support-bundle',
  'version',
  'help',
] as const;

interface Ending {
  readonly io: Io;
  readonly done: (code: number) => void;
}

type Verb = (parent: Command, usage: string, about: string, example: string) => Command;

/** Who adds which verbs; in the order of the help. Completion speaks of all, so it is nobody's. */
const GROUPS: readonly (readonly [
  verbs: readonly string[],
  add: (program: Command, verb: Verb, ending: Ending) => void,
])[] = [
  [[], addOwnVerbs],
  [['attach', 'status', 'panic'], addLinkVerbs],
  [['alerts'], addAlertVerbs],
  [['login', 'logout', 'accounts'], addLoginVerbs],
  [['doctor'], addDoctorVerb],
  [['history'], addHistoryVerbs],
  [['backtest', 'sweep', 'optimize'], addBacktestVerbs],
  [['trades', 'explain', 'replay'], addJournalVerbs],
  [['simulate'], addLabVerbs],
  [['simulator'], addSimulatorVerb],
  [['config'], addConfigVerbs],
  [['support-bundle'], addSupportVerb],
  [[], addCompletionVerb],
];

/** Runs one command line and answers with the exit code; `exit.ts` lists them. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const stranger = unknownVerb(argv);
  if (stranger !== undefined) return refuse(io, stranger);
  let code: number = EXIT.ok;
  const done = (result: number): void => {
    code = result;
  };
  const program = build(argv[0] ?? '', { io, done });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    const trouble = fileTrouble(error);
    if (trouble !== undefined) {
      io.stderr.write(`${NAME}: ${trouble}\n`);
      return EXIT.persistence;
    }
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    return refuse(io, sentence(error, argv[0] ?? ''));
  }
}

/** Only what the first word asks for, when it names a verb: hundreds of options take their time. */
function build(first: string, ending: Ending): Command {
  const { io } = ending;
  const program = new Command(NAME)
    .description('A terminal trading console for cTrader: dry-run first, every decision explained.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => undefined })
    .version(VERSION, '--version', 'print the version')
    .helpOption('--help', 'explain this verb')
    .helpCommand('help [verb]', 'explain a verb')
    .addHelpText('after', `\nWithout a verb, run is meant.\n\nExample:\n  $ ${NAME} --seed 7\n`);
  const verb: Verb = (parent, usage, about, example) =>
    parent
      .command(usage, { isDefault: usage === 'run' })
      .description(about)
      .helpOption('--help', 'explain this verb')
      .addHelpText('after', `\nExample:\n  $ ${NAME} ${example}\n`);
  const own = GROUPS.filter(([verbs]) => verbs.includes(first));
  for (const [, add] of own.length === 0 ? GROUPS : own) add(program, verb, ending);
  return program;
}

function addOwnVerbs(program: Command, verb: Verb, { io, done }: Ending): void {
  addSettingFlags(
    verb(program, 'run', 'engine and screen (default)', 'run --env sim --seed 7'),
  ).action(async (values: Record<string, unknown>) => done(await run(values, io)));
  verb(program, 'version', 'print the version', 'version').action(() => {
    io.stdout.write(`${VERSION}\n`);
  });
}

function read(values: Record<string, unknown>, io: Io): ResolvedConfig | ConfigRefusal {
  return loadConfig({ ...givenFlags(values), env: io.env });
}

async function run(values: Record<string, unknown>, io: Io): Promise<number> {
  const loaded = read(values, io);
  for (const warning of loaded.warnings) io.stderr.write(`${NAME}: ${warning}\n`);
  if (loaded.status === 'refused') return refuse(io, ...loaded.faults);
  beginWriter(WRITER_URL);
  const { runCommand } = await import('./commands/run.ts');
  return runCommand(loaded, io);
}

function refuse(io: Io, ...sentences: readonly string[]): number {
  for (const text of sentences) io.stderr.write(`${NAME}: ${text}\n`);
  return EXIT.usage;
}

function unknownVerb(argv: readonly string[]): string | undefined {
  const first = argv[0];
  if (first === undefined || first.startsWith('-')) return undefined;
  if (VERBS.some((verb) => verb === first)) return undefined;
  const near = nearest(first, VERBS);
  const hint = near === undefined ? `the verbs are ${VERBS.join(', ')}` : `did you mean ${near}?`;
  return `there is no verb ${JSON.stringify(first)}: ${hint}`;
}

const REMEDIES: Readonly<Record<string, string>> = {
  'commander.excessArguments': 'Remove what is too much, or put the verb first.',
  'commander.optionMissingArgument': 'Write the value after the option.',
  'commander.missingArgument': 'Write it after the verb.',
  'commander.unknownCommand': 'palm-oil-tui --help lists the verbs.',
  'commander.missingMandatoryOptionValue': 'palm-oil-tui history fetch --help shows an example.',
};

/** Commander's complaint as one line with a remedy. */
function sentence(error: CommanderError, verb: string): string {
  if (error.code === 'commander.invalidArgument') {
    return error.message.replace(/^.*?invalid(?: for argument '\w+')?\. /s, '');
  }
  if (error.code === 'commander.help') {
    return `${verb} needs a verb. Name one of its verbs: ${NAME} ${verb} --help lists them.`;
  }
  const flat = error.message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '?')
    .trim()
    .replace(/\.$/, '');
  const hasHint = flat.endsWith('?)');
  if (hasHint) return flat;
  if (error.code === 'commander.unknownOption') {
    const asked = VERBS.some((one) => one === verb) ? verb : 'run';
    return `${flat}. ${NAME} ${asked} --help lists the options.`;
  }
  return `${flat}. ${REMEDIES[error.code] ?? 'See palm-oil-tui --help.'}`;
}
