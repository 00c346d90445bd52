// A login while the engine runs: heard from the browser, or pasted; its tokens are used at once.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/cli/config.ts';
import { createLoginDesk } from '../../src/cli/login-desk.ts';
import type { TokenPair } from '../../src/ctrader/oauth/grant.ts';
import type { Tokens } from '../../src/ctrader/oauth/tokens.ts';
import { systemClock } from '../../src/runtime/loop.ts';
import type { LoginStep } from '../../src/ui/login.ts';
import { freePort } from '../support/free-port.ts';
import { tempDir } from '../support/temp-dir.ts';
import { waitFor } from '../support/wait-for.ts';

let server: Server;
let asked: string[] = [];
beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://127.0.0.1').searchParams.get('code') ?? '');
    const tokens = { accessToken: 'canary-a', refreshToken: 'canary-r', expiresIn: 2_592_000 };
    response.end(JSON.stringify(tokens));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
});
afterEach(() => void server.close());

async function deskOf(replace: (pair: TokenPair) => Promise<void> = async () => undefined) {
  const home = tempDir();
  const redirect = `http://127.0.0.1:${await freePort()}`;
  const token = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  const result = resolveConfig({
    options: { environment: 'demo', dataDir: join(home, 'data') },
    env: {
      CTRADER_CLIENT_ID: 'id-7',
      CTRADER_CLIENT_SECRET: 'canary',
      CTRADER_REDIRECT_URI: redirect,
      CTRADER_SERVER: '127.0.0.1',
      CTRADER_AUTH_URL: `${token}/authorize`,
      CTRADER_TOKEN_URL: token,
    },
    platform: { os: 'linux', home, cwd: home },
    readNote: () => undefined,
    purpose: 'login',
  });
  if (result.status === 'refused') throw new Error(result.faults.join('\n'));
  const used: string[] = [];
  const tokens = {
    replace: async (pair: TokenPair) => {
      await replace(pair);
      used.push(pair.accessToken.reveal());
    },
  } as Tokens;
  const browsed: string[] = [];
  const desk = createLoginDesk({
    config: result.config,
    tokens,
    clock: systemClock(),
    browse: async (address) => {
      browsed.push(address);
      return true;
    },
  });
  const steps: LoginStep[] = [];
  desk.begin((step) => steps.push(step));
  const last = () => steps[steps.length - 1];
  const reaches = (state: LoginStep['state']) =>
    waitFor(`the login to be ${state}`, () => last()?.state === state);
  await reaches('waiting');
  const [first] = steps;
  const address = first?.state === 'waiting' ? first.address : '';
  const state = new URL(address).searchParams.get('state') ?? '';
  return { desk, steps, last, reaches, redirect, state, used, browsed, address };
}

describe('the login desk', () => {
  it('hears the browser, exchanges the code once, and the tokens are in use', async () => {
    const { reaches, redirect, state, used, browsed, address, last } = await deskOf();
    expect(browsed).toEqual([address]);
    await fetch(`${redirect}/?code=code-1234&state=${state}`);
    await reaches('done');
    expect([asked, used]).toEqual([['code-1234'], ['canary-a']]);
    expect(last()).toMatchObject({ sentence: expect.stringContaining('29 days left') });
  });

  it('F96 takes no answer of another login, nor one without proof', async () => {
    const { redirect, reaches, last, used } = await deskOf();
    expect((await fetch(`${redirect}/?code=code-1234&state=other`)).status).toBe(400);
    expect(last()).toMatchObject({ state: 'waiting', trouble: expect.stringContaining('wrong') });
    await fetch(`${redirect}/?code=code-1234`);
    await reaches('failed');
    expect([used, last()]).toEqual([[], expect.objectContaining({ state: 'failed' })]);
  });

  it('takes a pasted address, and goes on waiting after a wrong one', async () => {
    const { desk, redirect, state, reaches, last, used } = await deskOf();
    desk.answer('https://elsewhere.example/?code=code-1234');
    expect(last()).toMatchObject({ state: 'waiting', trouble: expect.stringContaining('begin') });
    desk.answer(`${redirect}/?code=code-5678&state=${state}`);
    await reaches('done');
    expect([asked, used]).toEqual([['code-5678'], ['canary-a']]);
    // The port is free again: nobody can answer a login that is over.
    await expect(fetch(redirect)).rejects.toThrow();
  });

  it('F95 tells what could not be stored', async () => {
    const { desk, reaches, last } = await deskOf(() =>
      Promise.reject(new Error('The disk is full.')),
    );
    desk.answer('code-5678');
    await reaches('failed');
    expect(last()).toEqual({ state: 'failed', sentence: 'The disk is full.' });
  });

  it('given up, it listens no more and uses nothing', async () => {
    const { desk, redirect, reaches, used } = await deskOf();
    desk.cancel();
    await reaches('failed');
    await expect(fetch(redirect)).rejects.toThrow();
    expect([asked, used]).toEqual([[], []]);
  });
});
