/**
 * Hands one mail to a mail server (RFC 5321, 3207, 4954): over TLS from the first byte, or after
 * STARTTLS; in the clear on this machine only.
 * Deliberately no queue, no attachments, no reading of mail, and never throws: the outcome is in
 * words of ours, because a server's text may repeat an address or a name (I23).
 */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
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
  | { readonly status: 'delivered'; readonly code: number }
  | { readonly status: 'failed'; readonly why: string };

interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

/** The dialogue ended here; the text is for a person and holds nothing of the server's. */
class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

/** Bytes of one reply; a server has nothing long to say. */
const REPLY_MAX = 16_384;
const COMPLETE = /(?:^|\n)(\d{3})(?: [^\n]*)?\r?\n$/;
/** How we name ourselves: an address literal, because a host behind NAT has no name of its own. */
const OURSELVES = '[127.0.0.1]';

/** One mail, one connection; at most `limitMs` for the whole. */
export async function sendMail(
  server: MailServer,
  mail: Mail,
  limitMs: number,
): Promise<MailOutcome> {
  const line = new MailLine(server);
  const limit = AbortSignal.timeout(limitMs);
  limit.addEventListener('abort', () => line.end(new MailRefused('no answer in time')));
  try {
    return { status: 'delivered', code: await deliver(line, server, mail) };
  } catch (error) {
    return { status: 'failed', why: reasonOf(error) };
  } finally {
    line.end(new MailRefused('the connection is over'));
  }
}

async function deliver(line: MailLine, server: MailServer, mail: Mail): Promise<number> {
  await line.open();
  await line.expect(220, 'the server takes no mail now');
  let offers = await greet(line);
  if (server.protocol === 'smtp:') {
    if (offers.has('STARTTLS')) {
      await line.ask('STARTTLS', 220, 'the server refused STARTTLS');
      await line.secure();
      // What was offered in the clear may have been said by anybody.
      offers = await greet(line);
    } else if (!server.isLocal) {
      throw new MailRefused('the server offers no TLS, and nothing is sent in the clear');
    }
  }
  if (server.login !== undefined) await logIn(line, server.login, offers);
  await line.ask(`MAIL FROM:<${mail.from}>`, 250, 'the server refused the sender');
  for (const to of mail.to) {
    await line.ask(`RCPT TO:<${to}>`, [250, 251], 'the server refused a recipient');
  }
  await line.ask('DATA', 354, 'the server refused the mail');
  const { code } = await line.ask(`${mailText(mail)}.`, 250, 'the server refused the mail');
  line.say('QUIT');
  return code;
}

async function greet(line: MailLine): Promise<ReadonlyMap<string, string>> {
  const { lines } = await line.ask(`EHLO ${OURSELVES}`, 250, 'the server refused our greeting');
  return new Map(
    lines.slice(1).map((text) => {
      const [word = '', ...rest] = text.split(/[ =]/);
      return [word.toUpperCase(), rest.join(' ').toUpperCase()];
    }),
  );
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

async function logIn(
  line: MailLine,
  { user, password }: NonNullable<MailServer['login']>,
  offers: ReadonlyMap<string, string>,
): Promise<void> {
  const ways = offers.get('AUTH')?.split(' ') ?? [];
  const refused = 'the server refused the user or the password';
  if (ways.includes('PLAIN')) {
    await line.ask(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, 235, refused);
  } else if (ways.includes('LOGIN')) {
    await line.ask('AUTH LOGIN', 334, refused);
    await line.ask(base64(user), 334, refused);
    await line.ask(base64(password), 235, refused);
  } else {
    throw new MailRefused('the server offers no way to log in that is known here');
  }
}

/** One connection: what is said, and the whole replies that come back, one after the other. */
class MailLine {
  readonly #server: MailServer;
  #socket: Socket | undefined;
  #held = '';
  #fault: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(server: MailServer) {
    this.#server = server;
  }

  async open(): Promise<void> {
    const { host, port, protocol } = this.#server;
    if (protocol === 'smtps:') return this.#shake(undefined);
    const socket = connect({ host, port });
    this.#use(socket);
    await this.#once(socket, 'connect');
  }

  /** From here on everything is said over TLS; what came before is forgotten (RFC 3207, 4.2). */
  async secure(): Promise<void> {
    if (this.#held !== '') throw new MailRefused('the server spoke out of turn before TLS');
    this.#socket?.removeAllListeners('data');
    await this.#shake(this.#socket);
  }

  say(text: string): void {
    this.#socket?.write(`${text}\r\n`);
  }

  async ask(text: string, wanted: number | readonly number[], refusal: string): Promise<Reply> {
    this.say(text);
    return this.expect(wanted, refusal);
  }

  async expect(wanted: number | readonly number[], refusal: string): Promise<Reply> {
    for (;;) {
      const code = COMPLETE.exec(this.#held)?.[1];
      if (code !== undefined) {
        const lines = this.#held.trimEnd().split(/\r?\n/);
        this.#held = '';
        const reply = { code: Number(code), lines: lines.map((one) => one.slice(4)) };
        if ([wanted].flat().includes(reply.code)) return reply;
        throw new MailRefused(`${refusal} (${reply.code})`);
      }
      if (this.#fault !== undefined) throw this.#fault;
      if (this.#held.length > REPLY_MAX) throw new MailRefused('the server said too much');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  end(reason: Error): void {
    this.#fault ??= reason;
    this.#socket?.destroy();
    this.#wake();
  }

  async #shake(socket: Socket | undefined): Promise<void> {
    const { host, port, ca } = this.#server;
    const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
    const where = socket === undefined ? { host, port } : { socket, host };
    const secure = connectTls({ ...where, ...name, ...(ca === undefined ? {} : { ca }) });
    this.#use(secure);
    await this.#once(secure, 'secureConnect');
  }

  #use(socket: Socket): void {
    this.#socket = socket;
    socket.on('data', (bytes) => {
      this.#held += Buffer.from(bytes).toString('latin1');
      this.#wake();
    });
    socket.on('error', (error) => this.end(error));
    socket.on('close', () => this.end(new MailRefused('the server hung up')));
  }

  /** Resolves with the event; rejects when the line ends first. */
  async #once(socket: Socket, event: string): Promise<void> {
    let isThere = false;
    socket.once(event, () => {
      isThere = true;
      this.#wake();
    });
    while (!isThere) {
      if (this.#fault !== undefined) throw this.#fault;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'the host has no address',
  EAI_AGAIN: 'names cannot be resolved now',
  ECONNRESET: 'the connection was cut',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody known',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody known',
};

function reasonOf(error: unknown): string {
  if (error instanceof MailRefused) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return WORDS[code] ?? (code === '' ? 'the mail failed' : `the mail failed (${code})`);
}
