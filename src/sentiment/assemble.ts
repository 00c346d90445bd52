/**
 * All parts of the live sentiment source put together, for the one place that wires hands.
 * Deliberately without defaults for money: cap and assumed price come from the configuration.
 */
import { type Clock, DEADLINES, type Wall } from '../engine/index.ts';
import { createMoneyCap, createRateWindow, type Spent } from './limits.ts';
import type { Key, RandomSource, SentimentNote, Sha256 } from './opinion.ts';
import { ASKED_CONTRACT } from './parse.ts';
import { createPerplexitySource } from './perplexity.ts';
import type { Pause } from './pieces.ts';
import { createSentimentPoller, type SentimentPoller } from './poller.ts';
import type { PromptTemplate } from './prompt.ts';
import { createBoundedHttp, type FetchLike, type HttpPorts } from './providers.ts';
import type { SentimentStore } from './store.ts';
import { createTimelineSource } from './timelines.ts';

export interface LiveSentimentSettings {
  /** As the broker names it. */
  readonly instrument: string;
  /** Undefined without a key. */
  readonly perplexity:
    | {
        readonly key: Key;
        readonly endpoint: string;
        readonly model: string;
        readonly template: PromptTemplate;
        /** Millionths of a dollar, used when an answer names no cost. */
        readonly assumedCostMicros: number;
      }
    | undefined;
  /** Undefined without instances or accounts. */
  readonly nitter:
    | { readonly instances: readonly string[]; readonly accounts: readonly string[] }
    | undefined;
  readonly consult: 'both' | 'on-failure';
  /** Millionths of a dollar per UTC day. */
  readonly dailyCapMicros: number;
  /** From the store, so that a restart does not forget. */
  readonly spentTodayMicros: number;
  readonly simulated: boolean;
}

export interface LiveSentimentPorts {
  readonly fetch: FetchLike;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly sha256: Sha256;
  readonly store: SentimentStore;
  readonly note: (note: SentimentNote) => void;
  /** Hosts that may be asked; see `allowedHosts`. */
  readonly allowHosts: readonly string[];
  readonly resolve?: HttpPorts['resolve'];
  /** Lets the engine go first while a page is read. */
  readonly pause?: Pause;
  /** Told what the day has cost, before a question leaves and after every correction. */
  readonly onSpent?: (spent: Spent) => void;
}

/** Requests per minute of either source. */
export const RATE_LIMITS = { perplexity: 60, nitter: 10 } as const;

/** A refresh a minute before the last reading expires. */
export const REFRESH_MS = DEADLINES.sentimentLifetimeMs - 60_000;

/** Hosts of the configured addresses, for the outbound allow-list. */
export function allowedHosts(addresses: readonly string[]): readonly string[] {
  return addresses.flatMap((address) => (URL.canParse(address) ? new URL(address).host : []));
}

export function createLiveSentiment(
  settings: LiveSentimentSettings,
  ports: LiveSentimentPorts,
): SentimentPoller {
  const { clock, random, sha256, store, note } = ports;
  const http = createBoundedHttp(httpPorts(ports));
  const primary = settings.perplexity && {
    ...settings.perplexity,
    instrument: settings.instrument,
    contract: ASKED_CONTRACT,
  };
  const limit = (perMinute: number) => {
    const window = createRateWindow(perMinute);
    return () => window.take(clock.mono());
  };
  const mayAskModel = limit(RATE_LIMITS.perplexity);
  const mayAskPages = limit(RATE_LIMITS.nitter);
  const startedAt: Wall = clock.wall();
  const { dailyCapMicros: capMicros, spentTodayMicros } = settings;
  return createSentimentPoller(
    {
      primary: primary && createPerplexitySource(primary, { http, sha256, mayAsk: mayAskModel }),
      fallback:
        settings.nitter &&
        createTimelineSource(settings.nitter, {
          ...{ http, clock, random, sha256, mayAsk: mayAskPages },
          pause: ports.pause,
        }),
      consult: settings.consult,
      everyMs: REFRESH_MS,
      simulated: settings.simulated,
    },
    {
      clock,
      random,
      store,
      note,
      money: createMoneyCap({ capMicros, spentTodayMicros, startedAt, onSpent: ports.onSpent }),
    },
  );
}

function httpPorts(ports: LiveSentimentPorts): HttpPorts {
  const { fetch, clock, allowHosts, resolve } = ports;
  return { fetch, clock, allowHosts, ...(resolve === undefined ? {} : { resolve }) };
}
