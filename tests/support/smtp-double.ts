/**
 * A small real mail server on this machine: speaks SMTP over TLS, STARTTLS or in the clear, takes
 * one user, keeps what it is given, and can be told what to answer otherwise.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { makeLocalCertificates } from '../../src/cli/certificate.ts';

export interface SmtpWish {
  /** TLS from the first byte, offered with STARTTLS, or neither. */
  readonly tls: 'at once' | 'offered' | 'none';
  readonly ways?: string;
  /** A recipient it does not take. */
  readonly unknown?: string;
  /** Its certificate's name. */
  readonly name?: string;
  /** What somebody in between adds in the clear, right behind the answer to STARTTLS. */
  readonly slipped?: string;
  /** Instead of the usual answer to a command word, or to the greeting (`HELLO`). */
  readonly answers?: Readonly<Record<string, string>>;
}

export interface Taken {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly isSecure: boolean;
  readonly user: string | undefined;
}

export interface SmtpDouble {
  readonly port: number;
  /** The authority to trust. */
  readonly ca: string;
  readonly taken: readonly Taken[];
  /** Every command line, passwords included, with how it came. */
  readonly heard: readonly { readonly line: string; readonly isSecure: boolean }[];
  close(): Promise<void>;
}

export const SMTP_LOGIN = { user: 'robot', password: 'canary-pass' } as const;

const decoded = (text = ''): string => Buffer.from(text, 'base64').toString();

export async function smtpDouble(wish: SmtpWish): Promise<SmtpDouble> {
  const made = makeLocalCertificates({
    now: Date.now(),
    days: 1,
    names: [wish.name ?? 'localhost'],
  });
  const taken: Taken[] = [];
  const heard: { line: string; isSecure: boolean }[] = [];
  const sockets = new Set<Socket>();
  const keys = { key: made.key, cert: made.cert };

  const serve = (socket: Socket, isSecure: boolean, isGreeted: boolean): void => {
    sockets.add(socket);
    let held = '';
    let from = '';
    let to: string[] = [];
    let user: string | undefined;
    let body: string | undefined;
    let asked: ((line: string) => void) | undefined;
    const say = (text: string) => socket.write(`${text}\r\n`);
    const accept = (name: string, password: string): void => {
      const isRight = name === SMTP_LOGIN.user && password === SMTP_LOGIN.password;
      if (isRight) user = name;
      say(isRight ? '235 welcome' : '535 5.7.8 no such user robot@example.com');
    };
    const logIn = (way: string, rest: string): void => {
      if (way === 'PLAIN') {
        const [, name = '', password = ''] = decoded(rest).split('\0');
        accept(name, password);
        return;
      }
      say('334 VXNlcm5hbWU6');
      asked = (name) => {
        say('334 UGFzc3dvcmQ6');
        asked = (password) => accept(decoded(name), decoded(password));
      };
    };
    const upgrade = (): void => {
      socket.removeAllListeners('data');
      say(['220 go on', wish.slipped].filter((one) => one !== undefined).join('\r\n'));
      serve(new TLSSocket(socket, { isServer: true, ...keys }), true, true);
    };
    const offers = (): string[] => [
      'double',
      ...(wish.tls === 'offered' && !isSecure ? ['STARTTLS'] : []),
      `AUTH ${wish.ways ?? 'LOGIN PLAIN'}`,
      'SIZE 1000000',
    ];
    const obey = (line: string): void => {
      heard.push({ line, isSecure });
      const [word = '', rest = '', more = ''] = line.split(' ');
      const other = wish.answers?.[word];
      if (other !== undefined) say(other);
      else if (word === 'EHLO') {
        const all = offers();
        say(all.map((one, index) => `250${index < all.length - 1 ? '-' : ' '}${one}`).join('\r\n'));
      } else if (word === 'STARTTLS' && wish.tls === 'offered') upgrade();
      else if (word === 'AUTH') logIn(rest, more);
      else if (word === 'MAIL') {
        from = /<(.*)>/.exec(line)?.[1] ?? '';
        to = [];
        say('250 ok');
      } else if (word === 'RCPT') {
        const name = /<(.*)>/.exec(line)?.[1] ?? '';
        if (name !== wish.unknown) to.push(name);
        say(name === wish.unknown ? `550 no such user ${name}` : '250 ok');
      } else if (word === 'DATA') {
        body = '';
        say('354 go on');
      } else if (word === 'QUIT') socket.end('221 bye\r\n');
      else say('500 what?');
    };
    const take = (line: string): void => {
      if (asked !== undefined) {
        const next = asked;
        asked = undefined;
        next(line);
      } else if (body === undefined) obey(line);
      else if (line === '.') {
        taken.push({ from, to, text: body, isSecure, user });
        body = undefined;
        say('250 2.0.0 taken');
      } else body += `${line}\r\n`;
    };
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const parts = (held + String(bytes)).split('\r\n');
      held = parts.pop() ?? '';
      for (const part of parts) take(part);
    });
    if (!isGreeted) say(wish.answers?.['HELLO'] ?? '220 double ready');
  };

  const server: Server =
    wish.tls === 'at once'
      ? createTlsServer(keys, (socket) => serve(socket, true, false))
      : createServer((socket) => serve(socket, false, false));
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    ca: made.authority,
    taken,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
