/**
 * Rows of the configuration table that shape trading: instrument, strategy, risk, sentiment.
 * Deliberately only data; the hard outer bounds in here cannot be exceeded by configuration (F118).
 */
import {
  address,
  choice,
  flag,
  integer,
  list,
  path,
  percent,
  seconds,
  secret,
  text,
  timeframe,
} from './config-kinds.ts';
import { may, need } from './config-setting.ts';

const RSI_MAX = 100;
const token = /^[A-Za-z0-9._#/+-]{1,64}$/;

export const STRATEGY = {
  symbol: need({
    group: 'instrument',
    kind: text(
      /^[A-Za-z0-9._#/+ -]{1,64}$/,
      'a name of at most 64 letters, digits and . _ # / + -',
    ),
    env: 'SYMBOL',
    flag: '--symbol <name>',
    fallback: 'FCPO',
    about: "The instrument, looked up in the broker's list without regard to case.",
  }),
  symbolAliases: need({
    group: 'instrument',
    kind: list(token, 'names'),
    env: 'SYMBOL_ALIASES',
    fallback: 'FCPO,PALMOIL,PALM.OIL,PALM_OIL,CPO,MYRCPO',
    about: 'Other names brokers give to palm oil, tried in this order when SYMBOL is not found.',
  }),
  timeframeMs: need({
    group: 'strategy',
    kind: timeframe(),
    env: 'RSI_TIMEFRAME',
    fallback: '5m',
    about: 'Length of the bars that decide.',
  }),
  rsiPeriod: need({
    group: 'strategy',
    kind: integer(2, 100),
    env: 'RSI_PERIOD',
    fallback: '14',
    unit: 'bars',
    about: "Wilder's RSI over that many closed bars.",
  }),
  rsiOversold: need({
    group: 'strategy',
    kind: integer(1, RSI_MAX - 1),
    env: 'RSI_OVERSOLD',
    fallback: '30',
    about: 'Below it a buy is possible.',
  }),
  rsiOverbought: need({
    group: 'strategy',
    kind: integer(1, RSI_MAX - 1),
    env: 'RSI_OVERBOUGHT',
    fallback: '70',
    about: 'Above it a sell is possible.',
  }),
  trendFilter: need({
    group: 'strategy',
    kind: flag(),
    env: 'TREND_FILTER',
    fallback: 'true',
    about: 'The EMA trend may forbid an entry.',
  }),
  emaPeriod: need({
    group: 'strategy',
    kind: integer(2, 400),
    env: 'EMA_PERIOD',
    fallback: '50',
    unit: 'bars',
    about: 'Length of the trend EMA.',
  }),
} as const;

export const RISK = {
  riskBps: need({
    group: 'risk',
    kind: percent(10, 500),
    env: 'RISK_PER_TRADE',
    fallback: '1.0',
    unit: '% of equity',
    about: 'Lost when one entry is stopped out; the volume is computed from it and snapped down.',
  }),
  takeProfitBps: need({
    group: 'risk',
    kind: percent(10, 5_000),
    env: 'TAKE_PROFIT_PERCENT',
    fallback: '2.0',
    unit: '% of entry price',
    about: 'Distance of the target, carried by the broker from the moment of the fill.',
  }),
  stopLossBps: need({
    group: 'risk',
    kind: percent(10, 2_000),
    env: 'STOP_LOSS_PERCENT',
    fallback: '1.5',
    unit: '% of entry price',
    about: 'Distance of the stop, carried by the broker from the moment of the fill.',
  }),
  maxPositions: need({
    group: 'risk',
    kind: integer(1, 10),
    env: 'MAX_POSITIONS',
    fallback: '1',
    about: 'Open positions and orders on their way, together.',
  }),
  maxDailyLossBps: need({
    group: 'risk',
    kind: percent(10, 2_000),
    env: 'MAX_DAILY_LOSS_PERCENT',
    fallback: '5.0',
    unit: "% of the day's opening equity",
    about: 'Realised and open loss that stops new entries for the trading day.',
  }),
  lossStreakMax: need({
    group: 'risk',
    kind: integer(1, 20),
    env: 'LOSS_STREAK_MAX',
    fallback: '3',
    about: 'Losing trades in a row that stop new entries for the trading day.',
  }),
  spreadMaxBps: need({
    group: 'risk',
    kind: percent(1, 500),
    env: 'SPREAD_MAX_PERCENT',
    fallback: '0.2',
    unit: '% of the mid price',
    about: 'Widest spread an entry accepts.',
  }),
  quoteAgeMaxMs: need({
    group: 'risk',
    kind: seconds(1, 300),
    env: 'QUOTE_AGE_MAX_SECS',
    fallback: '5',
    unit: 'seconds',
    about: 'Oldest quote an entry accepts.',
  }),
  feedAgeMaxMs: need({
    group: 'risk',
    kind: seconds(1, 900),
    env: 'FEED_AGE_MAX_SECS',
    fallback: '15',
    unit: 'seconds',
    about: 'Silence inside a trading session that trips the feed breaker.',
  }),
} as const;

export const SENTIMENT = {
  sentimentMode: need({
    group: 'sentiment',
    kind: choice('required', 'off'),
    env: 'SENTIMENT_MODE',
    fallback: 'required',
    about: 'Required: no entry without a fresh reading. Off: the gate is removed, and shown so.',
  }),
  sentimentThreshold: need({
    group: 'sentiment',
    kind: integer(0, 100),
    env: 'SENTIMENT_THRESHOLD',
    fallback: '30',
    about: 'Score beyond which an entry is permitted: above it to buy, below its negative to sell.',
  }),
  perplexityApiKey: may({
    group: 'sentiment',
    kind: secret(),
    env: 'PERPLEXITY_API_KEY',
    about: 'Key of the news source.',
  }),
  perplexityEndpoint: need({
    group: 'sentiment',
    kind: address(),
    env: 'PERPLEXITY_ENDPOINT',
    fallback: 'https://api.perplexity.ai/chat/completions',
    about: 'Its address.',
  }),
  perplexityModel: need({
    group: 'sentiment',
    kind: text(/^[A-Za-z0-9._-]{1,64}$/, 'a model name'),
    env: 'PERPLEXITY_MODEL',
    fallback: 'sonar',
    about: 'Its model.',
  }),
  nitterInstances: need({
    group: 'sentiment',
    kind: list(
      /^(https:\/\/[a-z0-9.-]+|http:\/\/(localhost|127\.0\.0\.1))(:\d{1,5})?$/i,
      'https:// addresses without a path (http:// only on this machine)',
    ),
    env: 'NITTER_INSTANCES',
    fallback: '',
    fallbackText: 'none',
    about: 'Fallback timelines: the instances asked, in this order.',
  }),
  kolAccounts: need({
    group: 'sentiment',
    kind: list(/^@?[A-Za-z0-9_]{1,15}$/, 'account names'),
    env: 'KOL_1',
    fallback: '',
    fallbackText: 'none',
    about: 'Accounts whose timelines are read; KOL_1, KOL_2 and so on, one name each.',
  }),
  sentimentPrompt: may({
    group: 'sentiment',
    kind: path(),
    env: 'SENTIMENT_PROMPT',
    about: 'File with the question instead of the shipped one of the instrument.',
  }),
  sentimentConsult: need({
    group: 'sentiment',
    kind: choice('on-failure', 'both'),
    env: 'SENTIMENT_CONSULT',
    fallback: 'on-failure',
    about: 'Whether timelines are read only when the news source fails, or always beside it.',
  }),
  sentimentCapCents: need({
    group: 'sentiment',
    kind: integer(0, 100_000),
    env: 'SENTIMENT_DAILY_CAP_CENTS',
    fallback: '100',
    unit: 'US cents',
    about: 'Most that the news source may cost in a UTC day; after it, it is not asked.',
  }),
  perplexityCostMillis: need({
    group: 'sentiment',
    kind: integer(0, 10_000),
    env: 'PERPLEXITY_COST_MILLIS',
    fallback: '6',
    unit: 'thousandths of a US dollar',
    about: 'Assumed price of one answer that does not name its own.',
  }),
  eventWindows: need({
    group: 'sentiment',
    kind: choice('off', 'on'),
    env: 'EVENT_WINDOWS',
    fallback: 'off',
    about: 'On: no entry around scheduled events such as the monthly stock data. Off: only shown.',
  }),
  eventCalendar: may({
    group: 'sentiment',
    kind: path(),
    env: 'EVENT_CALENDAR',
    about: 'File of scheduled events instead of the shipped one of the instrument.',
  }),
} as const;
