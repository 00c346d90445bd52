// Another people's backtester over the bars of a file, one run a set, RSI given to it for nothing:
// its own rules, no costs, no gates, no sizing. Answers with processor time and trades as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder, file] = process.argv.slice(2);
const require = createRequire(join(folder, 'package.json'));
const { backtest } = require('grademark');
const { DataFrame } = require('data-forge');
const { bars, sets } = JSON.parse(readFileSync(file, 'utf8'));
const series = new DataFrame(bars.map((bar) => ({ ...bar, time: new Date(bar.time) }))).bake();

const strategyOf = ({ rsiBuy, rsiSell, tpBps, slBps }) => ({
  entryRule: (enter, { bar }) => {
    if (bar.rsi < rsiBuy) enter({ direction: 'long' });
    else if (bar.rsi > rsiSell) enter({ direction: 'short' });
  },
  stopLoss: ({ entryPrice }) => (entryPrice * slBps) / 10_000,
  profitTarget: ({ entryPrice }) => (entryPrice * tpBps) / 10_000,
});

const run = (some) => some.reduce((sum, set) => sum + backtest(strategyOf(set), series).length, 0);
run(sets.slice(0, 1));
const before = process.cpuUsage();
const trades = run(sets);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ millis: (user + system) / 1_000, trades }));
