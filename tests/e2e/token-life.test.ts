/** F92: tokens that live for seconds, in a run of its own process against the simulator's. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { decide } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { waitFor } from '../support/wait-for.ts';
import { Headless } from './headless.ts';
import { serveSimulator } from './simulator-process.ts';
import { BIN, ensureBuilt, freshHome, shellEnv } from './terminal-session.ts';

beforeAll(ensureBuilt);

const SECRETS = /access-\d+-\d|refresh-\d+-\d|simulator-secret|canary/;

let home: ReturnType<typeof freshHome>;
const running: { stop(): Promise<unknown> }[] = [];
beforeEach(() => {
  home = freshHome();
});
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
  home.remove();
});

/** A verb that reads the passphrase as a service gives it; answers with what it said. */
function verb(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: home.path,
    env: { ...shellEnv(home.path), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { text: '', code: undefined as number | null | undefined };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said.text += text;
    });
  }
  child.on('close', (code) => {
    said.code = code;
  });
  return said;
}

const done = (said: ReturnType<typeof verb>) =>
  waitFor(`the end of a verb (${said.text})`, () => said.code !== undefined);

it('F92 rotates again and again during a run: READY again, no halt, no secret', async () => {
  const served = await serveSimulator(home.path, ['--token-life', '5']);
  running.push(served);
  writeFileSync(join(home.path, 'palm-oil-passphrase'), 'canary horse\n', { mode: 0o600 });
  const port = await freePort();
  const env = {
    ...served.env,
    CREDENTIALS_DIRECTORY: home.path,
    CTRADER_REDIRECT_URI: `http://localhost:${port}`,
  };
  const login = verb(['login', '--store', 'encrypted-file'], env);
  const find = () => /^http:\/\/127\S+authorize\S+$/m.exec(login.text)?.[0];
  await fetch(await decide(await waitFor('the address', find), 'Allow'));
  await done(login);
  const use = verb(['accounts', '--use', '1000001'], env);
  await done(use);
  expect([login.code, use.code]).toEqual([0, 0]);

  const engine = new Headless(home.path, [], env);
  running.push({
    stop: () => {
      engine.kill('SIGKILL');
      return engine.ended;
    },
  });
  await engine.line('the link', (line) => line.message === 'link READY');
  const renewed = () =>
    engine.lines.filter(({ message }) => message.includes('was renewed')).length >= 3;
  await waitFor('three renewals', renewed, 120_000);
  await waitFor(
    'READY',
    () =>
      engine.lines.findLast(({ message }) => message.startsWith('link '))?.message === 'link READY',
    30_000,
  );
  // One line, whichever of answer and goodbye is read first: cli/token-keeper.test.ts proves it in
  // simulated time. Here the pieces are real processes, and the machine may be as slow as it likes.
  expect(engine.lines.some(({ message }) => message === 'link AUTH_HALT')).toBe(false);
  expect(JSON.stringify(engine.lines)).not.toMatch(SECRETS);
});
