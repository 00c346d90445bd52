/**
 * What two versions of the program need of each other to talk over the socket: the same protocol
 * number, and a picture that holds everything this version shows.
 * Deliberately no negotiation: what only one side knows is left out, and what cannot be left out
 * is one sentence with the remedy.
 */
import type { Snapshot } from '../engine/index.ts';

type Always = {
  [K in keyof Snapshot]-?: undefined extends Snapshot[K] ? never : K;
}[keyof Snapshot];

/** Without any of these there is nothing to draw; what may be absent is not in here. */
const NEEDED: Readonly<Record<Always, true>> = {
  version: true,
  seq: true,
  wall: true,
  runId: true,
  runtimeMs: true,
  productVersion: true,
  environment: true,
  mode: true,
  tradingState: true,
  arming: true,
  link: true,
  session: true,
  bars: true,
  indicators: true,
  sentiment: true,
  positions: true,
  orders: true,
  reconciliation: true,
  breakers: true,
  entriesAllowed: true,
  decisions: true,
  dayDecisions: true,
  activity: true,
  commands: true,
  marks: true,
  stats: true,
  counters: true,
  digest: true,
};

/** The form of the picture; it grows when a field changes its meaning. */
const PICTURE = 1;

/** Why this version cannot read that picture; undefined when it can. */
export function pictureRefusal(picture: Readonly<Record<string, unknown>>): string | undefined {
  const form = picture['version'];
  if (form !== PICTURE) return `its picture has form ${String(form).slice(0, 20)}, not ${PICTURE}`;
  const missing = Object.keys(NEEDED).find((name) => picture[name] === undefined);
  return missing === undefined ? undefined : `its picture has no "${missing}"`;
}

/** What to do about an engine of another version: run the one it was started with. */
export const remedyFor = (version: string): string =>
  `use its own version for it: npx palm-oil-tui@${version}, or restart it with this one`;

/** Said once when both can talk; undefined between equal versions. */
export const skewNote = (engine: string, own: string): string | undefined =>
  engine === own
    ? undefined
    : `The engine is version ${engine}, this program ${own}: what only one of them knows is left ` +
      'out.';
