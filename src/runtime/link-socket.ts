/**
 * The EngineLink over a Unix socket, both ends: `serveLink` beside the engine, `connectLink` in a
 * screen or a verb. Deliberately decides nothing about trading: a command that is well-formed and
 * allowed for its connection goes into the same inbox as a key of the local screen.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Command, CommandView, Snapshot } from '../engine/index.ts';
import type { EngineLink } from '../engine/ports.ts';
import { type GuestParts, Hall, LINK_LIMITS, type LinkClock } from './link-guests.ts';
import {
  createLineReader,
  type EngineHello,
  type JournalHead,
  LINE_MAX,
  LINK_PROTOCOL,
  type LinkRole,
  lineText,
  readEngineLine,
} from './link-lines.ts';
import {
  clearPlace,
  closeToOthers,
  forgetPlace,
  type LinkPlace,
  LinkUnavailable,
} from './link-place.ts';
import { pictureRefusal, remedyFor } from './link-skew.ts';

export interface LinkServerParts extends GuestParts {
  readonly place: LinkPlace;
}

export interface LinkServer {
  readonly path: string;
  readonly clients: () => number;
  /** True while an operator is attached. */
  readonly hasOperator: () => boolean;
  /** Tells every client why, and removes the socket. */
  close(reason: string): Promise<void>;
}

/** Listens; call it only while holding the instance lock. Throws {@link LinkUnavailable}. */
export async function serveLink(parts: LinkServerParts): Promise<LinkServer> {
  const { place } = parts;
  clearPlace(place, dirname(place.path));
  const hall = new Hall(parts);
  const server = createServer((socket) => hall.enter(socket));
  server.maxConnections = LINK_LIMITS.clients;
  await listen(server, place.path);
  return {
    path: place.path,
    clients: () => hall.size,
    hasOperator: () => hall.hasOperator(),
    close: (reason) =>
      new Promise((resolve) => {
        server.close(() => {
          forgetPlace(place);
          resolve();
        });
        hall.dismiss(reason);
      }),
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (why: string): void => {
      reject(new LinkUnavailable(`The control socket ${path} cannot be offered (${why}).`));
    };
    server.once('error', (error) => refuse(error.message));
    server.listen(path, () => {
      server.removeAllListeners('error');
      // A client that fails is its own problem; the engine goes on.
      server.on('error', () => undefined);
      try {
        closeToOthers(path);
        resolve();
      } catch (error) {
        server.close();
        refuse(error instanceof Error ? error.message : String(error));
      }
    });
  });
}

/** There is no engine at that socket; the sentence says what to do. */
export class NoEngine extends Error {
  override readonly name = 'NoEngine';
}

interface RemoteStatus {
  readonly state: 'attached' | 'ended';
  /** The last picture; undefined before the first. */
  readonly snapshot: Snapshot | undefined;
  readonly journal: JournalHead | undefined;
  /** Milliseconds since the last picture came; undefined before the first. */
  readonly ageMs: number | undefined;
}

export interface RemoteLink extends EngineLink {
  readonly path: string;
  readonly hello: EngineHello;
  status(): RemoteStatus;
  /** Resolves when the connection is over, with the reason in words. */
  readonly ended: Promise<string>;
  close(): void;
}

export interface ConnectOptions {
  readonly role: LinkRole;
  /** Who asks: the operating-system user. */
  readonly by?: string;
  /** As operator: takes the place of another attached screen. */
  readonly takeOver?: boolean;
  /** Real time. */
  readonly clock: LinkClock;
  /** Bound for connecting and the engine's hello; 3 s unless told otherwise. */
  readonly limitMs?: number;
}

/** Attaches to the engine behind a socket; rejects with {@link NoEngine}. */
export function connectLink(path: string, options: ConnectOptions): Promise<RemoteLink> {
  return new Promise((resolve, reject) => {
    const remote = new Remote(path, options);
    const limit = options.clock.after(options.limitMs ?? 3_000, () => {
      remote.end('it did not answer in time: it hangs, or something else listens there');
    });
    remote.onHello = () => {
      limit.cancel();
      resolve(remote);
    };
    void remote.ended.then((reason) => {
      limit.cancel();
      reject(new NoEngine(`No engine answers at ${path}: ${reason}.`));
    });
  });
}

const REFUSALS_KEPT = 20;

class Remote implements RemoteLink {
  readonly path: string;
  readonly ended: Promise<string>;
  onHello: () => void = () => undefined;
  readonly #socket: Socket;
  readonly #clock: LinkClock;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #hello: EngineHello | undefined;
  #last: { snapshot: Snapshot; journal: JournalHead; at: number } | undefined;
  /** What the socket refused never reached the engine, so its pictures do not mention it. */
  #refused: readonly CommandView[] = [];
  #reason: string | undefined;
  #conclude: (reason: string) => void = () => undefined;

  constructor(path: string, { role, clock, by, takeOver }: ConnectOptions) {
    this.path = path;
    this.#clock = clock;
    this.ended = new Promise((resolve) => {
      this.#conclude = resolve;
    });
    const read = createLineReader(LINE_MAX.fromEngine, {
      line: (text) => this.#line(text),
      tooLong: () => this.end('it said too much at once'),
    });
    this.#socket = connect(path, () => {
      const asks = { ...(by === undefined ? {} : { by }), ...(takeOver ? { takeOver } : {}) };
      this.#socket.write(lineText({ type: 'hello', protocol: LINK_PROTOCOL, role, ...asks }));
    });
    this.#socket.on('data', (chunk) => read(chunk as Buffer));
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.end(reasonOf(error)));
    this.#socket.on('close', () => this.end('the engine is gone without a word'));
  }

  get hello(): EngineHello {
    if (this.#hello === undefined) throw new NoEngine('The engine has not said hello yet.');
    return this.#hello;
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    if (this.#last !== undefined) listener(this.#last.snapshot);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  send(command: Command): void {
    if (this.#reason === undefined) this.#socket.write(lineText({ type: 'command', command }));
  }

  status(): RemoteStatus {
    const last = this.#last;
    return {
      state: this.#reason === undefined ? 'attached' : 'ended',
      snapshot: last?.snapshot,
      journal: last?.journal,
      ageMs: last === undefined ? undefined : this.#clock.mono() - last.at,
    };
  }

  close(): void {
    this.end('detached');
  }

  end(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#listeners.clear();
    this.#socket.destroy();
    this.#conclude(reason);
  }

  #line(text: string): void {
    if (this.#reason !== undefined) return;
    const line = readEngineLine(text);
    const last = this.#last;
    if (line === undefined) this.end('it said something this version does not understand');
    else if (line.type === 'unknown') return;
    else if (line.type === 'bye') this.end(line.reason);
    else if (line.type === 'hello') this.#greeted(line);
    else if (line.type === 'snapshot') this.#look(line.snapshot, line.journal);
    else {
      this.#refused = [...this.#refused, line.command].slice(-REFUSALS_KEPT);
      if (last !== undefined) this.#show(last.snapshot, last.journal, last.at);
    }
  }

  #greeted(hello: EngineHello): void {
    if (hello.protocol !== LINK_PROTOCOL) {
      this.end(
        `it speaks protocol ${hello.protocol}, this program ${LINK_PROTOCOL}; ` +
          remedyFor(hello.version),
      );
      return;
    }
    this.#hello = hello;
    this.onHello();
  }

  #look(picture: Snapshot, journal: JournalHead): void {
    const refusal = pictureRefusal(picture as unknown as Readonly<Record<string, unknown>>);
    if (refusal === undefined) this.#show(picture, journal, this.#clock.mono());
    else this.end(`${refusal}; ${remedyFor(this.#hello?.version ?? 'unknown')}`);
  }

  #show(picture: Snapshot, journal: JournalHead, at: number): void {
    const known = new Set(this.#refused.map((one) => one.id));
    const commands = [...picture.commands.filter((one) => !known.has(one.id)), ...this.#refused];
    const snapshot = this.#refused.length === 0 ? picture : { ...picture, commands };
    this.#last = { snapshot, journal, at };
    for (const listener of this.#listeners) listener(snapshot);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket, so none runs there',
  ECONNREFUSED: 'it was left behind by an engine that is gone; palm-oil-tui run starts one',
  EACCES: 'it belongs to another user',
  ENOTSOCK: 'this is not a socket',
};

const reasonOf = (error: NodeJS.ErrnoException): string =>
  REASONS[error.code ?? ''] ?? `the connection failed (${error.code ?? error.message})`;
