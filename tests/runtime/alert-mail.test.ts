/** A mail on its way, against a real server on this machine: TLS, login, refusals, and secrets. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { type MailServer, sendMail } from '../../src/runtime/alert-mail.ts';
import { createPost } from '../../src/runtime/alert-post.ts';
import { type Alert, type Route, requestOf } from '../../src/runtime/alert-routes.ts';
import type { Mail } from '../../src/runtime/mail-text.ts';
import { SMTP_LOGIN, type SmtpWish, smtpDouble } from '../support/smtp-double.ts';

const MAIL: Mail = {
  from: 'robot@example.com',
  to: ['ann@example.com', 'bob@example.org'],
  subject: 'palm-oil-tui critical: no link',
  text: '.\r\nCRITICAL: no link to the broker for 75 s\n',
  at: Date.UTC(2026, 10, 20, 6, 35),
  number: 7,
  urgent: true,
};
/** Generous: nothing here is about time. */
const LIMIT_MS = 60_000;

async function desk(wish: SmtpWish, more: Partial<MailServer> = {}) {
  const double = await smtpDouble(wish);
  onTestFinished(() => double.close());
  const server: MailServer = {
    protocol: wish.tls === 'at once' ? 'smtps:' : 'smtp:',
    host: 'localhost',
    port: double.port,
    login: SMTP_LOGIN,
    isLocal: false,
    ca: double.ca,
    ...more,
  };
  return { double, send: () => sendMail(server, MAIL, LIMIT_MS), server };
}

const delivered = { status: 'delivered', code: 250 };

describe('a mail', () => {
  it.each(['at once', 'offered'] as const)('arrives whole over TLS %s, logged in', async (tls) => {
    const { double, send } = await desk({ tls });
    expect(await send()).toEqual(delivered);
    const [taken] = double.taken;
    expect(taken).toMatchObject({ from: MAIL.from, to: MAIL.to, isSecure: true, user: 'robot' });
    const [head = '', body = ''] = taken?.text.split('\r\n\r\n') ?? [];
    expect(head).toContain('Subject: palm-oil-tui critical: no link');
    expect(Buffer.from(body, 'base64').toString()).toBe(MAIL.text);
  });

  it('goes by LOGIN where PLAIN is not offered; without a login where none is set', async () => {
    const login = await desk({ tls: 'offered', ways: 'CRAM-MD5 LOGIN' });
    expect(await login.send()).toEqual(delivered);
    expect(login.double.taken[0]?.user).toBe('robot');
    const open = await desk({ tls: 'at once' }, { login: undefined });
    expect(await open.send()).toEqual(delivered);
    expect(open.double.taken[0]?.user).toBeUndefined();
  });

  it('says nothing secret in the clear: without STARTTLS only this machine gets mail', async () => {
    const { double, send, server } = await desk({ tls: 'none' });
    expect(await send()).toEqual({ status: 'failed', why: expect.stringMatching(/offers no TLS/) });
    expect(double.heard.map(({ line }) => line.split(' ')[0])).toEqual(['EHLO', 'STARTTLS']);
    const near = { ...server, isLocal: true };
    expect(await sendMail(near, MAIL, LIMIT_MS)).toEqual(delivered);
  });

  it('never goes to a server whose certificate is not its own (TLS verified)', async () => {
    const stranger = await desk({ tls: 'offered' }, { ca: '' });
    expect(await stranger.send()).toMatchObject({ status: 'failed' });
    const renamed = await desk({ tls: 'at once', name: 'elsewhere.example' });
    expect(await renamed.send()).toEqual({
      status: 'failed',
      why: 'its certificate is for another name',
    });
    for (const { double } of [stranger, renamed]) {
      expect(double.taken).toEqual([]);
      expect(double.heard.every(({ line }) => !line.startsWith('AUTH'))).toBe(true);
    }
  });

  it('never believes what was said before TLS began (RFC 3207, 6)', async () => {
    const slipped = '250-double\r\n250 AUTH PLAIN';
    const { double, send } = await desk({ tls: 'offered', ways: 'LOGIN', slipped });
    expect(await send()).toEqual(delivered);
    const logins = double.heard.filter(({ line }) => line.startsWith('AUTH'));
    expect(logins).toEqual([{ line: 'AUTH LOGIN', isSecure: true }]);
  });

  it.each([
    ['HELLO', '554 go away', 'the server takes no mail now (554)'],
    ['AUTH', '535 5.7.8 robot@example.com', 'the server refused the user or the password (535)'],
    ['MAIL', '550 robot@example.com', 'the server refused the sender (550)'],
    ['RCPT', '550 ann@example.com', 'the server refused every recipient (550)'],
    ['DATA', '452 full', 'the server refused the mail (452)'],
  ])('a refusal of %s is told in words of ours (I23)', async (word, answer, why) => {
    const { send } = await desk({ tls: 'at once', answers: { [word]: answer } });
    expect(await send()).toEqual({ status: 'failed', why });
  });

  it('reaches whom the server takes, and says that it did not take everybody', async () => {
    const { double, send } = await desk({ tls: 'at once', unknown: 'ann@example.com' });
    expect(await send()).toEqual({ ...delivered, remark: '1 of 2 recipients were refused' });
    expect(double.taken.map(({ to }) => to)).toEqual([['bob@example.org']]);
  });

  it('no text of ours can add a header, a recipient or a command', async () => {
    const { double, server } = await desk({ tls: 'at once' });
    const line = 'x\r\nBcc: eve@example.com\r\n\r\n.\r\nRCPT TO:<eve@example.com>';
    const hostile = { ...MAIL, subject: line, text: line };
    expect(await sendMail(server, hostile, LIMIT_MS)).toEqual(delivered);
    const [taken] = double.taken;
    expect(taken?.to).toEqual(MAIL.to);
    expect(taken?.text.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/im);
    const forged = { ...MAIL, to: ['bob@example.org>\r\nRCPT TO:<eve@example.com'] };
    expect((await sendMail(server, forged, LIMIT_MS)).status).toBe('failed');
    expect(double.heard.filter(({ line: said }) => said.includes('eve@'))).toEqual([]);
    expect(double.taken).toHaveLength(1);
  });

  it('a server that says nothing, too much, or is not there costs one sentence', async () => {
    const silent = await desk({ tls: 'none', answers: { HELLO: '' } });
    expect(await sendMail(silent.server, MAIL, 50)).toEqual({
      status: 'failed',
      why: 'no answer in time',
    });
    const loud = await desk({ tls: 'none', answers: { HELLO: `220-${'x'.repeat(20_000)}` } });
    expect(await loud.send()).toMatchObject({ why: 'the server speaks no SMTP, or too much' });
    await loud.double.close();
    expect(await loud.send()).toEqual({ status: 'failed', why: 'nobody listens there' });
  });
});

it('a route asks the server of its own settings and no other (allow-list)', async () => {
  const { double, server } = await desk({ tls: 'at once' });
  const route: Route = { type: 'email', server, from: MAIL.from, to: MAIL.to };
  const alert: Alert = {
    level: 'critical',
    key: 'link',
    text: 'kein Netz – seit 75 s',
    source: 'demo, dry-run',
    at: MAIL.at,
  };
  expect(await createPost([route])(requestOf(route, alert))).toEqual(delivered);
  const [head = '', body = ''] = double.taken[0]?.text.split('\r\n\r\n') ?? [];
  expect(head).toMatch(/^Subject: =\?UTF-8\?B\?/m);
  expect(head).toContain('X-Priority: 1');
  expect(Buffer.from(body, 'base64').toString()).toContain('CRITICAL: kein Netz – seit 75 s');
  const other = { ...route, server: { ...server, port: server.port + 1 } };
  expect(await createPost([route])(requestOf(other, alert))).toMatchObject({
    why: 'its host is not on the allow-list',
  });
});
