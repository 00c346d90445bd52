/** Which accounts a token opens, asked of the simulator in memory; refusals and silence. */
import { describe, expect, it } from 'vitest';
import { listAccounts } from '../../src/ctrader/account-list.ts';
import { secret } from '../../src/ctrader/secret.ts';
import type { Dial } from '../../src/ctrader/transport.ts';
import { wall } from '../../src/engine/index.ts';
import { memoryDial } from '../../src/sim/server/memory-dial.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { bench } from '../sim/server/bench.ts';

const GOOD = { clientId: 'simulator', clientSecret: 'simulator-secret', token: 'simulator-access' };

async function ask(given: Partial<typeof GOOD> = {}) {
  const { clientId, clientSecret, token } = { ...GOOD, ...given };
  const { clock, server } = bench();
  const dial = memoryDial(server, clock, 20);
  const credentials = {
    clientId,
    clientSecret: secret(clientSecret),
    accessToken: secret(token),
  };
  const list = listAccounts({ dial, clock, credentials });
  clock.advanceBy(20_000);
  return list;
}

describe('the accounts of a token', () => {
  it('F100 are told with login, environment and what the token may do', async () => {
    expect(await ask()).toEqual({
      status: 'listed',
      mayTrade: true,
      accounts: [
        { id: '1000001', login: '9000001', isLive: false, broker: 'Simulated broker' },
        { id: '1000002', login: '9000002', isLive: true, broker: 'Simulated broker' },
      ],
    });
    expect(await ask({ token: 'simulator-view-access' })).toMatchObject({ mayTrade: false });
  });

  it('an invalid token is told apart from everything else', async () => {
    expect(await ask({ token: 'canary-token' })).toEqual({
      status: 'invalidToken',
      sentence: expect.stringContaining('CH_ACCESS_TOKEN_INVALID'),
    });
    const wrong = await ask({ clientSecret: 'canary-secret' });
    expect(wrong).toMatchObject({ status: 'failed' });
    expect(JSON.stringify(wrong)).not.toContain('canary');
  });

  it('silence, a broken line and nonsense are sentences', async () => {
    const clock = createVirtualClock(wall(0));
    const credentials = { clientId: 'x', clientSecret: secret('y'), accessToken: secret('z') };
    const by = (dial: Dial) => listAccounts({ dial, clock, credentials });
    const line = { write: () => undefined, close: () => undefined };
    const silent = by(() => line);
    const broken = by((events) => {
      clock.after(1, () => events.closed('the server refuses connections'));
      return line;
    });
    const odd = by((events) => {
      clock.after(1, () => events.bytes(Uint8Array.from([0, 0, 0, 2, 255, 255])));
      return line;
    });
    const huge = by((events) => {
      clock.after(1, () => events.bytes(Uint8Array.from([127, 255, 255, 255])));
      return line;
    });
    clock.advanceBy(15_000);
    const sentences = (await Promise.all([silent, broken, odd, huge])).map((end) =>
      end.status === 'listed' ? '' : end.sentence,
    );
    expect(sentences).toEqual([
      'The broker does not answer.',
      'The connection to the broker failed: the server refuses connections.',
      'The broker answered something unreadable.',
      'The broker answered something too long.',
    ]);
  });
});
