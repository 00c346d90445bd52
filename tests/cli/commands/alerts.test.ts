/** `alerts test`: every route is tried and said, and no address is ever printed whole. */
import { expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit.ts';
import { main } from '../../../src/cli/main.ts';
import { httpDouble } from '../../support/http-double.ts';
import { SMTP_LOGIN, smtpDouble } from '../../support/smtp-double.ts';
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

it('hands a mail to its server over the wire, and prints no password', async () => {
  const double = await smtpDouble({ tls: 'none' });
  const env = {
    ALERT_EMAIL_SERVER: `smtp://127.0.0.1:${double.port}`,
    ALERT_EMAIL_FROM: 'robot@example.com',
    ALERT_EMAIL_TO: 'ann@example.com, bob@example.org',
    ALERT_EMAIL_USER: SMTP_LOGIN.user,
    ALERT_EMAIL_PASSWORD: SMTP_LOGIN.password,
  };
  const { code, out } = await run(env);
  expect(code).toBe(EXIT.ok);
  expect(out).toMatch(/^email +127\.0\.0\.1:\d+ {2}delivered \(SMTP 250\), \d+ ms$/m);
  expect(double.taken.map(({ to }) => to)).toEqual([['ann@example.com', 'bob@example.org']]);
  const refused = await run({ ...env, ALERT_EMAIL_PASSWORD: 's3cret-wrong' });
  expect(refused.code).toBe(EXIT.unhealthy);
  expect(refused.out).toMatch(/FAILED: the server refused the user or the password \(535\)/);
  expect(refused.out + refused.err).not.toMatch(/s3cret|canary/);
  await double.close();
});

it('refuses a malformed address in one sentence, and names what is missing (exit 64)', async () => {
  for (const [env, sentence] of [
    [{}, /no alert route is set up/],
    [{ ALERT_WEBHOOK_URL: 'ftp://x/s3cret' }, /ALERT_WEBHOOK_URL: \(a secret, not shown\).*https/],
    [{ ALERT_WEBHOOK_URL: 'http://example.com/s3cret' }, /ALERT_WEBHOOK_URL/],
    [{ ALERT_TELEGRAM_TOKEN: '1:s3cret' }, /belong together/],
    [{ ALERT_EMAIL_SERVER: 'smtps://mail.example.com' }, /ALERT_EMAIL_FROM.*belong together/],
    [{ ALERT_EMAIL_PASSWORD: 's3cret' }, /ALERT_EMAIL_USER and ALERT_EMAIL_PASSWORD belong/],
    [{ ALERT_EMAIL_SERVER: 'mail.example.com' }, /ALERT_EMAIL_SERVER: .*smtps:\/\/host/],
    [{ ALERT_EMAIL_SERVER: 'smtps://u:s3cret@mail.example.com' }, /ALERT_EMAIL_SERVER/],
    [{ ALERT_EMAIL_TO: 'a@b.example>\r\nDATA' }, /ALERT_EMAIL_TO.*not allowed/],
  ] as const) {
    const { code, out, err } = await run(env);
    expect(code).toBe(EXIT.usage);
    expect(out).toBe('');
    expect(err).toMatch(sentence);
    expect(err).not.toContain('s3cret');
  }
});
