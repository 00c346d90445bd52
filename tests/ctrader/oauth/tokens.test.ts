/** Renewing: early, in a quiet moment, once, stored before use, shared between processes. */
import { describe, expect, it } from 'vitest';
import type { TokenEndpoint, TokenPair } from '../../../src/ctrader/oauth/grant.ts';
import type { SecretStore, StoredLogin } from '../../../src/ctrader/oauth/secret-store.ts';
import { SecretFault } from '../../../src/ctrader/oauth/store-key.ts';
import { createTokens } from '../../../src/ctrader/oauth/tokens.ts';
import { secret } from '../../../src/ctrader/secret.ts';
import { wall } from '../../../src/engine/index.ts';
import { createVirtualClock } from '../../../src/sim/virtual-clock.ts';
import { waitFor } from '../../support/wait-for.ts';

const START = 1_800_000_000_000;
const DAY = 86_400_000;
const LIFE = 30 * DAY;

/** A broker that knows one valid pair and honours each refresh token once. */
function world() {
  const clock = createVirtualClock(wall(START));
  const notes: string[] = [];
  const log: string[] = [];
  const broker = { number: 0, answers: 'well' as 'well' | 'nothing' | 'never', asked: 0 };
  const pairOf = (number: number): TokenPair => ({
    accessToken: secret(`access-${number}`),
    refreshToken: secret(`refresh-${number}`),
    obtainedAt: clock.wall(),
    expiresAt: clock.wall() + LIFE,
  });
  let kept: StoredLogin | undefined = { clientId: 'id', scope: 'trading', pair: pairOf(0) };
  const disk = { works: true };
  const store: SecretStore = {
    load: async () => kept,
    save: async (login) => {
      if (!disk.works) throw new SecretFault('unwritable', 'The disk is full.');
      log.push(`stored ${login.pair.accessToken.reveal()}`);
      kept = login;
    },
    clear: async () => {
      kept = undefined;
    },
    dropKey: async () => undefined,
    probe: async () => undefined,
    describe: () => ({ name: 'keychain', strength: 'strong', sentence: 'test' }),
  };
  let hanging: (() => void) | undefined;
  const endpoint: TokenEndpoint = {
    tokenUrl: 'https://openapi.ctrader.com/apps/token',
    application: { clientId: 'id', clientSecret: secret('canary-secret') },
    now: () => clock.wall(),
    ask: async (address) => {
      broker.asked += 1;
      if (broker.answers === 'nothing') throw new Error('no network');
      if (broker.answers === 'never') {
        await new Promise<void>((resolve) => {
          hanging = resolve;
        });
      }
      const asked = new URL(address).searchParams.get('refresh_token');
      if (asked !== `refresh-${broker.number}`) {
        return { status: 200, body: '{"errorCode":"CH_ACCESS_TOKEN_INVALID"}' };
      }
      broker.number += 1;
      const { accessToken, refreshToken } = pairOf(broker.number);
      const body = {
        accessToken: accessToken.reveal(),
        refreshToken: refreshToken.reveal(),
        expiresIn: LIFE / 1_000,
      };
      return { status: 200, body: JSON.stringify(body) };
    },
  };
  /** One lock for every process of this store. */
  let tail: Promise<void> = Promise.resolve();
  const lock = async (): Promise<() => void> => {
    const before = tail;
    let release: () => void = () => undefined;
    tail = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return release;
  };
  const quiet = { now: true };
  const process = () => {
    if (kept === undefined) throw new Error('nothing is stored');
    return createTokens({
      store,
      endpoint,
      login: kept,
      lock,
      clock,
      quiet: () => quiet.now,
      note: (_level, sentence) => notes.push(sentence),
      onChange: (pair) => log.push(`using ${pair.accessToken.reveal()}`),
    });
  };
  return {
    clock,
    notes,
    log,
    broker,
    disk,
    quiet,
    store,
    process,
    answer: () => hanging?.(),
    forget: (pair: TokenPair) => {
      kept = { clientId: 'id', scope: 'trading', pair };
    },
    pairOf,
  };
}

describe('a token that grows old', () => {
  it('tells what is left, and is renewed when a tenth of its life is left', async () => {
    const { clock, process, broker, log } = world();
    const tokens = process();
    tokens.start();
    expect(tokens.expiresInMs()).toBe(LIFE);
    clock.advanceBy(27 * DAY - 60_000);
    expect([tokens.current().reveal(), broker.asked]).toEqual(['access-0', 0]);
    clock.advanceBy(180_000);
    await waitFor('the new token', () => tokens.current().reveal() === 'access-1');
    expect(log).toEqual(['stored access-1', 'using access-1']);
    expect(tokens.expiresInMs()).toBe(LIFE);
    await tokens.stop();
  });

  it('F92 waits for a quiet moment, but not until it is too late', async () => {
    const { clock, process, broker, quiet } = world();
    quiet.now = false;
    const tokens = process();
    tokens.start();
    clock.advanceBy(LIFE - 900_000);
    expect(broker.asked).toBe(0);
    clock.advanceBy(120_000);
    await waitFor('the new token', () => tokens.current().reveal() === 'access-1');
    await tokens.stop();
  });

  it('F93 waits longer and longer for a server that is away, and renews in the end', async () => {
    const { clock, process, broker, notes } = world();
    const tokens = process();
    broker.answers = 'nothing';
    tokens.start();
    clock.advanceBy(27 * DAY);
    for (let minute = 0; minute < 120; minute += 1) {
      clock.advanceBy(60_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(broker.asked).toBeGreaterThan(4);
    expect(broker.asked).toBeLessThan(10);
    broker.answers = 'well';
    clock.advanceBy(3_660_000);
    await waitFor('the new token', () => tokens.current().reveal() === 'access-1');
    expect(notes.join('\n')).not.toMatch(/canary|refresh-|access-\d/);
    await tokens.stop();
  });
});

describe('one owner for a pair', () => {
  it('F93 calls at the same time share one renewal', async () => {
    const { process, broker } = world();
    const tokens = process();
    const ends = await Promise.all([tokens.renew(), tokens.renew(), tokens.renew()]);
    expect(ends.map((end) => end.status)).toEqual(['renewed', 'renewed', 'renewed']);
    expect(broker.asked).toBe(1);
  });

  it('F94 two processes use each refresh token once, and both get the new pair', async () => {
    const { process, broker } = world();
    const [one, two] = [process(), process()];
    const ends = await Promise.all([one.renew(), two.renew()]);
    expect(ends.map((end) => end.status)).toEqual(['renewed', 'renewed']);
    expect([one.current().reveal(), two.current().reveal(), broker.asked]).toEqual([
      'access-1',
      'access-1',
      1,
    ]);
  });

  it('a lock that nobody gives back is not waited for for ever', async () => {
    const { process, store, clock } = world();
    const login = await store.load();
    if (login === undefined) throw new Error('nothing is stored');
    const tokens = createTokens({
      store,
      endpoint: { ...({} as TokenEndpoint), application: { clientId: 'id' } as never },
      login,
      lock: () => Promise.reject(new Error('busy')),
      clock,
      quiet: () => true,
      note: () => undefined,
    });
    expect(await tokens.renew()).toMatchObject({ status: 'unreachable' });
    expect(process().current().reveal()).toBe('access-0');
  });
});

describe('a result that is lost', () => {
  it('F93 the pair is in the store before anybody uses it', async () => {
    const { process, log } = world();
    await process().renew();
    expect(log).toEqual(['stored access-1', 'using access-1']);
  });

  it('F93 a disk that is full: used from memory, told, and stored when there is room', async () => {
    const { process, disk, clock, notes, log } = world();
    const tokens = process();
    tokens.start();
    disk.works = false;
    expect(await tokens.renew()).toEqual({ status: 'renewed' });
    expect(tokens.current().reveal()).toBe('access-1');
    expect(notes[0]).toContain('could not be stored');
    disk.works = true;
    clock.advanceBy(60_000);
    await waitFor('the store', () => log.includes('stored access-1'));
    await tokens.stop();
  });

  it('F93 dead between the answer and the store: a clear request to log in, no loop', async () => {
    const { process, broker, clock, notes } = world();
    broker.number = 1;
    const tokens = process();
    tokens.start();
    const end = await tokens.renew();
    expect(end).toMatchObject({ status: 'refused' });
    expect(end.status === 'refused' && end.sentence).toContain('Run palm-oil-tui login');
    clock.advanceBy(29 * DAY);
    expect(broker.asked).toBe(1);
    expect(notes).toHaveLength(1);
    await tokens.stop();
  });
});

describe('a person who logs in again', () => {
  it('F93 the new pair is stored, then used, and whoever watches hears of it', async () => {
    const { process, log, pairOf, store } = world();
    const tokens = process();
    let heard = 0;
    tokens.watch(() => {
      heard += 1;
    });
    await tokens.replace(pairOf(7));
    expect(log).toEqual(['stored access-7', 'using access-7']);
    expect([heard, tokens.current().reveal()]).toEqual([1, 'access-7']);
    expect((await store.load())?.scope).toBe('trading');
  });

  it('F95 what cannot be stored is not used', async () => {
    const { process, disk, pairOf } = world();
    const tokens = process();
    disk.works = false;
    await expect(tokens.replace(pairOf(7))).rejects.toThrow('The disk is full.');
    expect(tokens.current().reveal()).toBe('access-0');
  });
});

describe('a token the broker refuses', () => {
  it('is renewed once', async () => {
    const { process } = world();
    const tokens = process();
    expect(await tokens.distrust(tokens.current())).toEqual({ status: 'renewed' });
    expect(tokens.current().reveal()).toBe('access-1');
  });

  it('F94 was renewed by somebody else: theirs is taken, nothing is asked', async () => {
    const { process, forget, pairOf, broker, clock } = world();
    const tokens = process();
    clock.advanceBy(1_000);
    forget(pairOf(7));
    expect(await tokens.distrust(tokens.current())).toEqual({ status: 'renewed' });
    expect([tokens.current().reveal(), broker.asked]).toEqual(['access-7', 0]);
  });

  it('F94 and refuses the fresh one too: halted with instructions, no war', async () => {
    const { process, broker } = world();
    const tokens = process();
    await tokens.distrust(tokens.current());
    const end = await tokens.distrust(tokens.current());
    expect(end).toMatchObject({ status: 'refused' });
    expect(broker.asked).toBe(1);
  });

  it('was the one before: the present one is simply used', async () => {
    const { process, broker } = world();
    const tokens = process();
    const before = tokens.current();
    await tokens.renew();
    expect(await tokens.distrust(before)).toEqual({ status: 'renewed' });
    expect(broker.asked).toBe(1);
  });

  it('stopping waits for a renewal under way, so that its result is not lost', async () => {
    const { process, broker, answer, log } = world();
    broker.answers = 'never';
    const tokens = process();
    void tokens.renew();
    await waitFor('the question', () => broker.asked === 1);
    const stopped = tokens.stop();
    answer();
    await stopped;
    expect(log).toEqual(['stored access-1', 'using access-1']);
  });
});
