/**
 * Every command that the README and the documents show, found by its first word: in blocks of code
 * and in the text. Deliberately knows no verb: what to do with a command is for the tests.
 */
import { filesBelow, read } from './source-files.ts';

export const DOCUMENTS: readonly string[] = [
  ...['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md'],
  ...filesBelow('docs', /\.md$/).map(({ path }) => path),
];

/** Programs a reader may be told to type; a line that begins with one is a command. */
const PROGRAMS = new Set(
  [
    'palm-oil-tui npm npx node tsx git docker podman fly flyctl railway brew apt apt-get',
    'systemctl systemd-analyze systemd-creds journalctl loginctl timedatectl sudo ssh scp tmux',
    'curl wget chmod chown mkdir rm cp mv ln cat tail tar jq sqlite3 cd sh bash',
  ].flatMap((line) => line.split(' ')),
);

export interface Documented {
  /** As a person types it: without comment, `&` and what it is piped into. */
  readonly text: string;
  readonly words: readonly string[];
  readonly where: string;
  /** The field that `jq` takes of its output, where it is piped into that. */
  readonly field: string | undefined;
}

/** Words as a shell sees them; quoted ones are one. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** Blocks of code, and the text between them. */
function partsOf(path: string) {
  const whole = read(path);
  const block = /^```(\w*)\n([\s\S]*?)^```/gm;
  const blocks = [...whole.matchAll(block)].map(([, tag = '', text = '']) => ({ tag, text }));
  return { blocks, text: whole.replace(block, '') };
}

export const isCommand = (line: string): boolean => PROGRAMS.has(line.split(' ')[0] ?? '');

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

/** Lines of a block that is typed in; a block holds nothing else once one line is a command. */
export function typedLines(path: string): readonly string[] {
  return partsOf(path).blocks.flatMap(({ tag, text }) => {
    const lines = linesOf(text);
    const isShell = /^(?:sh|bash|console)$/.test(tag);
    return isShell || (tag === '' && lines.some(isCommand)) ? lines : [];
  });
}

/** In the text a name alone is a name; with words behind it, it is a command. */
export function inlineCode(path: string): readonly string[] {
  return [...partsOf(path).text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** Each command once, with the first document that shows it. */
export function documentedCommands(): readonly Documented[] {
  const found = new Map<string, Documented>();
  for (const path of DOCUMENTS) {
    const inline = inlineCode(path).filter((code) => isCommand(code) && /^\S+ \S/.test(code));
    for (const line of [...typedLines(path), ...inline]) {
      const words = wordsOf(line.replace(/ +(?:#|\||&(?!&)).*$/, '').trim());
      const text = words.join(' ');
      const field = /\| jq \.(\w+)/.exec(line)?.[1];
      if (!found.has(text)) found.set(text, { text, words, where: `${path}: ${text}`, field });
    }
  }
  return [...found.values()];
}

/** Run on the journal of a real run, in tests/e2e/journal-verbs.test.ts. */
export const JOURNAL_VERBS: readonly string[] = ['trades', 'explain', 'replay'];

/** What the program is given, in whichever way it is started; absent for another program. */
export function argumentsOf({ words }: Documented): readonly string[] | undefined {
  const [first, second, third] = words;
  if (first === 'palm-oil-tui') return words.slice(1);
  const isOurs = second === 'start' || third === 'simulate' || second === 'scripts/start.mjs';
  if (!isOurs || (first !== 'npm' && first !== 'node')) return undefined;
  const given = words.slice(words.indexOf('--') + 1 || words.length);
  return third === 'simulate' ? ['simulate', ...given] : given;
}

export interface ProgramCommand extends Documented {
  readonly args: readonly string[];
  readonly verb: string;
}

/** Commands of this program; without a verb, run is meant. */
export function programCommands(): readonly ProgramCommand[] {
  return documentedCommands().flatMap((one) => {
    const args = argumentsOf(one);
    if (args === undefined) return [];
    const [first = 'run'] = args;
    return [{ ...one, args, verb: first.startsWith('-') ? 'run' : first }];
  });
}
