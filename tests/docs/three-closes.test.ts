/** The example of docs/adding-a-strategy.md is this file, word for word, and does what it says. */
import { expect, it } from 'vitest';
import type { StrategyMemory, StrategyView } from '../../src/engine/strategy.ts';
import { bars } from '../support/builders-snapshot.ts';
import { FCPO } from '../support/engine.ts';
import { CONFIG } from '../support/engine-config.ts';
import { read } from '../support/source-files.ts';
import { threeCloses } from './three-closes.ts';

it('the document shows the strategy that is tested here', () => {
  const shown = read('tests/docs/three-closes.ts').replaceAll('../../src/engine/', '../');
  expect(read('docs/adding-a-strategy.md')).toContain(`\`\`\`ts\n${shown}\`\`\``);
});

it('buys after the third lower close, once a bar, and remembers only its memory', () => {
  const [bar] = bars(1);
  if (bar === undefined) throw new Error('no bar');
  const closes = [100, 99, 98, 97, 98, 97, 96, 95];
  let memory: StrategyMemory = threeCloses.init(CONFIG);
  const bought = closes.flatMap((close, index) => {
    const view = {
      instrumentId: FCPO.id,
      bar: { ...bar, close: close as typeof bar.close },
      rsi: undefined,
      trend: 'unknown',
      sentiment: undefined,
      sentimentAgeMs: undefined,
    } satisfies StrategyView;
    const verdict = threeCloses.onBar(view, memory, CONFIG);
    memory = JSON.parse(JSON.stringify(verdict.memory));
    expect(verdict.intent === undefined).toBe(verdict.unmet !== undefined);
    return verdict.intent === undefined ? [] : [index];
  });
  expect(bought).toEqual([3, 7]);
});
