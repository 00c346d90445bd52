/**
 * Hands one mail to a mail server (nodemailer's SMTP connection): over TLS from the first byte, or
 * after STARTTLS; in the clear on this machine only.
 * Deliberately no queue, no attachments, no reading of mail, and never throws: the outcome is in
 * words of ours, because a server's text may repeat an address or a name (I23).
 */
import type SmtpConnection from 'nodemailer/lib/smtp-connection';
import { type Mail, mailText } from './mail-text.ts';

export interface MailServer {
  /** `smtps:` speaks TLS at once, `smtp:` after STARTTLS. */
  readonly protocol: 'smtp:' | 'smtps:';
  readonly host: string;
  readonly port: number;
  /** Absent for a server that knows us by our address. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
  /** May be spoken to without TLS: it is on this machine. */
  readonly isLocal: boolean;
  /** An extra authority; the system's list otherwise. */
  readonly ca?: string;
}

export type MailOutcome =
  /** `remark` says who of several recipients was refused. */
  | { readonly status: 'delivered'; readonly code: number; readonly remark?: string }
  | { readonly status: 'failed'; readonly why: string };

/** Bytes of one reply; a server has nothing long to say. */
const REPLY_MAX = 16_384;
/** How we name ourselves: an address literal, because a host behind NAT has no name of its own. */
const OURSELVES = '[127.0.0.1]';
/** The server has the mail; how it says goodbye is not waited for longer than this. */
const GOODBYE_MS = 1_000;
const TAKEN = 250;

/** One mail, one connection, at most `limitMs`. Loads the library when first asked. */
export async function sendMail(
  server: MailServer,
  mail: Mail,
  limitMs: number,
): Promise<MailOutcome> {
  const limit = AbortSignal.timeout(limitMs);
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const { protocol, host, port, isLocal, ca } = server;
  const connection = new Connection({
    host,
    port,
    name: OURSELVES,
    secure: protocol === 'smtps:',
    requireTLS: protocol === 'smtp:' && !isLocal,
    tls: ca === undefined ? {} : { ca },
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
    socketCloseTimeout: GOODBYE_MS,
    maxResponseSize: REPLY_MAX,
  });
  try {
    const broken = new Promise<never>((_, reject) => {
      limit.addEventListener('abort', () => reject(limit.reason));
      connection.on('error', reject);
      connection.on('end', () => reject(new Error('over')));
    });
    const refused = await Promise.race([deliver(connection, server.login, mail), broken]);
    connection.quit();
    const whom = `${refused} of ${mail.to.length} recipients were refused`;
    return { status: 'delivered', code: TAKEN, ...(refused === 0 ? {} : { remark: whom }) };
  } catch (error) {
    return { status: 'failed', why: reasonOf(error) };
  } finally {
    connection.close();
  }
}

/** Resolves with the number of recipients that the server refused; not all of them. */
async function deliver(
  connection: SmtpConnection,
  login: MailServer['login'],
  mail: Mail,
): Promise<number> {
  await new Promise<void>((resolve) => {
    connection.connect(() => resolve());
  });
  if (login !== undefined) {
    const { user, password: pass } = login;
    await new Promise<void>((resolve, reject) => {
      connection.login({ user, pass }, (error) => (error ? reject(error) : resolve()));
    });
  }
  return new Promise<number>((resolve, reject) => {
    const envelope = { from: mail.from, to: [...mail.to] };
    connection.send(envelope, mailText(mail), (error, info) => {
      if (error) reject(error);
      else resolve(info?.rejected.length ?? 0);
    });
  });
}

/** By what the library calls it, and by the command that was answered where that says more. */
const STEPS: Readonly<Record<string, string>> = {
  'EENVELOPE MAIL FROM': 'the server refused the sender',
  'EENVELOPE RCPT TO': 'the server refused every recipient',
  'EPROTOCOL CONN': 'the server takes no mail now',
  'ETLS STARTTLS': 'the server offers no TLS, and nothing is sent in the clear',
  EENVELOPE: 'the server refused the mail',
  EMESSAGE: 'the server refused the mail',
  EAUTH: 'the server refused the user or the password',
  'EPROTOCOL HELO': 'the server refused our greeting',
  EPROTOCOL: 'the server speaks no SMTP, or too much',
  ETLS: 'the server broke off TLS',
  EDNS: 'the host has no address',
  ETIMEDOUT: 'no answer in time',
  ECONNECTION: 'the server hung up',
};

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  EAI_AGAIN: 'names cannot be resolved now',
  ECONNRESET: 'the connection was cut',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody known',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody known',
};

/** What the library adds to an error. */
type MailError = Error & {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly command?: unknown;
  readonly responseCode?: unknown;
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the mail failed';
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { code, originalCode, command, responseCode }: MailError = error;
  const cause = CAUSES[String(originalCode ?? code)];
  if (cause !== undefined) return cause;
  const answer = typeof responseCode === 'number' ? ` (${responseCode})` : '';
  const step = (answer !== '' && STEPS[`${code} ${command}`]) || STEPS[String(code)];
  if (step !== undefined) return `${step}${answer}`;
  return code === undefined ? 'the mail failed' : `the mail failed (${originalCode ?? code})`;
}
