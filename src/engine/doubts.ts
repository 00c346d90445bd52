/**
 * What is done with a message of the broker that cannot be true: it changes nothing, the journal
 * says so, and the broker is asked for all of it (F14).
 * Deliberately repairs nothing: a number that was wrong is not guessed.
 */
import { doubtTrades } from './accounting.ts';
import { denialOf } from './denials.ts';
import type { BrokerEvent, Event } from './event.ts';
import { askReconcile } from './inquiry.ts';
import { ordersLostLink } from './orders.ts';
import { absurdityOf } from './plausibility.ts';
import { trip } from './risk/breakers.ts';
import { alert, record, type Turn, tell } from './turn.ts';
import { untrusted } from './units.ts';

/**
 * What a message that is not believed leaves behind. `trades`: it may have been a fill, so what
 * flies is UNKNOWN and nothing enters until a whole look has come. `halt`: a person must look.
 * `clock`: whoever says so knows no time.
 */
type Rest = 'trades' | 'pass' | 'halt' | 'clock' | 'nothing';

const RESTS: Readonly<Partial<Record<Event['type'], Rest>>> = {
  link: 'nothing',
  barsLoaded: 'nothing',
  instrument: 'halt',
  account: 'trades',
  orderUpdate: 'trades',
  deal: 'trades',
  protection: 'trades',
  brokerSnapshot: 'pass',
  clockSkew: 'clock',
  brokerPnl: 'nothing',
  shadow: 'nothing',
};

/** The input to apply: the message itself, a void one in its place, or nothing. */
export function believed(turn: Turn, event: Event): Event | undefined {
  const rest = RESTS[event.type];
  if (rest === undefined) return event;
  const told = event as BrokerEvent;
  const absurd = absurdityOf(told, turn.at.wall);
  const why = absurd ?? denialOf(told, turn.core);
  if (why === undefined) return event;
  const words = absurd === undefined ? 'contradicts what is known' : 'makes no sense';
  const text = `a message of the broker (${event.type}) ${words}: ${why}`;
  record(turn, { kind: 'note', text: `${text} (F14)` });
  if (rest === 'pass' && event.type === 'brokerSnapshot') {
    return { ...event, pass: { complete: false, reason: untrusted(why) } };
  }
  tell(turn, 'system', 'bad', text);
  if (rest === 'nothing') return undefined;
  alert(turn, 'warning', text);
  if (rest === 'halt') trip(turn, 'INTEGRITY', text);
  else if (rest === 'clock') trip(turn, 'CLOCK', text);
  else doubt(turn);
  return undefined;
}

/** It may have been a fill, and nobody may enter before the broker was asked. */
function doubt(turn: Turn): void {
  ordersLostLink(turn, 'a message about trades could not be believed');
  doubtTrades(turn);
  const { state } = turn.core.link;
  if (state === 'READY' || state === 'DEGRADED') askReconcile(turn);
}
