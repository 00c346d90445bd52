/**
 * The lines of the control socket: newline-delimited JSON, their bounds, and what a command may be.
 * Deliberately no socket and no state: both ends in link-socket.ts read and write with this file.
 */
import {
  BREAKERS,
  brokerOrderId,
  type Command,
  type CommandBody,
  type CommandId,
  type CommandView,
  clientOrderId,
  commandId,
  type Environment,
  type Mode,
  positionId,
  type Ruling,
  type Snapshot,
  seq,
  untrusted,
  volume,
} from '../engine/index.ts';

/**
 * Both ends must say the same number; it grows whenever a line changes its meaning. New kinds of
 * lines, and new fields that may be absent, leave it as it is: who does not know them skips them.
 */
export const LINK_PROTOCOL = 1;

/**
 * `operator`: one at a time, may send every command. `observer`: any number, may send none.
 * `panic`: any number, may only reduce risk; it is never kept out by a screen that is open.
 */
export type LinkRole = 'operator' | 'observer' | 'panic';
const ROLES: readonly LinkRole[] = ['operator', 'observer', 'panic'];

/** Bytes of one line, either way; a client has nothing long to say, a snapshot is about 20 KB. */
export const LINE_MAX = { fromClient: 16_384, fromEngine: 4_194_304 } as const;

/** What the engine says about itself before anything else. */
export interface EngineHello {
  readonly type: 'hello';
  readonly protocol: number;
  readonly version: string;
  readonly runId: string;
  readonly environment: Environment;
  readonly mode: Mode;
  /** Tells accounts apart without naming them: 12 hexadecimal digits of a SHA-256. */
  readonly account: string;
  /** What was granted, which may be less than was asked for. */
  readonly role: LinkRole;
  /** Who is the operator now, in words; absent when nobody is, or from an older engine. */
  readonly operator?: string;
}

/** Head of the journal: number of entries and hash of the last one. */
export interface JournalHead {
  readonly entries: number;
  readonly digest: string;
}

export type EngineLine =
  | EngineHello
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot; readonly journal: JournalHead }
  | { readonly type: 'refused'; readonly command: CommandView }
  | { readonly type: 'bye'; readonly reason: string };

export interface ClientHello {
  readonly type: 'hello';
  readonly protocol: number;
  readonly role: LinkRole;
  /** Operating-system user, for the audit and for who asks who the operator is. */
  readonly by?: string;
  /** Asks for the operator's place although another attached screen has it. */
  readonly takeOver?: boolean;
}

export type ClientLine = ClientHello | { readonly type: 'command'; readonly command: Command };

export const lineText = (line: EngineLine | ClientLine): string => `${JSON.stringify(line)}\n`;

/** Cuts bytes into lines; a line beyond the bound ends the reading for good (F122). */
export function createLineReader(
  maxBytes: number,
  on: { readonly line: (text: string) => void; readonly tooLong: () => void },
): (chunk: Uint8Array) => void {
  let held: Uint8Array[] = [];
  let size = 0;
  let isOver = false;
  return (chunk) => {
    let from = 0;
    while (!isOver && from < chunk.length) {
      const end = chunk.indexOf(10, from);
      const part = chunk.subarray(from, end === -1 ? chunk.length : end);
      size += part.length;
      if (size > maxBytes) {
        isOver = true;
        held = [];
        on.tooLong();
        return;
      }
      held.push(part);
      if (end === -1) return;
      const text = Buffer.concat(held).toString('utf8');
      held = [];
      size = 0;
      from = end + 1;
      on.line(text);
    }
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Fields) : undefined;
}

function parse(text: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The first line of a client; undefined when it is none. */
export function readHello(text: string): ClientHello | undefined {
  const fields = parse(text);
  if (fields?.['type'] !== 'hello') return undefined;
  const role = ROLES.find((one) => one === fields['role']);
  const protocol = fields['protocol'];
  if (role === undefined || !Number.isSafeInteger(protocol)) return undefined;
  const by = textOf(fields['by'], 1, 64);
  return {
    type: 'hello',
    protocol: protocol as number,
    role,
    ...(by === undefined ? {} : { by }),
    ...(fields['takeOver'] === true ? { takeOver: true } : {}),
  };
}

export type ReadCommand =
  | { readonly status: 'ok'; readonly command: Command }
  | { readonly status: 'invalid'; readonly id: CommandId; readonly reason: string };

/** A later line of a client: its command, or why it is none; undefined when it is not of ours. */
export function readCommand(text: string): ReadCommand | undefined {
  const fields = parse(text);
  const given = fields?.['type'] === 'command' ? fieldsOf(fields['command']) : undefined;
  if (given === undefined) return undefined;
  const id = textOf(given['id'], 1, 100);
  if (id === undefined || !/^[\x21-\x7e]+$/.test(id)) return undefined;
  const by = textOf(given['by'], 1, 64);
  const body = bodyOf(fieldsOf(given['body']));
  if (by === undefined || body === undefined) {
    return {
      status: 'invalid',
      id: commandId(id),
      reason: 'this is not a command the engine knows',
    };
  }
  // The role is what the connection was granted, never what a line says about itself.
  return {
    status: 'ok',
    command: { id: commandId(id), role: 'operator', by: untrusted(by), body },
  };
}

function textOf(value: unknown, least: number, most: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.length >= least && value.length <= most ? value : undefined;
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

type Readers = {
  readonly [T in CommandBody['type']]: (
    fields: Fields,
  ) => Extract<CommandBody, { type: T }> | undefined;
};

/** Every body the engine understands; what is not in here cannot come in (F122). */
const BODIES: Readers = {
  setTradingState: (fields) => {
    const states = ['active', 'reducing', 'halted'] as const;
    const state = states.find((one) => one === fields['state']);
    return state === undefined ? undefined : { type: 'setTradingState', state };
  },
  closePosition: (fields) => {
    const id = textOf(fields['positionId'], 1, 32);
    const seen = fieldsOf(fields['seen']);
    if (id === undefined || !isCount(seen?.['seq']) || !isCount(seen['volume'])) return undefined;
    return {
      type: 'closePosition',
      positionId: positionId(id),
      seen: { seq: seq(seen['seq']), volume: volume(seen['volume']) },
    };
  },
  cancelOrder: (fields) => {
    const id = textOf(fields['brokerOrderId'], 1, 32);
    return id === undefined ? undefined : { type: 'cancelOrder', brokerOrderId: brokerOrderId(id) };
  },
  verdict: (fields) => {
    const reason = textOf(fields['reason'], 0, 500);
    const ruling = rulingOf(fieldsOf(fields['ruling']));
    if (reason === undefined || ruling === undefined) return undefined;
    return { type: 'verdict', ruling, reason: untrusted(reason) };
  },
  flatten: () => ({ type: 'flatten' }),
  kill: ({ flatten }) => (typeof flatten === 'boolean' ? { type: 'kill', flatten } : undefined),
  resetBreaker: (fields) => {
    const breaker = BREAKERS.find((one) => one === fields['breaker']);
    const reason = textOf(fields['reason'], 0, 500);
    if (breaker === undefined || reason === undefined) return undefined;
    return { type: 'resetBreaker', breaker, reason: untrusted(reason) };
  },
  // What a line says about the source's answer is not read: only the source knows it.
  refreshSentiment: () => ({ type: 'refreshSentiment' }),
  arm: (fields) => {
    const account = textOf(fields['account'], 1, 64);
    return account === undefined ? undefined : { type: 'arm', account };
  },
  disarm: () => ({ type: 'disarm' }),
  // Only the socket itself says so, when a hello asked for it.
  takeOver: () => undefined,
};

function rulingOf(fields: Fields | undefined): Ruling | undefined {
  const order = textOf(fields?.['orderId'], 1, 50);
  const position = textOf(fields?.['positionId'], 1, 32);
  if (fields?.['type'] === 'absent' && order !== undefined) {
    return { type: 'absent', orderId: clientOrderId(order) };
  }
  const adopts = fields?.['type'] === 'adopt' && position !== undefined;
  return adopts ? { type: 'adopt', positionId: positionId(position) } : undefined;
}

function bodyOf(fields: Fields | undefined): CommandBody | undefined {
  const type = fields?.['type'];
  if (fields === undefined || typeof type !== 'string' || !Object.hasOwn(BODIES, type)) {
    return undefined;
  }
  return BODIES[type as CommandBody['type']](fields);
}

const MAY_ADD: ReadonlySet<CommandBody['type']> = new Set([
  'resetBreaker',
  'refreshSentiment',
  'verdict',
  'arm',
  'takeOver',
] as const);

/** True for commands that can only make the account safer: what the role `panic` may send. */
export const onlyReduces = (body: CommandBody): boolean =>
  body.type === 'setTradingState' ? body.state !== 'active' : !MAY_ADD.has(body.type);

/** Why the granted role may not send this; undefined when it may. */
export function roleRefusal(role: LinkRole, body: CommandBody): string | undefined {
  if (role === 'observer') return 'observers may look, not command';
  if (role === 'panic' && !onlyReduces(body)) return 'a panic connection may only reduce risk';
  return undefined;
}

/** A line of a kind that only a later engine knows: it is skipped. */
export interface UnknownLine {
  readonly type: 'unknown';
}

const KINDS: ReadonlySet<unknown> = new Set(['hello', 'snapshot', 'refused', 'bye']);

/**
 * A line of the engine; undefined when it is none. Of a snapshot only the frame is looked at here:
 * whether its picture can be shown is for link-skew.ts to say.
 */
export function readEngineLine(text: string): EngineLine | UnknownLine | undefined {
  const fields = parse(text);
  const { type } = fields ?? {};
  if (fields === undefined) return undefined;
  if (typeof type === 'string' && !KINDS.has(type)) return { type: 'unknown' };
  if (type === 'hello') return isHello(fields) ? (fields as unknown as EngineHello) : undefined;
  if (type === 'bye') return { type, reason: textOf(fields['reason'], 0, 500) ?? 'no reason' };
  const isWhole =
    type === 'snapshot'
      ? fieldsOf(fields['snapshot']) !== undefined && fieldsOf(fields['journal']) !== undefined
      : type === 'refused' && typeof fieldsOf(fields['command'])?.['id'] === 'string';
  return isWhole ? (fields as unknown as EngineLine) : undefined;
}

function isHello(fields: Fields): boolean {
  const names = ['version', 'runId', 'environment', 'mode', 'account'];
  return (
    Number.isSafeInteger(fields['protocol']) &&
    ROLES.some((role) => role === fields['role']) &&
    names.every((name) => textOf(fields[name], 0, 200) !== undefined)
  );
}
