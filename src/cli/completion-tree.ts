/**
 * What may be typed, from the tables of verbs and settings, as plain data for completion-script.ts.
 * Deliberately holds no list of its own: a verb, option or value that is added is completed.
 */
import { Argument, type Command, type Option } from 'commander';
import { nameOf } from './config-resolve.ts';
import { SETTING_ROWS } from './config-schema.ts';

export interface OptionWords {
  /** `--env` */
  readonly name: string;
  readonly about: string;
  readonly takesValue: boolean;
  /** The few values there are; empty when there are many. */
  readonly words: readonly string[];
  /** The value names a file or directory. */
  readonly isFile: boolean;
}

export interface VerbWords {
  /** Words from the program to here, such as `config set`; empty for the program itself. */
  readonly path: string;
  readonly about: string;
  readonly verbs: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly OptionWords[];
  /** What its first argument may be. */
  readonly words: readonly string[];
  /** What its second argument may be, by the first. */
  readonly valueWords: ReadonlyMap<string, readonly string[]>;
}

const NO_WORDS: ReadonlyMap<string, readonly string[]> = new Map();
const ROWS = SETTING_ROWS.filter(({ row }) => row.env !== undefined && !row.kind.secret);
/** Verbs whose first argument is the name of a setting. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'config get': SETTING_ROWS.map(({ row }) => nameOf(row)),
  'config set': ROWS.map(({ row }) => nameOf(row)),
  'config unset': ROWS.map(({ row }) => nameOf(row)),
};
const FILE_VALUE = /<(?:\w+-)*(?:file|files|dir|path|directory)>/i;

/** Every verb with its own verbs, options and arguments; the program itself first. */
export function completionTree(program: Command): readonly VerbWords[] {
  const top = program.commands.flatMap(namesOf);
  const nodes = branch(program, '');
  const helped: VerbWords = { ...bare('help'), words: top.map(({ name }) => name) };
  // Without a verb, run is meant: its options follow the program's name as well.
  const run = nodes.find(({ path }) => path === 'run')?.options ?? [];
  return [...nodes, helped].map((node) =>
    node.path === ''
      ? {
          ...node,
          verbs: [...node.verbs, { name: 'help', about: 'explain a verb' }],
          options: unique([...node.options, ...run]),
        }
      : node,
  );
}

const bare = (path: string): VerbWords => ({
  path,
  about: '',
  verbs: [],
  options: [],
  words: [],
  valueWords: NO_WORDS,
});

const namesOf = (command: Command) =>
  [command.name(), ...command.aliases()].map((name) => ({ name, about: command.description() }));

function branch(command: Command, path: string): readonly VerbWords[] {
  const { visibleOptions } = optionsOf(command);
  const [first] = command.registeredArguments;
  const node: VerbWords = {
    path,
    about: command.description(),
    verbs: command.commands.flatMap(namesOf),
    options: visibleOptions,
    words: argumentWords(first) ?? NAMES[path] ?? [],
    valueWords: path === 'config set' ? valuesByName() : NO_WORDS,
  };
  const below = command.commands.flatMap((child) =>
    namesOf(child).flatMap(({ name }) => branch(child, path === '' ? name : `${path} ${name}`)),
  );
  return [node, ...below];
}

const argumentWords = (argument: Argument | undefined): readonly string[] | undefined =>
  argument instanceof Argument ? argument.argChoices : undefined;

const valuesByName = () =>
  new Map(
    ROWS.flatMap(({ row }) =>
      row.kind.words === undefined ? [] : [[nameOf(row), row.kind.words] as const],
    ),
  );

function optionsOf(command: Command): { readonly visibleOptions: readonly OptionWords[] } {
  const help = command.createHelp();
  return { visibleOptions: unique(help.visibleOptions(command).flatMap(optionWords)) };
}

function optionWords(option: Option): readonly OptionWords[] {
  if (option.long === null || option.long === undefined) return [];
  const takesValue = option.required || option.optional;
  const row = SETTING_ROWS.find(({ row: { flag } }) => flag === option.flags)?.row;
  return [
    {
      name: option.long,
      about: option.description,
      takesValue,
      words: takesValue ? (option.argChoices ?? row?.kind.words ?? []) : [],
      isFile: takesValue && FILE_VALUE.test(option.flags),
    },
  ];
}

const unique = (options: readonly OptionWords[]): readonly OptionWords[] => [
  ...new Map(options.map((option) => [option.name, option])).values(),
];
