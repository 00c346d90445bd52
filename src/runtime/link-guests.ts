/**
 * The clients of a control socket as the engine sees them: hello, role, pace, commands, deadlines.
 * Deliberately knows no path and opens nothing: link-socket.ts hands in what was accepted.
 */
import type { Duplex } from 'node:stream';
import {
  commandId,
  type Environment,
  type Mode,
  type Snapshot,
  untrusted,
} from '../engine/index.ts';
import type { Clock, EngineLink, Timer } from '../engine/ports.ts';
import {
  type ClientHello,
  createLineReader,
  type EngineLine,
  type JournalHead,
  LINE_MAX,
  LINK_PROTOCOL,
  type LinkRole,
  lineText,
  type ReadCommand,
  readCommand,
  readHello,
  roleRefusal,
} from './link-lines.ts';
import { accountFingerprint } from './link-place.ts';

/** Bounds of one server (I27, F122); times in milliseconds. */
export const LINK_LIMITS = {
  clients: 64,
  helloMs: 5_000,
  /** A client that takes nothing for so long is let go; until then it gets the latest only. */
  slowMs: 10_000,
  /** Commands per second and client: more than a person, a script or a key held down needs. */
  commandsPerSecond: 20,
  /** Bytes of answers that may wait for a client. */
  waitingBytes: 1_048_576,
} as const;

/** How long a farewell may take. */
const BYE_MS = 500;

export type LinkClock = Pick<Clock, 'mono' | 'after'>;

export interface GuestParts {
  readonly link: EngineLink;
  /** Real time. */
  readonly clock: LinkClock;
  readonly facts: {
    readonly version: string;
    readonly runId: string;
    readonly environment: Environment;
    readonly mode: Mode;
    readonly account: string;
  };
  readonly journal: () => JournalHead;
  /** True while a screen in the engine's own process is the operator. */
  readonly hasOperator: () => boolean;
  /** For the log: who came, who was let go and why. */
  readonly note: (text: string) => void;
}

/** One text for all who get the same picture. */
interface Printed {
  readonly snapshot: Snapshot;
  readonly text: string;
}

/** Everybody who is connected, and the one operator among them. */
export class Hall {
  readonly parts: GuestParts;
  readonly #guests = new Set<Guest>();
  #printed: Printed | undefined;
  #takenOver = 0;
  #sweeper: Timer | undefined;

  constructor(parts: GuestParts) {
    this.parts = parts;
  }

  get size(): number {
    return this.#guests.size;
  }

  /** True while an operator is attached. */
  hasOperator(): boolean {
    return [...this.#guests].some((one) => one.role === 'operator');
  }

  enter(socket: Duplex): void {
    this.#guests.add(new Guest(socket, this));
    this.#sweeper ??= this.parts.clock.after(1_000, () => this.#sweep());
  }

  left(guest: Guest): void {
    this.#guests.delete(guest);
  }

  /** Who is the operator now, in words; undefined when nobody is. */
  operator(): string | undefined {
    if (this.parts.hasOperator()) return "the engine's own screen";
    const seated = [...this.#guests].find((one) => one.role === 'operator');
    return seated && `an attached screen (${seated.by ?? 'of nobody known'})`;
  }

  /**
   * Asking for the operator's place gives a seat to watch from while somebody else holds it, unless
   * it is asked for as a take-over: then the attached screen that has it is let go, and the journal
   * keeps who took it. The engine's own screen keeps its place.
   */
  grant({ role: asked, takeOver = false, by = 'unknown' }: ClientHello): LinkRole {
    const before = this.operator();
    if (asked !== 'operator' || before === undefined) return asked;
    if (!takeOver || this.parts.hasOperator()) return 'observer';
    const seated = [...this.#guests].filter((one) => one.role === 'operator');
    for (const one of seated) one.dismiss(`the operator's place was taken over by ${by}`);
    this.#takenOver += 1;
    this.parts.link.send({
      id: commandId(`take-over-${this.parts.facts.runId}-${this.#takenOver}`),
      role: 'operator',
      by: untrusted(by),
      body: { type: 'takeOver', from: untrusted(before) },
    });
    return asked;
  }

  print(snapshot: Snapshot): string {
    if (this.#printed?.snapshot !== snapshot) {
      const journal = this.parts.journal();
      this.#printed = { snapshot, text: lineText({ type: 'snapshot', snapshot, journal }) };
    }
    return this.#printed.text;
  }

  dismiss(reason: string): void {
    this.#sweeper?.cancel();
    for (const guest of [...this.#guests]) guest.dismiss(reason);
  }

  #sweep(): void {
    this.#sweeper = undefined;
    for (const guest of [...this.#guests]) guest.check(this.parts.clock.mono());
    if (this.#guests.size === 0) return;
    this.#sweeper = this.parts.clock.after(1_000, () => this.#sweep());
  }
}

/** One connection: says hello, gets pictures at its own pace, may send commands. */
class Guest {
  readonly #socket: Duplex;
  readonly #hall: Hall;
  readonly #since: number;
  role: LinkRole | undefined;
  by: string | undefined;
  #unsubscribe: () => void = () => undefined;
  /** The newest picture that has not been written yet: latest wins. */
  #waiting: Snapshot | undefined;
  #writingSince: number | undefined;
  #tokens: number = LINK_LIMITS.commandsPerSecond;

  constructor(socket: Duplex, hall: Hall) {
    this.#socket = socket;
    this.#hall = hall;
    this.#since = hall.parts.clock.mono();
    const read = createLineReader(LINE_MAX.fromClient, {
      line: (text) => this.#line(text),
      tooLong: () => this.dismiss('a line was too long'),
    });
    socket.on('data', (chunk) => read(chunk as Buffer));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#gone());
  }

  /** Once a second: deadlines, and new tokens for commands. */
  check(now: number): void {
    this.#tokens = LINK_LIMITS.commandsPerSecond;
    if (this.role === undefined && now - this.#since >= LINK_LIMITS.helloMs) {
      this.dismiss('no hello within five seconds');
    } else if (this.#writingSince !== undefined && now - this.#writingSince >= LINK_LIMITS.slowMs) {
      this.#hall.parts.note('a screen took nothing for ten seconds and was let go');
      this.#socket.destroy();
    }
  }

  dismiss(reason: string): void {
    this.#unsubscribe();
    this.#waiting = undefined;
    this.#hall.left(this);
    this.#socket.removeAllListeners('data');
    this.#socket.resume();
    if (this.#socket.destroyed) return;
    // Who does not read must not keep the server from closing.
    const limit = this.#hall.parts.clock.after(BYE_MS, () => this.#socket.destroy());
    this.#socket.once('close', () => limit.cancel());
    this.#socket.end(lineText({ type: 'bye', reason }), () => this.#socket.destroy());
  }

  #gone(): void {
    this.#unsubscribe();
    this.#waiting = undefined;
    this.#hall.left(this);
    if (this.role === 'operator') this.#hall.parts.note('the operator left');
  }

  #line(text: string): void {
    if (this.#socket.destroyed) return;
    if (this.role === undefined) this.#greet(text);
    else this.#obey(text, this.role);
  }

  #greet(text: string): void {
    const hello = readHello(text);
    if (hello === undefined) {
      this.dismiss('the first line was no hello');
      return;
    }
    const { facts, link, note } = this.#hall.parts;
    const { version, runId, environment, mode } = facts;
    const isKnown = hello.protocol === LINK_PROTOCOL;
    const role = isKnown ? this.#hall.grant(hello) : 'observer';
    const operator = this.#hall.operator();
    const account = accountFingerprint(environment, facts.account);
    const about = { protocol: LINK_PROTOCOL, version, runId, environment, mode, account, role };
    this.#say({ type: 'hello', ...about, ...(operator === undefined ? {} : { operator }) });
    if (!isKnown) {
      this.dismiss(`this engine speaks protocol ${LINK_PROTOCOL}, not ${hello.protocol}`);
      return;
    }
    this.role = role;
    this.by = hello.by;
    if (role !== 'observer') note(`attached: ${role}`);
    this.#unsubscribe = link.subscribe((snapshot) => this.#show(snapshot));
  }

  #show(snapshot: Snapshot): void {
    this.#waiting = snapshot;
    if (this.#writingSince === undefined) this.#write();
  }

  #write(): void {
    const snapshot = this.#waiting;
    this.#waiting = undefined;
    this.#writingSince = undefined;
    if (snapshot === undefined || this.#socket.destroyed) return;
    this.#writingSince = this.#hall.parts.clock.mono();
    this.#socket.write(this.#hall.print(snapshot), () => this.#write());
  }

  #obey(text: string, role: LinkRole): void {
    const read = readCommand(text);
    if (read === undefined) {
      this.dismiss('a line was not a command');
      return;
    }
    const refusal = this.#refusal(read, role);
    if (refusal !== undefined) {
      const [id, type] =
        read.status === 'ok' ? [read.command.id, read.command.body.type] : [read.id, 'unknown'];
      this.#say({ type: 'refused', command: { id, type, status: 'refused', reason: refusal } });
    } else if (read.status === 'ok') {
      this.#tokens -= 1;
      this.#hall.parts.link.send(read.command);
    }
  }

  #refusal(read: ReadCommand, role: LinkRole): string | undefined {
    if (read.status === 'invalid') return read.reason;
    const { body } = read.command;
    return roleRefusal(role, body) ?? (this.#tokens <= 0 ? 'too many commands at once' : undefined);
  }

  #say(line: EngineLine): void {
    if (this.#socket.writableLength > LINK_LIMITS.waitingBytes) this.#socket.destroy();
    else this.#socket.write(lineText(line));
  }
}
