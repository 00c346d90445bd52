/**
 * Every exit code of the program, as one table: documentation and `--help` are generated from it.
 * Deliberately does not exit: verbs return a code, the executable ends the process with it.
 */

export interface ExitRow {
  readonly code: number;
  readonly name: string;
  readonly meaning: string;
  /** What a person, or a supervisor's script, does next. */
  readonly remedy: string;
}

export const EXIT_ROWS = [
  {
    code: 0,
    name: 'ok',
    meaning: 'Done; after `run`: stopped, flat or every position protected.',
    remedy: 'Nothing to do.',
  },
  {
    code: 10,
    name: 'orderUnknown',
    meaning: 'Stopped with an order whose outcome is unknown or that is quarantined.',
    remedy: 'Start again: reconciliation with the broker runs before anything is traded.',
  },
  {
    code: 11,
    name: 'stopUnconfirmed',
    meaning: 'Stopped with a position whose stop loss is not confirmed by the broker.',
    remedy: 'Look at the position in another cTrader application now, then start again.',
  },
  {
    code: 12,
    name: 'persistence',
    meaning: 'The journal cannot be read, written or synchronised, or differs when replayed.',
    remedy: 'Check disk space and permissions; the message names the file. Nothing was deleted.',
  },
  {
    code: 13,
    name: 'authorization',
    meaning: 'Authorization is needed: no token, or the broker refused it for good.',
    remedy: 'Run `palm-oil-tui login`, or provide a fresh access token; then start again.',
  },
  {
    code: 14,
    name: 'unhealthy',
    meaning: '`status`, `doctor`, `history check`: it runs, or would; something needs attention.',
    remedy: 'The line `health` or `FAIL`, `troubles` or `checks` in the JSON, says what.',
  },
  {
    code: 15,
    name: 'unproven',
    meaning: '`panic`: sent, and not everything is proven yet; the lines with OPEN say what.',
    remedy: 'Look at the account in another cTrader application, or send it again.',
  },
  {
    code: 16,
    name: 'noEngine',
    meaning: '`attach`, `status`, `panic`: no engine, it went away, or speaks another protocol.',
    remedy: 'Start one with `palm-oil-tui run`, or name its `--data-dir` or `--socket`.',
  },
  {
    code: 17,
    name: 'notArmed',
    meaning: '`run --arm`: live mode could not be armed, so nothing was opened.',
    remedy: 'The message names the red item of the checklist or the wrong account number.',
  },
  {
    code: 64,
    name: 'usage',
    meaning: 'Bad usage: unknown verb, option, value, configuration, terminal or input file.',
    remedy: 'The sentence on standard error names the key, its origin and what is allowed.',
  },
  {
    code: 69,
    name: 'unreachable',
    meaning: 'The broker could not be reached at start within the limit.',
    remedy: 'Check the network and the broker host; positions and orders are untouched.',
  },
  {
    code: 70,
    name: 'internal',
    meaning: 'An internal fault: a belief of the program was broken and it stopped.',
    remedy: 'Keep the journal and the log; start again to recover from them.',
  },
  {
    code: 71,
    name: 'stuck',
    meaning: 'The main thread hung for 12 seconds and the guard beside it ended the process.',
    remedy: 'Start again: positions keep the stop at the broker, recovery reads the journal.',
  },
  {
    code: 74,
    name: 'output',
    meaning: 'Done, but standard output could not be written (a full disk behind `> file`).',
    remedy: 'Make room and run it again: what is in the file is not whole.',
  },
  {
    code: 75,
    name: 'locked',
    meaning: 'Another instance runs for the same environment, account and mode.',
    remedy: 'Use the running one, or stop it first.',
  },
] as const satisfies readonly ExitRow[];

type Names = (typeof EXIT_ROWS)[number]['name'];
type CodeOf<N extends Names> = Extract<(typeof EXIT_ROWS)[number], { readonly name: N }>['code'];

/** `EXIT.usage` is 64 and so on; one name for one code. */
export const EXIT = Object.fromEntries(EXIT_ROWS.map((row) => [row.name, row.code])) as {
  readonly [N in Names]: CodeOf<N>;
};
