/** The table itself: every row complete, every name once, every promised name present. */
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/cli/config-resolve.ts';
import { SETTING_ROWS, SETTINGS } from '../../src/cli/config-schema.ts';
import { THEMES } from '../../src/ui/look.ts';

/** Names that existing `.env` files use; they must keep working unchanged. */
const PROMISED = `CTRADER_ENVIRONMENT CTRADER_CLIENT_ID CTRADER_CLIENT_SECRET CTRADER_ACCOUNT_ID
CTRADER_ACCESS_TOKEN CTRADER_CLIENT_ID_LIVE CTRADER_CLIENT_SECRET_LIVE CTRADER_ACCOUNT_ID_LIVE
CTRADER_ACCESS_TOKEN_LIVE CTRADER_SERVER CTRADER_PORT CTRADER_REDIRECT_URI PERPLEXITY_API_KEY
PERPLEXITY_ENDPOINT PERPLEXITY_MODEL KOL_1 SYMBOL RISK_PER_TRADE TAKE_PROFIT_PERCENT
STOP_LOSS_PERCENT MAX_POSITIONS MAX_DAILY_LOSS_PERCENT RSI_PERIOD RSI_OVERSOLD RSI_OVERBOUGHT
RSI_TIMEFRAME SENTIMENT_THRESHOLD CYCLE_INTERVAL_SECS DRY_RUN PERSISTENCE_DB_PATH METRICS_ENABLED
METRICS_HOST METRICS_PORT LOG_LEVEL CTRADER_CA_FILE CTRADER_AUTH_URL CTRADER_TOKEN_URL
NITTER_INSTANCES SENTIMENT_MODE TREND_FILTER`.split(/\s+/);

describe('the table of settings', () => {
  const names = SETTING_ROWS.flatMap(({ row }) => row.env ?? []);

  it('keeps every promised name', () => {
    expect(PROMISED.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('names each setting once and lets each be set somehow', () => {
    expect(new Set(names).size).toBe(names.length);
    const unset = SETTING_ROWS.filter(({ row }) => row.env === undefined && row.flag === undefined);
    expect(unset).toEqual([]);
  });

  it('every default is allowed by its own kind, in every environment', () => {
    for (const { name, row } of SETTING_ROWS) {
      for (const environment of ['sim', 'demo', 'live'] as const) {
        const { fallback } = row;
        const text = typeof fallback === 'function' ? fallback(environment) : fallback;
        if (text === undefined) continue;
        expect(row.kind.schema.safeParse(text).success, name).toBe(true);
      }
    }
  });

  it('what a value shows is read back as the same value', () => {
    for (const { name, row } of SETTING_ROWS) {
      if (typeof row.fallback !== 'string' || row.fallback === '') continue;
      const value = row.kind.schema.parse(row.fallback);
      expect(row.kind.schema.parse(row.kind.show(value)), name).toEqual(value);
    }
  });

  it('every meaning is a sentence', () => {
    const bad = SETTING_ROWS.filter(({ row }) => !/^[A-Z].*\.$/s.test(row.about));
    expect(bad.map((entry) => entry.name)).toEqual([]);
  });
});

describe('bad values (F118)', () => {
  const platform = { os: 'linux', home: '/home/ann', cwd: '/srv' };
  const BAD = [' ', 'NaN', 'Infinity', '-1', '1e3', '0x10', '1,5', '99999999999999999999', 'null'];
  const strict = /^(a whole number|a percentage|one of|true or false|the digits)/;
  const cases = SETTING_ROWS.flatMap(({ row }) => {
    const { env } = row;
    if (env === undefined || env === 'NO_COLOR' || !strict.test(row.kind.allowed)) return [];
    return BAD.map((value) => [env, value, row.kind.allowed] as const);
  });

  it('are a table of at least 150', () => expect(cases.length).toBeGreaterThanOrEqual(150));

  it.each(cases)('%s=%j is refused with what is allowed', (env, value, allowed) => {
    const result = resolveConfig({ options: {}, env: { [env]: value }, platform });
    const faults = result.status === 'refused' ? result.faults : [];
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`${env}: ${JSON.stringify(value)} from the environment`);
    expect(faults[0]).toContain(allowed);
  });
});

it('the themes of the table are the themes of the screen', () => {
  expect(SETTINGS.theme.kind.allowed).toBe(`one of ${THEMES.join(', ')}`);
});
