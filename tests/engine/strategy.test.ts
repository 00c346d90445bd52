/** The registry: what is named in a configuration exists, and remembers only what it is given. */
import { describe, expect, it } from 'vitest';
import { STRATEGIES } from '../../src/engine/strategy.ts';
import { CONFIG } from '../support/engine.ts';

describe('strategies', () => {
  it('each row carries its own name and starts with a serialisable memory', () => {
    for (const [name, strategy] of Object.entries(STRATEGIES)) {
      expect(strategy.name).toBe(name);
      const memory = strategy.init(CONFIG);
      expect(JSON.parse(JSON.stringify(memory))).toEqual(memory);
    }
  });
});
