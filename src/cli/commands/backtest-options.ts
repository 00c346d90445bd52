/**
 * The command line of `backtest` and `sweep`: options, their defaults, and nothing of what they do.
 * Deliberately small: the verbs themselves are loaded when they are asked for.
 */
import type { Command } from 'commander';
import type { Io } from '../io.ts';

/** Defaults of what a simulated contract costs; every report prints what was used. */
const DEFAULTS = {
  spread: '3',
  slippage: '1',
  commission: '15',
  balance: '50000',
  sessions: 'fcpo',
  sentiment: 'off',
} as const;

type Verb = (parent: Command, usage: string, about: string, example: string) => Command;

interface Ending {
  readonly io: Io;
  readonly done: (code: number) => void;
}

const gather = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** What both verbs are told about the past. */
function addMarketOptions(command: Command): Command {
  return command
    .option('--bars <file>', 'recorded bars (.csv, .csv.gz) [the bundled sample]')
    .option('--bar-times <zone>', 'zone of times that name none: UTC, +02:00, Asia/Kuala_Lumpur')
    .option('--timeframe <time>', 'length of the bars that decide, such as 5m [RSI_TIMEFRAME]')
    .option('--sessions <rule>', 'trading hours: fcpo, or bars (open where bars are)', 'fcpo')
    .option('--rolls <when,...>', 'where bars of another contract begin, such as 2024-11-18=+23')
    .option('--sentiment <what>', 'FILE of readings, neutral (agrees with all) or off', 'off')
    .option('--spread <units>', 'ask minus bid, in units of the price', DEFAULTS.spread)
    .option('--slippage <units>', 'against every entry and stop', DEFAULTS.slippage)
    .option('--commission <amount>', 'a lot and side', DEFAULTS.commission)
    .option('--swap <rule>', 'LONG,SHORT,DAY,HH:MM a lot and night, see docs/backtest.md [none]')
    .option('--balance <amount>', 'at the beginning', DEFAULTS.balance)
    .option('--set <name=value>', 'a strategy or risk setting, repeatable', gather, [])
    .option('--config <file>', "configuration file (JSON) instead of the user's own");
}

export function addBacktestVerbs(parent: Command, verb: Verb, { io, done }: Ending): void {
  const backtest = 'backtest --set RSI_OVERSOLD=25 --html report.html';
  addMarketOptions(verb(parent, 'backtest', 'the live engine over recorded bars', backtest))
    .option('--json', 'one JSON object instead of text')
    .option('--trades <file>', 'write one CSV line a trade')
    .option('--html <file>', 'write a self-contained page')
    .action(async (values: Record<string, unknown>) => {
      const { backtestCommand } = await import('./backtest.ts');
      done(backtestCommand(values, io));
    });
  const sweep = 'sweep --param rsi_buy=20:35:5 --out sweep.csv';
  addMarketOptions(verb(parent, 'sweep', 'many parameter sets, and how lucky the best is', sweep))
    .alias('optimize')
    .option(
      '--param <name=from:to:step>',
      'a range, repeatable [the 192 of the default]',
      gather,
      [],
    )
    .option('--out <file>', 'write the CSV there instead of to standard output')
    .option('--min-trades <n>', 'rows with fewer are not ranked', '30')
    .option('--walk-forward <n>', 'folds of the out-of-sample test; 0 leaves it out', '4')
    .option('--workers <n>', 'threads of a long sweep, 0 for none [one a core]')
    .option('--shard <i/n>', 'run that part only and write its rows for --merge')
    .option('--merge <files...>', 'the whole sweep from the rows of its shards')
    .option('--quiet', 'no progress and no ranking on standard error')
    .action(async (values: Record<string, unknown>) => {
      const { sweepCommand } = await import('./sweep.ts');
      done(await sweepCommand(values, io));
    });
}
