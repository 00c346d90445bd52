/** The text of a mail: lines of ASCII that no content can break. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Mail, mailText } from '../../src/runtime/mail-text.ts';

const MAIL: Mail = {
  from: 'robot@example.com',
  to: ['ann@example.com', 'bob@example.org'],
  subject: 'palm-oil-tui warning: feed silent',
  text: 'feed silent\n',
  at: Date.UTC(2026, 10, 20, 6, 35),
  number: 7,
  urgent: false,
};

it('is what mail programs expect', () => {
  expect(mailText(MAIL).split('\r\n')).toEqual([
    'From: palm-oil-tui <robot@example.com>',
    'To: ann@example.com,',
    ' bob@example.org',
    'Subject: palm-oil-tui warning: feed silent',
    'Date: Fri, 20 Nov 2026 06:35:00 +0000',
    'Message-ID: <1795156500000.7.palm-oil-tui@example.com>',
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(MAIL.text).toString('base64'),
    '',
  ]);
});

it('holds any subject and text in short lines of ASCII, none of them a lone dot', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string(), (subject, text) => {
      const whole = mailText({ ...MAIL, subject, text });
      const [head = '', body = ''] = whole.split('\r\n\r\n');
      for (const line of whole.split('\r\n')) {
        expect(line).toMatch(/^[\x20-\x7e]*$/);
        expect(line.length).toBeLessThan(250);
        expect(line).not.toBe('.');
      }
      expect(head.match(/^Subject:/gm)).toHaveLength(1);
      expect(head.match(/^(From|To|Date):/gm)).toHaveLength(3);
      expect(Buffer.from(body, 'base64').toString()).toBe(Buffer.from(text).toString());
    }),
  );
});
