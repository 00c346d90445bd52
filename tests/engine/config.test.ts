/** Cross-checks of a configuration, and the table of bounds. */
import { describe, expect, it } from 'vitest';
import { configFaults, DEADLINES, type EngineConfig, LIMITS } from '../../src/engine/config.ts';
import { CONFIG } from '../support/engine.ts';

describe('configFaults', () => {
  it('finds nothing wrong with the defaults of the tests', () => {
    expect(configFaults(CONFIG)).toEqual([]);
  });

  const rows: readonly (readonly [Partial<EngineConfig>, string])[] = [
    [{ rsiOversold: 70 }, 'RSI_OVERSOLD'],
    [{ stopLossBps: 501 }, 'STOP_LOSS_PERCENT'],
    [{ riskBps: 501 }, 'RISK_PER_TRADE'],
    [{ takeProfitBps: 20 }, 'TAKE_PROFIT_PERCENT'],
    [{ feedAgeMaxMs: 4_999 }, 'feed age'],
  ];
  it.each(rows)('%o is refused in words (F118)', (fields, words) => {
    const faults = configFaults({ ...CONFIG, ...fields });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(words);
  });
});

describe('the tables', () => {
  it('hold positive whole numbers, and the deadlines of the catalogue (A11 I27)', () => {
    for (const value of [...Object.values(LIMITS), ...Object.values(DEADLINES)]) {
      expect(Number.isSafeInteger(value) && value > 0).toBe(true);
    }
    expect(DEADLINES).toMatchObject({
      decisionToBytesMs: 2_000,
      bytesToEvidenceMs: 5_000,
      absenceAfterMs: 60_000,
      absenceApartMs: 10_000,
      quarantineAfterMs: 300_000,
      unprotectedHardMs: 5_000,
      sentimentLifetimeMs: 300_000,
    });
  });
});
