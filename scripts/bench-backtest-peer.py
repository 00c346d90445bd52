# Another people's backtester, backtesting.py, over the bars of a file: its own run() as it is, with
# what the rules need given to it for nothing. Deliberately no costs, sizing or gates of its own;
# answers with processor time and trades as JSON. Imports nothing that it does not come with.
import json
import sys
import time
import warnings

import backtesting
import numpy as np
import pandas as pd

file, words = sys.argv[1:]
told = json.loads(words)
stamps, opens, highs, lows, closes, rsi = np.fromfile(file, dtype="<f8").reshape(6, -1)
bars = pd.DataFrame(
    {"Open": opens, "High": highs, "Low": lows, "Close": closes, "Rsi": rsi},
    index=pd.to_datetime(stamps.astype("int64"), unit="ms"),
)


def up(value, unit):
    return -(-value // unit)


# Of three ways to give it the RSI the cheapest to it: a column, read only while it holds nothing.
# An indicator declared with self.I is cut anew for every bar, held or not.
class Rules(backtesting.Strategy):
    def init(self):
        pass

    def next(self):
        if self.trades:
            return
        now = self.data["Rsi"][-1]
        if now < told["oversold"]:
            side = 1
        elif now > told["overbought"]:
            side = -1
        else:
            return
        # An order names its levels before its fill is known; here the next bar opens at this close.
        entry, tick = int(self.data.Close[-1]), told["tick"]
        stop = entry - side * up(up(entry * told["stopBps"], 10_000), tick) * tick
        target = entry + side * (entry * told["targetBps"] // 10_000 // tick) * tick
        (self.buy if side > 0 else self.sell)(size=1, sl=stop, tp=target)


warnings.simplefilter("ignore")
spent, trades = [], []
for _ in range(told["rounds"]):
    # Its cash never runs dry: a trade is one unit of a price in the thousands of a million.
    test = backtesting.Backtest(bars, Rules, cash=1e15)
    before = time.process_time()
    made = test.run()
    spent.append((time.process_time() - before) * 1_000)
    columns = made["_trades"][["EntryBar", "EntryPrice", "ExitBar", "ExitPrice"]]
    trades = columns.to_numpy().tolist()
version = getattr(backtesting, "__version__", "of unknown version")
times = {"millis": min(spent), "cold": spent[0]}
print(json.dumps({"version": version, **times, "trades": trades}))
