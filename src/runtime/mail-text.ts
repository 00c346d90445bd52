/**
 * One alert as the text of an e-mail (RFC 5322, RFC 2045, RFC 2047), ready for DATA.
 * Deliberately pure, plain text only, and in lines of ASCII: no body can look like a command.
 */

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Wall time in milliseconds, UTC. */
  readonly at: number;
  /** Tells apart mails of the same instant. */
  readonly number: number;
  /** Asks mail programs to show it first. */
  readonly urgent: boolean;
}

const BASE64_LINE = 76;
/** Bytes of text in one encoded word; the whole word stays below 75 characters. */
const WORD_BYTES = 42;

/** With CRLF at every line's end; without the final dot. */
export function mailText(mail: Mail): string {
  const { from, to, subject, text, at, number, urgent } = mail;
  const host = from.slice(from.lastIndexOf('@') + 1);
  const body = Buffer.from(text, 'utf8').toString('base64');
  const lines = [
    `From: palm-oil-tui <${from}>`,
    `To: ${to.join(',\r\n ')}`,
    `Subject: ${headerText(subject)}`,
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${at}.${number}.palm-oil-tui@${host}>`,
    // Answering machines leave such mail alone (RFC 3834).
    'Auto-Submitted: auto-generated',
    ...(urgent ? ['X-Priority: 1', 'Importance: high'] : []),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(body.match(new RegExp(`.{1,${BASE64_LINE}}`, 'g')) ?? []),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** Header text; anything but printable ASCII as encoded words, cut between characters. */
function headerText(text: string): string {
  if (/^[\x20-\x7e]{0,200}$/.test(text)) return text;
  const words: string[] = [];
  let word = '';
  for (const letter of text) {
    if (Buffer.byteLength(word + letter) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += letter;
  }
  words.push(word);
  return words.map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ');
}
