/** `alerts test`: every route is tried and said, and no address is ever printed whole. */
import { expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit.ts';
import { main } from '../../../src/cli/main.ts';
import { httpDouble } from '../../support/http-double.ts';
import { tempDir } from '../../support/temp-dir.ts';

async function run(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    stdout: { write: (text: string) => out.push(text) > 0 },
    stderr: { write: (text: string) => err.push(text) > 0 },
    stdin: process.stdin,
    env: { HOME: tempDir(), ...env },
  } as unknown as Parameters<typeof main>[1];
  const code = await main(['alerts', 'test', ...args], io);
  return { code, out: out.join(''), err: err.join('') };
}

it('delivers on each route and says so with its host alone (I23)', async () => {
  const double = await httpDouble();
  const { code, out } = await run({
    ALERT_WEBHOOK_URL: `${double.url}/s3cret`,
    ALERT_NTFY_URL: `${double.url}/topic`,
  });
  expect(code).toBe(EXIT.ok);
  expect(out).toMatch(/^webhook +127\.0\.0\.1:\d+ {2}delivered \(HTTP 200\), \d+ ms$/m);
  expect(out).not.toContain('s3cret');
  expect(double.asked.map((one) => one.path).sort()).toEqual(['/s3cret', '/topic']);
  double.status = 403;
  const refused = await run({ ALERT_WEBHOOK_URL: `${double.url}/s3cret` }, '--json');
  expect(refused.code).toBe(EXIT.unhealthy);
  expect(JSON.parse(refused.out).routes[0]).toMatchObject({ status: 'failed', why: 'HTTP 403' });
  double.close();
});

it('refuses a malformed address in one sentence, and names what is missing (exit 64)', async () => {
  for (const [env, sentence] of [
    [{}, /no alert route is set up/],
    [{ ALERT_WEBHOOK_URL: 'ftp://x/s3cret' }, /ALERT_WEBHOOK_URL: \(a secret, not shown\).*https/],
    [{ ALERT_WEBHOOK_URL: 'http://example.com/s3cret' }, /ALERT_WEBHOOK_URL/],
    [{ ALERT_TELEGRAM_TOKEN: '1:s3cret' }, /belong together/],
  ] as const) {
    const { code, out, err } = await run(env);
    expect(code).toBe(EXIT.usage);
    expect(out).toBe('');
    expect(err).toMatch(sentence);
    expect(err).not.toContain('s3cret');
  }
});
