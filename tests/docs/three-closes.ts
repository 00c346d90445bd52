/** Buys after three closes in a row that were lower than the one before. */
import type { Strategy, StrategyMemory } from '../../src/engine/strategy.ts';
import { signalId } from '../../src/engine/units.ts';

const FALLS = 3;

export const threeCloses: Strategy<StrategyMemory> = {
  // In src/ this is a name of its own: 'three-closes'.
  name: 'rsi-sentiment',
  init: () => ({ last: 0, falls: 0 }),
  onBar({ bar, instrumentId }, memory) {
    const last = Number(memory['last']);
    const falls = last > 0 && bar.close < last ? Number(memory['falls']) + 1 : 0;
    const next = { last: bar.close, falls };
    if (falls < FALLS) return { memory: next, intent: undefined, unmet: 'signal' };
    const id = signalId(`three-closes/${instrumentId}/buy/${bar.openTime}`);
    const intent = { signalId: id, side: 'buy', reason: `${falls} lower closes` } as const;
    return { memory: next, intent, unmet: undefined };
  },
  gates: ({ bar }) => [
    { gate: 'signal', pass: true, value: `close ${bar.close}`, threshold: `${FALLS} lower closes` },
  ],
};
