// A stage for the session machine: plays inputs at a hand-moved time and keeps a readable
// transcript. It has no line, codec or clock; what the machine wants written is answered by the
// test.

import { type SessionMachine, sessionMachine } from '../../../src/ctrader/session/machine.ts';
import type {
  SessionConfig,
  SessionInput,
  SessionOutput,
  SessionState,
} from '../../../src/ctrader/session/state.ts';
import { draftName } from '../../../src/ctrader/session/state.ts';
import { TRADING_ENCODERS } from '../../../src/ctrader/trading.ts';
import type { WireMessage } from '../../../src/ctrader/wire/codec.ts';
import type { WireName } from '../../../src/ctrader/wire/schema.gen.ts';
import type {
  Account,
  BrokerEvent,
  BrokerRequest,
  BrokerSnapshotEvent,
  Deal,
  InstrumentId,
  LinkState,
  OrderUpdate,
  RequestFailedEvent,
} from '../../../src/engine/index.ts';
import {
  clientOrderId,
  instrumentId,
  mono,
  positionId,
  price,
  volume,
  wall,
} from '../../../src/engine/index.ts';
import { ACCOUNT_ID, nameOf, SYMBOL_ID, spot, USUAL } from '../broker-words.ts';

/** Monday 2023-11-20 03:00 UTC: 11:00 in Kuala Lumpur, inside the session. */
export const START_WALL = 1_700_449_200_000;
export const FCPO: InstrumentId = instrumentId(SYMBOL_ID);

export const CONFIG: SessionConfig = {
  accountId: ACCOUNT_ID,
  environment: 'demo',
  instrumentName: 'FCPO',
  instrumentAliases: ['PALMOIL'],
  encoders: TRADING_ENCODERS,
};

type Wish = SessionInput extends infer I ? (I extends unknown ? Omit<I, 'at'> : never) : never;

interface Written {
  readonly name: WireName;
  readonly id: string | undefined;
}

export interface Stage {
  /**
   * Plays one input now; a `close` of the machine is answered with `closed`, as the driver does.
   */
  put(wish: Wish): readonly SessionOutput[];
  /** The other side says something. */
  hear(message: WireMessage): readonly SessionOutput[];
  /** Time passes in quarter seconds, with a tick at each. */
  wait(ms: number): void;
  /** Answers every written question in the usual way until there is none left. */
  answer(except?: readonly WireName[]): void;
  /** From the start to SYNCING with everything known, as far as the usual answers carry. */
  login(): void;
  /** As `login`, then subscription and first quote: READY. */
  ready(): void;
  readonly now: () => number;
  readonly state: () => SessionState;
  readonly link: () => LinkState;
  readonly events: BrokerEvent[];
  readonly notes: string[];
  readonly written: Written[];
  readonly transcript: () => string;
}

export function stage(config: SessionConfig = CONFIG, random = 0.5, answers = USUAL): Stage {
  const machine: SessionMachine = sessionMachine(config);
  let state = machine.initial;
  let now = 0;
  const lines: string[] = [];
  const events: BrokerEvent[] = [];
  const notes: string[] = [];
  const written: Written[] = [];
  const unanswered: Written[] = [];

  const keep = (output: SessionOutput): string => {
    if (output.type === 'event') {
      events.push(output.event);
      return `event ${eventLine(output.event)}`;
    }
    if (output.type === 'note') notes.push(output.text);
    if (output.type === 'write') {
      const entry = { name: draftName(output.draft), id: output.id };
      written.push(entry);
      unanswered.push(entry);
      return `write ${entry.name.replace(/^ProtoOA/, '')} ${entry.id ?? '-'}`;
    }
    if (output.type === 'transmit') {
      written.push({ name: output.message.name, id: output.id });
      const fields = JSON.stringify(output.message.fields);
      return `write ${nameOf(output.message)} ${output.id} ${fields}`;
    }
    return 'text' in output
      ? `note  ${output.text}`
      : `${output.type}${'reason' in output ? ` ${output.reason}` : ''}`;
  };

  const put = (wish: Wish): readonly SessionOutput[] => {
    const at = { mono: mono(now), wall: wall(START_WALL + now) };
    const [next, outputs] = machine.step(state, { ...wish, at } as SessionInput);
    state = next;
    if (wish.type !== 'tick' || outputs.length > 0) lines.push(`${stamp(now)} ${inputLine(wish)}`);
    for (const output of outputs) lines.push(`           > ${keep(output)}`);
    const close = outputs.find((each) => each.type === 'close');
    if (close !== undefined) {
      unanswered.length = 0;
      put({ type: 'closed', reason: close.reason, random });
    }
    return outputs;
  };
  const hear = (message: WireMessage) => put({ type: 'message', message });
  const answer = (except: readonly WireName[] = []) => {
    for (let next = unanswered.shift(); next !== undefined; next = unanswered.shift()) {
      const usual = answers[next.name];
      if (usual !== undefined && !except.includes(next.name)) hear(usual(next.id));
    }
  };
  const login = () => {
    put({ type: 'start' });
    put({ type: 'opened' });
    answer();
  };
  return {
    put,
    hear,
    answer,
    login,
    wait(ms) {
      for (let left = ms; left > 0; left -= 250) {
        now += Math.min(250, left);
        put({ type: 'tick', backlog: 0 });
      }
    },
    ready() {
      login();
      put({ type: 'subscribe', instrumentId: FCPO });
      answer();
      hear(spot(4_000, 4_001));
    },
    now: () => now,
    state: () => state,
    link: () => state.link,
    events,
    notes,
    written,
    transcript: () => `${lines.join('\n')}\n`,
  };
}

const stamp = (now: number): string => (now / 1_000).toFixed(3).padStart(8);

function inputLine(wish: Wish): string {
  if (wish.type === 'message') {
    const { message } = wish;
    if (message.kind === 'unknown') return `in    unknown type ${message.payloadType}`;
    if (message.kind === 'undecodable') return `in    undecodable (${message.reason})`;
    return `in    ${nameOf(message)} ${message.clientMsgId ?? '-'}${detail(message.fields)}`;
  }
  if (wish.type === 'send') return `send  ${wish.request.type} ${wish.request.requestId}`;
  if (wish.type === 'query') return `query ${JSON.stringify(wish.query)}`;
  return wish.type === 'closed' ? `closed ${wish.reason}` : wish.type;
}

function detail(fields: object): string {
  const code = 'errorCode' in fields ? ` ${String(fields.errorCode)}` : '';
  const bid = 'bid' in fields ? ` bid ${String(fields.bid)}` : '';
  const ask = 'ask' in fields ? ` ask ${String(fields.ask)}` : '';
  return `${code}${bid}${ask}`;
}

function eventLine(event: BrokerEvent): string {
  switch (event.type) {
    case 'link':
      return [`link ${event.state} g${event.generation}`, event.reason].filter(Boolean).join(': ');
    case 'quote':
      return `quote ${event.bid ?? '-'}/${event.ask ?? '-'}${event.initial ? ' initial' : ''}`;
    case 'instrument':
      return `instrument ${event.instrument.name} ${event.instrument.sessions.length} sessions`;
    case 'account':
      return accountLine(event.account);
    case 'orderUpdate':
      return orderLine(event.update);
    case 'deal':
      return dealLine(event.deal);
    case 'protection':
      return `protection ${event.positionId} ${levels(event.stop, event.target)}`;
    case 'brokerSnapshot':
      return `brokerSnapshot ${passLine(event.pass)}`;
    case 'requestFailed':
      return failureLine(event);
    case 'barsLoaded':
      return `barsLoaded ${event.bars.length}`;
    case 'sent':
      return `sent ${event.requestId}`;
    case 'clockSkew':
      return `clockSkew ${event.skewMs}`;
    case 'conversion':
      return `conversion ${event.from} ${event.to} ${event.steps.length} steps`;
    case 'shadow':
      return 'shadow';
    case 'brokerPnl':
      return `brokerPnl ${event.positions.length}`;
  }
}

const accountLine = ({ login, balance, balanceVersion, access }: Account): string =>
  `account ${login} ${balance} v${balanceVersion} ${access}`;

const orderLine = ({ brokerOrderId, status, executed, volume: whole }: OrderUpdate): string =>
  `orderUpdate ${brokerOrderId} ${status} ${executed}/${whole}`;

const dealLine = ({ id, side, filled, price: at, cause }: Deal): string =>
  `deal ${id} ${side} ${filled} @ ${at} ${cause}`;

const levels = (stop: number | undefined, target: number | undefined): string =>
  `stop ${stop ?? '-'} target ${target ?? '-'}`;

const passLine = (pass: BrokerSnapshotEvent['pass']): string =>
  pass.complete
    ? `${pass.snapshot.positions.length} positions ${pass.snapshot.orders.length} orders`
    : `void: ${pass.reason}`;

const failureLine = ({ requestId, definitive, code }: RequestFailedEvent): string =>
  `requestFailed ${requestId} ${definitive ? 'definitive' : 'ambiguous'} ${code}`;

export const ENTRY: BrokerRequest = {
  type: 'submitOrder',
  requestId: 'r-1',
  clientOrderId: clientOrderId('c-1'),
  label: 'palm:c-1',
  instrumentId: FCPO,
  side: 'buy',
  volume: volume(2_500),
  stopDistance: price(60 * 100_000),
  targetDistance: price(80 * 100_000),
};

export const CLOSE: BrokerRequest = {
  type: 'closePosition',
  requestId: 'r-2',
  positionId: positionId('2001'),
  volume: volume(2_500),
};
