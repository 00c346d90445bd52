/**
 * What a simulated broker must do to be taken for the real one, item by item, and which test shows
 * it: a test of the simulator carries the numbers of its items at the start of its name.
 * Deliberately reads test names as text: an item without a test is a line without a name.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../sim/server', import.meta.url));

/** In the order of the checklist; the first is number 1. */
export const ITEMS: readonly string[] = [
  'TLS on one port, frames cut at any byte, many in one read',
  'answers carry the message id of the request, pushes none',
  'field 1 is left out of payloads; 2101 is empty',
  'payloads with field 1, without it, and none are accepted',
  'packed and unpacked lists are accepted',
  'a frame above the limit ends the connection',
  'an unknown payload type is UNSUPPORTED_MESSAGE, and the connection stays',
  'a payload that cannot be read is INVALID_REQUEST',
  'a heartbeat after 25 s of its own silence',
  'closed after 30 s without a frame; any frame counts',
  'closed after 30 s without application, heartbeats or not',
  'heartbeats are not answered',
  'unknown fields and error names in a test mode',
  'before the application only 2100, 2104 and 2173 are served',
  'wrong credentials, and an application that is not active',
  'a second application authorisation',
  'accounts of both environments with scope, on both hosts',
  'an account of the other environment cannot be routed to',
  'a second account authorisation, in the recorded words',
  'a request for an account that is not authorised here',
  'unknown and expired tokens',
  'a refresh gives a new pair once; the old refresh token is dead',
  'a refresh under open sessions pushes 2147 and 2164 for its accounts only',
  'logout: 2163, complete with 2164',
  'two connections may hold one account',
  'the OAuth pages: GET with query parameters, a code for 60 s and once',
  'a view-only token may not trade',
  'light symbols, disabled ones too, archived ones on request',
  'several symbols in one answer, unknown ids',
  'a connected conversion chain in order',
  'a changed symbol is pushed by its id',
  'the trader record: scale, leverage, currency, kind, version',
  'the subscription is answered before the snapshot of both sides',
  'later events carry only the side that changed',
  'prices x 100 000 on the tick grid',
  'a timestamp only for who asked for it',
  'a second subscription',
  'live bars without quotes',
  'the forming bar of each period, with bids only',
  'a new bar begins with the first bid; changed sides are counted',
  'no bar for a period without ticks',
  'unsubscribing ends the events',
  'subscriptions belong to the connection',
  'bars ascend; period outside, more or not',
  'a count counts back from the end and is never exceeded',
  'the beginning does not bound an answer with a count',
  'the forming bar is in it, a closed one within a second',
  'days open at 17:00 in New York, hours on the epoch',
  'ticks newest first as differences; a window of a week',
  'deals and orders newest first, in pages, by position without window',
  'cash flow needs a window of at most a week',
  '50 and 5 requests a second; the refusal and what is blocked',
  'a market order: accepted, then filled, both with the message id',
  'accepted with an empty CREATED position',
  'filled with an OPEN position without levels, one side of commission',
  'one protective order with both levels from the fill price',
  'absolute levels on a market order are refused',
  'distances off the grid are refused',
  'prices with too many decimals are refused',
  'volumes below, above and off the step are refused',
  'a closed market refuses while quotes may flow',
  'too little margin refuses',
  'a 2132 has the ids it knows and no others',
  'pending orders: accepted, triggered by their side, filled without message id',
  'a pending order is replaced under its own id',
  'a pending order is cancelled; an unknown one is refused',
  'a pending order expires',
  'levels are replaced together; what is not sent vanishes',
  'amends that change nothing or are wrong are refused whole',
  'a part is closed: accepted, filled, the protective order shrinks',
  'all is closed: accepted, filled, the protective order is cancelled',
  'a level is hit: one event of the server',
  'the balance changes with closing deals only',
  'a trailing stop moves with 2107 only',
  'reconcile shows positions, pending orders, protective ones on request',
  'ended orders in the list, closing ones with the levels of then',
  'details of an order with its deals; unknown ones are refused',
  'events go to everyone who authorised the account',
  'texts up to their limits, as they were sent',
  'open profit gross and net, with its scale',
  'margin of each volume, for buying and selling',
  'a netted account adds, reduces and turns around',
  'faults: lost, doubled, overtaking, closing, 2148, maintenance, single bytes',
];

export interface ShownItem {
  readonly number: number;
  readonly item: string;
  /** File and test name of each test that carries the number. */
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

const TEST = /^\s*(?:it|test)(?:\.each\([^)]*\))?\(\s*'((?:\d+ )+)((?:[^'\\]|\\.)*)'/gm;
/** Tests whose table stands between `each(` and the name. */
const EACH = /^\s*\]\)\(\s*'((?:\d+ )+)((?:[^'\\]|\\.)*)'/gm;

/** Every item with the tests that show it. */
export function conformance(): readonly ShownItem[] {
  const found = new Map<number, { file: string; name: string }[]>();
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.test.ts'));
  for (const file of files.sort()) {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    for (const [, numbers = '', name = ''] of [...text.matchAll(TEST), ...text.matchAll(EACH)]) {
      for (const number of numbers.trim().split(' ').map(Number)) {
        found.set(number, [...(found.get(number) ?? []), { file, name }]);
      }
    }
  }
  return ITEMS.map((item, index) => {
    const number = index + 1;
    return { number, item, tests: found.get(number) ?? [] };
  });
}

/** The table of docs/simulator-conformance.md. */
export function conformanceMarkdown(): string {
  const rows = conformance().map(({ number, item, tests }) => {
    const shown = tests.map(({ file, name }) => `${file}: ${name.replaceAll('|', '\\|')}`);
    return `| ${number} | ${item} | ${shown.join('<br>')} |`;
  });
  return ['| | what the simulated broker does | shown by |', '| --- | --- | --- |', ...rows].join(
    '\n',
  );
}
