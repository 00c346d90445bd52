/** Spans of time: what is counted, and from which event to which. */
import { describe, expect, it } from 'vitest';
import {
  brokerOrderId,
  clientOrderId,
  type Event,
  generation,
  instrumentId,
  type JournalRecord,
  price,
  untrusted,
  volume,
} from '../../src/engine/index.ts';
import { createOrderWatch, createTimings } from '../../src/runtime/timings.ts';

const request: JournalRecord = {
  kind: 'request',
  reason: 'entry',
  request: {
    type: 'submitOrder',
    requestId: 'r1',
    clientOrderId: clientOrderId('c1'),
    label: 'l',
    instrumentId: instrumentId('301'),
    side: 'buy',
    volume: volume(100),
    stopDistance: price(100_000),
    targetDistance: price(100_000),
  },
};
const sent: Event = { type: 'sent', generation: generation(1), requestId: 'r1' };
const update: Event = {
  type: 'orderUpdate',
  generation: generation(1),
  update: {
    brokerOrderId: brokerOrderId('9'),
    clientOrderId: clientOrderId('c1'),
    instrumentId: instrumentId('301'),
    side: 'buy',
    volume: volume(100),
    executed: volume(0),
    status: 'working',
    closing: false,
    protective: false,
  } as Extract<Event, { type: 'orderUpdate' }>['update'],
};

function watch() {
  const timings = createTimings();
  const at = { machine: 0, run: 0 };
  const orders = createOrderWatch(
    timings,
    () => at.machine,
    () => at.run,
  );
  return { timings, at, orders };
}

const count = (buckets: readonly number[]) => buckets.reduce((sum, one) => sum + one, 0);

describe('timings', () => {
  it('follow an order from its record to its bytes and to the first answer', () => {
    const { timings, at, orders } = watch();
    orders.recorded(request);
    at.machine = 4;
    orders.heard(sent);
    at.run = 120;
    orders.heard(update);
    orders.heard(update);
    expect(timings.counts('decisionToBytes')).toMatchObject({ sum: 0.004 });
    expect(timings.counts('orderRoundTrip')).toMatchObject({ sum: 0.12 });
    expect(count(timings.counts('orderRoundTrip').buckets)).toBe(1);
  });

  it('take a refusal for an answer, and count nothing for an order that never left', () => {
    const { timings, at, orders } = watch();
    const failed: Event = {
      type: 'requestFailed',
      generation: generation(1),
      requestId: 'r1',
      definitive: true,
      code: 'NO',
      description: untrusted(''),
    };
    orders.recorded(request);
    orders.heard(failed);
    expect(count(timings.counts('orderRoundTrip').buckets)).toBe(0);
    orders.recorded(request);
    orders.heard(sent);
    at.run = 50;
    orders.heard(failed);
    expect(timings.counts('orderRoundTrip').sum).toBeCloseTo(0.05);
  });

  it('leave out what is no span of time (I14)', () => {
    const { timings } = watch();
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) timings.observe('commit', bad);
    expect(count(timings.counts('commit').buckets)).toBe(0);
  });
});
