/**
 * The tree of words as a script for one shell. Bash and zsh share one function of plain shell that
 * answers "what may follow"; each has its own few lines around it. Deliberately static text: a
 * completion must not start the program at every key.
 */
import type { Shell } from './completion-shells.ts';
import type { OptionWords, VerbWords } from './completion-tree.ts';

const PROGRAM = 'palm-oil-tui';
type Tree = readonly VerbWords[];

/** The whole script, for standard output. */
export function completionScript(shell: Shell, tree: Tree): string {
  return SCRIPTS[shell](tree);
}

const SCRIPTS: Readonly<Record<Shell, (tree: Tree) => string>> = {
  bash: (tree) => `# bash completion for ${PROGRAM}\n${wordsFunction(tree)}${BASH}`,
  zsh: (tree) => `#compdef ${PROGRAM}\n${wordsFunction(tree)}${ZSH}`,
  fish,
};

/** Quoted for every shell here; our words hold neither quotes nor backslashes, texts may. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const say = (words: readonly string[]): string =>
  words.length === 0 ? ':' : `printf '%s\\n' ${words.map(quoted).join(' ')}`;
const when = (patterns: readonly string[], act: string): string =>
  patterns.length === 0 ? '' : `      ${patterns.map(quoted).join('|')}) ${act} ;;\n`;

/** `_palm_oil_tui_words CURRENT WORD...`: what may follow, one a line; `<file>` for file names. */
function wordsFunction(tree: Tree): string {
  const paths = tree.flatMap(({ path }) => (path === '' ? [] : path));
  const valued = tree.flatMap(({ path, options }) =>
    options.filter(({ takesValue }) => takesValue).map((option) => ({ path, option })),
  );
  const keys = valued.map(({ path, option }) => `${path} ${option.name}`);
  const deeper = `verb="$verb\${verb:+ }$word"; continue`;
  const optionCases = tree
    .map(({ path, options }) => when([path], say(options.map(({ name }) => name))))
    .join('');
  const nextCases = tree.map((node) => when([node.path], say(following(node)))).join('');
  return `_palm_oil_tui_words() {
  local current="$1" verb='' option='' argument='' word
  shift
  for word in "$@"; do
    if [ -n "$option" ]; then option=''; continue; fi
    case "$verb\${verb:+ }$word" in
${when(paths, deeper)}    esac
    case "$verb $word" in
${when(keys, 'option="$word"')}      *' -'*) ;;
      *) argument="$word" ;;
    esac
  done
  if [ -n "$option" ]; then
    case "$verb $option" in
${byAnswer(valued)}    esac
    return 0
  fi
  case "$current" in -*)
    case "$verb" in
${optionCases}    esac
    return 0
  esac
  if [ -n "$argument" ]; then
    case "$verb $argument" in
${tree.flatMap(valueCases).join('')}    esac
    return 0
  fi
  case "$verb" in
${nextCases}  esac
}
`;
}

/** Verbs and arguments where there are any, options otherwise. */
function following({ verbs, words, options }: VerbWords): readonly string[] {
  const names = [...verbs.map(({ name }) => name), ...words];
  return names.length > 0 ? names : options.map(({ name }) => name);
}

const valueCases = ({ path, valueWords }: VerbWords): readonly string[] =>
  [...valueWords].map(([name, words]) => when([`${path} ${name}`], say(words)));

/** One line for all options with the same answer. */
function byAnswer(
  valued: readonly { readonly path: string; readonly option: OptionWords }[],
): string {
  const byText = new Map<string, string[]>();
  for (const { path, option } of valued) {
    const answer = option.isFile ? ['<file>'] : option.words;
    if (answer.length === 0) continue;
    const text = say(answer);
    byText.set(text, [...(byText.get(text) ?? []), `${path} ${option.name}`]);
  }
  return [...byText].map(([answer, keys]) => when(keys, answer)).join('');
}

/** Bash splits \`--env=sim\` into three words; the sign between is dropped. */
const BASH = `_palm_oil_tui() {
  local current="\${COMP_WORDS[COMP_CWORD]}" index line
  local before=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    [ "\${COMP_WORDS[index]}" = '=' ] || before+=("\${COMP_WORDS[index]}")
  done
  [ "$current" = '=' ] && current=''
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      '<file>')
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
        ;;
      "$current"*) COMPREPLY+=("$line") ;;
    esac
  done < <(_palm_oil_tui_words "$current" "\${before[@]+"\${before[@]}"}")
}
complete -F _palm_oil_tui ${PROGRAM}
`;

const ZSH = `_palm_oil_tui() {
  local -a before found
  before=("\${(@)words[2,CURRENT-1]}")
  if [[ "\${words[CURRENT]}" == --*=* ]]; then
    before+=("\${words[CURRENT]%%=*}")
    compset -P '*='
  fi
  found=("\${(@f)$(_palm_oil_tui_words "$PREFIX" "\${before[@]}")}")
  if [[ "\${found[1]}" == '<file>' ]]; then
    _files
  elif [[ -n "\${found[1]}" ]]; then
    compadd -a found
  fi
}
if [ "\${funcstack[1]}" = "_palm-oil-tui" ]; then
  _palm_oil_tui "$@"
else
  compdef _palm_oil_tui ${PROGRAM}
fi
`;

const fishQuoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** Fish has a table of its own: one line for every word, told where it may stand. */
function fish(tree: Tree): string {
  const names = [...new Set(tree.flatMap(({ path }) => path.split(' ')).filter(Boolean))];
  const lines = tree.flatMap((node) => {
    const condition = fishQuoted(`__palm_oil_tui_at ${fishQuoted(node.path)}`);
    const at = `complete -c ${PROGRAM} -n ${condition}`;
    return [
      ...node.verbs.map(({ name, about }) => `${at} -f -a ${name} -d ${fishQuoted(about)}`),
      ...(node.words.length === 0 ? [] : [`${at} -f -a ${fishQuoted(node.words.join(' '))}`]),
      ...node.options.map((option) => `${at} ${fishOption(option)}`),
    ];
  });
  return `# fish completion for ${PROGRAM}
function __palm_oil_tui_at
    set -l verbs
    for word in (commandline -opc)[2..-1]
        contains -- $word ${names.join(' ')}; and set -a verbs $word
    end
    test "$verbs" = "$argv[1]"
end
${lines.join('\n')}
`;
}

function fishOption({ name, about, takesValue, isFile, words }: OptionWords): string {
  const value = isFile ? '-r' : takesValue ? `-x -a ${fishQuoted(words.join(' '))}` : '-f';
  return `-l ${name.slice(2)} ${value} -d ${fishQuoted(about)}`;
}
