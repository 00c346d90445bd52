/** What `status` says about an engine, as JSON for scripts and as lines for a person. */
import { describe, expect, it } from 'vitest';
import { type Look, statusJson, statusText } from '../../../src/cli/commands/status.ts';
import { money, positionId } from '../../../src/engine/index.ts';
import { order, position, quiet, tripped } from '../../support/builders-snapshot.ts';

const HELLO = {
  type: 'hello',
  protocol: 1,
  version: '0.1.0',
  runId: 'r-0001',
  environment: 'sim',
  mode: 'dry-run',
  account: '45f440a7a215',
  role: 'observer',
} as const;

const look = (fields: Parameters<typeof quiet>[0] = {}): Look => ({
  snapshot: quiet(fields),
  journal: { entries: 42, digest: 'f79b4923758292bb' },
  hello: HELLO,
  troubles: [],
});

describe('status --json', () => {
  it('has every promised key, exact prices, and ids as text (F18)', () => {
    const positions = [position({ id: positionId('9007199254740993') })];
    const json = JSON.parse(JSON.stringify(statusJson(look({ positions, orders: [order()] }))));
    expect(json).toMatchObject({
      version: '0.1.0',
      env: 'sim',
      mode: 'dry-run',
      account: expect.any(String),
      tradingState: 'active',
      link: { state: 'READY' },
      quote: { bid: 4012, ask: 4014, ageMs: 400 },
      rsi: 41.2,
      sentiment: { score: 42, source: 'simulated', ageMs: 42_000 },
      positions: [
        { id: '9007199254740993', volume: 8, entry: 3998, stop: 3938, openPnl: '112.00' },
      ],
      orders: [{ id: 'c-7f3a', state: 'SENT' }],
      breakers: expect.any(Array),
      lastDecision: { sentence: expect.any(String) },
      stats: { trades: 4, netProfit: '1520.50' },
      digest: '9f3ac1',
      journal: { entries: 42, digest: 'f79b4923758292bb' },
    });
  });

  it('what is not known is null, never zero or missing (I18)', () => {
    const json = JSON.parse(
      JSON.stringify(
        statusJson(
          look({
            account: undefined,
            quote: undefined,
            instrument: undefined,
            decisions: [],
            indicators: { ...quiet().indicators, rsi: undefined },
            sentiment: { ...quiet().sentiment, reading: undefined },
          }),
        ),
      ),
    );
    for (const key of ['account', 'funds', 'quote', 'rsi', 'sentiment', 'lastDecision']) {
      expect([key, json[key]]).toEqual([key, null]);
    }
    expect(json.stats.netProfit).toBeNull();
  });
});

describe('status', () => {
  it('names what needs attention and what is without a stop', () => {
    const text = statusText({
      ...look({
        positions: [position({ stop: undefined, state: 'NAKED' })],
        breakers: [tripped('FEED', 'no quote for 15 s')],
      }),
      troubles: ['a position has no stop'],
    });
    expect(text).toContain('health    a position has no stop\n');
    expect(text).toMatch(/position {2}70012 buy 8 at 3998, stop NONE, NAKED/);
    expect(text).toContain('breaker   FEED: no quote for 15 s');
  });

  it('prints no control characters, whoever wrote them (I24)', () => {
    const text = statusText(
      look({ entriesAllowed: false, entriesBlockedBy: '\u001b[2Jboo\u0007' }),
    );
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

describe('the shadow twin in status', () => {
  const shadow = {
    pairs: [],
    ...{ entryTicks: 3, exitTicks: -1, compared: 2, missing: 1, extra: 0 },
    slippage: money(5_000),
    divergence: money(-7_550),
  };

  it('is sums of ticks and money for scripts, and a line for a person', () => {
    expect(statusJson(look({ shadow }))).toMatchObject({
      shadow: { compared: 2, missing: 1, entryTicks: 3, slippage: '50.00', divergence: '-75.50' },
    });
    expect(statusText(look({ shadow }))).toMatch(
      /shadow +2 trade\(s\) compared, -75\.50 MYR against paper, slippage 3 in, -1 out/,
    );
  });

  it('says null and nothing where nothing is compared, also money of two currencies (I18)', () => {
    expect(statusJson(look())).toMatchObject({ shadow: null });
    expect(statusText(look())).not.toContain('shadow');
    const apart = { ...shadow, divergence: undefined, slippage: undefined };
    expect(statusJson(look({ shadow: apart }))).toMatchObject({
      shadow: { slippage: null, divergence: null },
    });
    expect(statusText(look({ shadow: apart }))).not.toContain('against paper');
  });
});
