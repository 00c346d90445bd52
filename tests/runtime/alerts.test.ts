/** Who is told what, and how often; with a hand-moved clock and a route that listens. */
import { describe, expect, it } from 'vitest';
import { wall } from '../../src/engine/index.ts';
import type { PostOutcome } from '../../src/runtime/alert-post.ts';
import type { HttpRequest } from '../../src/runtime/alert-routes.ts';
import { type AlertSettings, createAlerts } from '../../src/runtime/alerts.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

const NOON = Date.UTC(2026, 10, 20, 12);
const MINUTE = 60_000;

function desk(extra: Partial<AlertSettings> = {}, answer: () => PostOutcome = delivered) {
  const clock = createVirtualClock(wall(NOON));
  const sent: HttpRequest[] = [];
  const notes: unknown[] = [];
  const alerts = createAlerts({
    settings: {
      routes: [{ type: 'webhook', url: 'https://hooks.example.com/s3cret' }],
      least: 'warning',
      repeatMs: 60 * MINUTE,
      perHour: 5,
      summaryHour: undefined,
      deadmanMs: MINUTE,
      ...extra,
    },
    source: 'sim',
    clock,
    post: (request) => {
      if (!('url' in request)) throw new Error('no mail here');
      sent.push(request);
      return Promise.resolve(answer());
    },
    note: (text, fields) => notes.push([text, fields]),
  });
  const texts = () => sent.map(({ body }) => JSON.parse(body ?? '{}').message as string);
  return { clock, alerts, sent, notes, texts };
}

const delivered = (): PostOutcome => ({ status: 'delivered', code: 200 });
const none = () => '';

describe('alerts', () => {
  it('tell the same trouble once, and again after a while with how often it came', async () => {
    const { alerts, clock, texts } = desk();
    for (let times = 0; times < 4; times += 1) alerts.raise('critical', 'link', 'no link');
    clock.advanceBy(60 * MINUTE);
    alerts.raise('critical', 'link', 'no link');
    await alerts.settled();
    expect(texts()).toEqual(['no link', 'no link (3 times since)']);
    expect(alerts.counts()).toEqual({ sent: 2, repeated: 3 });
  });

  it('say when trouble is over, to whoever heard of it, and may then tell it anew', async () => {
    const { alerts, texts } = desk();
    alerts.over('feed', 'silent');
    alerts.raise('critical', 'feed', 'silent');
    alerts.over('feed', 'silent');
    alerts.raise('critical', 'feed', 'silent');
    await alerts.settled();
    expect(texts()).toEqual(['silent', 'over: silent', 'silent']);
  });

  it('are few an hour, and what was held back is counted and told (I27)', async () => {
    const { alerts, clock, texts } = desk();
    for (let number = 0; number < 9; number += 1) alerts.raise('critical', `k${number}`, 'x');
    await alerts.settled();
    expect(texts()).toHaveLength(5);
    clock.advanceBy(60 * MINUTE);
    alerts.raise('critical', 'late', 'y');
    await alerts.settled();
    expect(texts().at(-1)).toBe('y [4 alert(s) were held back]');
    expect(alerts.counts()).toMatchObject({ 'held back': 4, sent: 6 });
  });

  it('leave mild ones out, and control characters of any text', async () => {
    const { alerts, texts } = desk();
    alerts.raise('info', 'a', 'mild');
    alerts.raise('warning', 'b', 'two\nlines\u001b[31m');
    await alerts.settled();
    expect(texts()).toEqual(['two lines [31m']);
  });

  it('never wait for a route that fails: three tries, counted, named by host (I23)', async () => {
    const { alerts, clock, sent, notes } = desk({}, () => ({ status: 'failed', why: 'HTTP 500' }));
    alerts.raise('critical', 'a', 'x');
    for (let step = 0; step < 20; step += 1) {
      await Promise.resolve();
      clock.advanceBy(2_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await alerts.settled();
    expect(sent).toHaveLength(3);
    expect(alerts.counts()).toEqual({ failed: 1 });
    const fields = { route: 'webhook', host: 'hooks.example.com', key: 'a', why: 'HTTP 500' };
    expect(notes).toEqual([['an alert was not delivered', fields]]);
  });

  it('sum up the day once, at its hour and not at the start', async () => {
    const { alerts, clock, texts } = desk({ summaryHour: 13 });
    alerts.look(true, () => 'the day');
    clock.advanceBy(59 * MINUTE);
    alerts.look(true, () => 'the day');
    clock.advanceBy(2 * MINUTE);
    alerts.look(true, () => 'the day');
    alerts.look(true, () => 'the day');
    await alerts.settled();
    expect(texts()).toEqual(['the day']);
  });

  it('ask for the dead-man page while all is well, and only then', async () => {
    const routes = [{ type: 'deadman', url: 'https://watch.example.com/x' }] as const;
    const { alerts, clock, sent } = desk({ routes });
    alerts.look(true, none);
    await alerts.settled();
    alerts.look(true, none);
    clock.advanceBy(MINUTE);
    alerts.look(false, none);
    expect(sent).toHaveLength(1);
    alerts.look(true, none);
    await alerts.settled();
    expect(sent).toHaveLength(2);
    alerts.raise('critical', 'a', 'x');
    expect(sent).toHaveLength(2);
  });
});
