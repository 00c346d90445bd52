/**
 * What one row of the configuration table is made of.
 * Deliberately no rows here: they stand in config-schema.ts and config-trading.ts.
 */
import type { Kind } from './config-kinds.ts';

/** A default is text, like every other source; a function where the environment decides it. */
type Fallback = string | ((environment: 'sim' | 'demo' | 'live') => string);

export interface Setting<T> {
  readonly group: Group;
  readonly kind: Kind<T>;
  /** Absent: cannot be set from the environment, `.env` or the configuration file. */
  readonly env?: string;
  /** As commander reads it; `--no-…` stands for the value `false`, a bare flag for `true`. */
  readonly flag?: string;
  /** Absent: the value may be missing. */
  readonly fallback?: Fallback;
  /** What the reference page prints when the default is not one text. */
  readonly fallbackText?: string;
  readonly unit?: string;
  readonly about: string;
  /** What the flag does, where that reads differently from what the setting is. */
  readonly flagAbout?: string;
  /** Only meaningful with the simulated broker; asking for it elsewhere is an error. */
  readonly simOnly?: boolean;
}

export const GROUPS = {
  start: 'What runs',
  broker: 'Broker access',
  instrument: 'Instrument',
  strategy: 'Strategy',
  risk: 'Risk',
  sentiment: 'Sentiment',
  simulator: 'Simulated market',
  screen: 'Screen and log',
  files: 'Files',
  metrics: 'Metrics',
  operate: 'Alerts and supervision',
} as const;
export type Group = keyof typeof GROUPS;

/** A row that always has a value. */
export function need<T>(row: Setting<T> & { readonly fallback: Fallback }) {
  return row;
}

/** A row that may stay empty. */
export function may<T>(row: Omit<Setting<T>, 'fallback'>): Setting<T | undefined> {
  return row as Setting<T | undefined>;
}
