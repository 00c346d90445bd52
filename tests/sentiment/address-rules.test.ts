/**
 * Allow-list, https, private networks and same-site redirects (F106).
 */
import { describe, expect, it } from 'vitest';
import { isPrivateHost, isSameSite, refusal } from '../../src/sentiment/address-rules.ts';

const ALLOWED = [
  'api.perplexity.ai',
  'nitter.example.org',
  '127.0.0.1:8080',
  '10.0.0.1',
  'x.org:81',
];
const refused = (target: string, from?: string) =>
  refusal(new URL(target), ALLOWED, from === undefined ? undefined : new URL(from));

describe('outbound addresses', () => {
  it('are the listed hosts over https only (F106)', () => {
    expect(refused('https://api.perplexity.ai/chat/completions')).toBeUndefined();
    expect(refused('http://api.perplexity.ai/')).toContain('https');
    expect(refused('https://evil.example/')).toContain('not on the list');
    expect(refused('https://api.perplexity.ai:8443/')).toContain('not on the list');
    expect(refused('https://x.org:81/')).toBeUndefined();
    expect(refused('https://user:word@api.perplexity.ai/')).toContain('user name');
    expect(refused('ftp://api.perplexity.ai/')).toBeDefined();
  });

  it('may be this machine when listed, but no other private address, listed or not', () => {
    expect(refused('http://127.0.0.1:8080/x')).toBeUndefined();
    expect(refused('http://127.0.0.1:8081/x')).toContain('not on the list');
    expect(refused('https://10.0.0.1/')).toContain('private');
  });

  it('redirect within the same site only, never down from https, never to this machine', () => {
    expect(refused('https://api.perplexity.ai/b', 'https://api.perplexity.ai/a')).toBeUndefined();
    expect(refused('https://nitter.example.org/', 'https://example.org/')).toBeUndefined();
    expect(refused('https://nitter.example.org/', 'https://api.perplexity.ai/')).toContain('site');
    expect(refused('http://127.0.0.1:8080/', 'https://api.perplexity.ai/')).toContain('machine');
    expect(refused('http://127.0.0.1:8080/b', 'http://127.0.0.1:8080/a')).toBeUndefined();
  });

  it.each([
    ...['127.0.0.1', '127.9.9.9', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '0.0.0.0', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
    ...['localhost', 'a.localhost', 'printer.local', 'db.internal', 'router.lan', 'intranet'],
    ...['[::1]', '[::]', '[fe80::1]', '[fc00::1]', '[fd12::1]', '[ff02::1]', 'localhost.'],
    ...['[::ffff:127.0.0.1]', '[::ffff:10.0.0.1]', '[64:ff9b::7f00:1]'],
    ...['2130706433', '0x7f.1', '0177.0.0.1', '127.1'],
  ])('knows %s as private in every spelling', (host) => {
    expect(isPrivateHost(new URL(`https://${host}/`).hostname)).toBe(true);
  });

  it.each(['api.perplexity.ai', '8.8.8.8', '172.32.0.1', '100.128.0.1', '[2606:4700::1111]'])(
    'knows %s as public',
    (host) => {
      expect(isPrivateHost(new URL(`https://${host}/`).hostname)).toBe(false);
    },
  );

  it('does not take a longer name for the same site', () => {
    expect(isSameSite('example.org', 'evilexample.org')).toBe(false);
    expect(isSameSite('Example.org', 'www.example.ORG')).toBe(true);
  });
});
