/**
 * The `completion` verb: what a shell needs to finish our words, on standard output.
 * Deliberately writes no file of the shell: where it goes is said by its help.
 */
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { SHELLS, type Shell } from '../completion-shells.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';

type Verb = (parent: Command, usage: string, about: string, example: string) => Command;

const WHERE = `
bash  $ palm-oil-tui completion bash > ~/.local/share/bash-completion/completions/palm-oil-tui
zsh   $ palm-oil-tui completion zsh > "\${fpath[1]}/_palm-oil-tui"
fish  $ palm-oil-tui completion fish > ~/.config/fish/completions/palm-oil-tui.fish
`;

export function addCompletionVerb(
  program: Command,
  verb: Verb,
  { io, done }: { readonly io: Io; readonly done: (code: number) => void },
): void {
  const shell = new Argument('<shell>', 'which shell').choices(SHELLS).argParser(shellOf);
  verb(program, 'completion', 'completions for bash, zsh or fish', 'completion bash')
    .addArgument(shell)
    .addHelpText('after', WHERE)
    .action(async (wanted: Shell) => {
      const { completionTree } = await import('../completion-tree.ts');
      const { completionScript } = await import('../completion-script.ts');
      io.stdout.write(completionScript(wanted, completionTree(program)));
      done(EXIT.ok);
    });
}

function shellOf(text: string): Shell {
  const shell = SHELLS.find((one) => one === text);
  if (shell !== undefined) return shell;
  throw new InvalidArgumentError(`The shell is one of ${SHELLS.join(', ')}.`);
}
