/**
 * How many requests a connection may make: two sliding windows of one second, and blocked types.
 * Deliberately per connection, as the real server counts; refused requests do not count.
 */
import type { Switches } from './parameters.ts';

export type Bucket = 'other' | 'history';

export type RateRefusal =
  | { readonly code: 'REQUEST_FREQUENCY_EXCEEDED' }
  /** `retryAfter` in seconds. */
  | { readonly code: 'BLOCKED_PAYLOAD_TYPE'; readonly retryAfter: number };

export interface RateLimit {
  /** Counts the request, or says why not. `now` is monotonic milliseconds. */
  take(name: string, bucket: Bucket, now: number): RateRefusal | undefined;
}

const WINDOW_MS = 1_000;

export function createRateLimit(switches: Switches): RateLimit {
  const most = { other: switches.requestsPerSecond, history: switches.historyPerSecond };
  const taken: Record<Bucket, number[]> = { other: [], history: [] };
  const blockedUntil = new Map<string, number>();
  return {
    take: (name, bucket, now) => {
      if (switches.overRate === 'never') return undefined;
      const blocked = blockedUntil.get(name);
      if (blocked !== undefined && blocked > now) {
        const retryAfter = Math.ceil((blocked - now) / 1_000);
        return { code: 'BLOCKED_PAYLOAD_TYPE', retryAfter };
      }
      const recent = taken[bucket].filter((at) => at > now - WINDOW_MS);
      taken[bucket] = recent;
      if (recent.length < most[bucket]) {
        recent.push(now);
        return undefined;
      }
      if (switches.overRate === 'REQUEST_FREQUENCY_EXCEEDED') return { code: switches.overRate };
      blockedUntil.set(name, now + switches.retryAfter * 1_000);
      return { code: 'BLOCKED_PAYLOAD_TYPE', retryAfter: switches.retryAfter };
    },
  };
}
