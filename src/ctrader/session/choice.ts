/**
 * Which account and which instrument: exactly what was configured, or a sentence that says why not.
 * Deliberately never picks "the first" or "the nearest" (F10 F79); near names are only suggestions.
 */
import type { Environment } from '../../engine/index.ts';
import type { ProtoOACtidTraderAccount, ProtoOALightSymbol } from '../wire/schema.gen.ts';

export type Choice<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

const refuse = (reason: string): { readonly ok: false; readonly reason: string } => ({
  ok: false,
  reason,
});

/** The configured account, if the token opens it and it belongs to the environment (F10). */
export function chooseAccount(
  accounts: readonly ProtoOACtidTraderAccount[],
  wanted: { readonly accountId: string; readonly environment: Environment },
): Choice<ProtoOACtidTraderAccount> {
  const { accountId, environment } = wanted;
  const found = accounts.filter((each) => each.ctidTraderAccountId === accountId);
  const account = found[0];
  if (account === undefined || found.length > 1) {
    const byLogin = accounts.find((each) => each.traderLogin === accountId);
    if (byLogin !== undefined) {
      const id = byLogin.ctidTraderAccountId;
      return refuse(`${accountId} is the login of an account; its account id is ${id}`);
    }
    const count = accounts.length;
    return refuse(`the token opens ${count} account(s), and ${accountId} is not among them`);
  }
  if (account.isLive === undefined) {
    return refuse('the broker does not say whether the account is live');
  }
  if (account.isLive !== (environment === 'live')) {
    const kind = account.isLive ? 'a live account' : 'not a live account';
    return refuse(`account ${accountId} is ${kind}, but the environment is ${environment}`);
  }
  return { ok: true, value: account };
}

const SUGGESTIONS = 5;
const DISTANCE_MAX = 2;

/**
 * The instrument with exactly the configured name, or the first alias that exists; letter case does
 * not matter unless it is needed to tell two apart. Anything else halts with the closest names.
 */
export function chooseInstrument(
  symbols: readonly ProtoOALightSymbol[],
  name: string,
  aliases: readonly string[],
): Choice<ProtoOALightSymbol> {
  for (const wanted of [name, ...aliases]) {
    const same = symbols.filter((each) => fold(each.symbolName) === fold(wanted));
    const enabled = same.filter((each) => each.enabled !== false);
    const exact = enabled.filter((each) => each.symbolName === wanted);
    const only = exact.length === 1 ? exact[0] : enabled.length === 1 ? enabled[0] : undefined;
    if (only !== undefined) return { ok: true, value: only };
    if (enabled.length > 1) {
      return refuse(`${wanted} names ${enabled.length} instruments of this broker`);
    }
    if (same.length > 0) return refuse(`${wanted} is listed, but disabled for this account`);
  }
  const near = suggestions(symbols, [name, ...aliases]);
  const hint = near.length === 0 ? 'nothing similar is listed' : `similar: ${near.join(', ')}`;
  return refuse(`this broker lists no instrument named ${name}; ${hint}`);
}

const fold = (text: string | undefined): string => (text ?? '').trim().toUpperCase();

/** Names worth looking at: parts of names, small misspellings, words of the description. */
function suggestions(
  symbols: readonly ProtoOALightSymbol[],
  wanted: readonly string[],
): readonly string[] {
  const words = new Set(wanted.flatMap((each) => fold(each).split(/[^A-Z0-9]+/)).filter(Boolean));
  const rated = symbols
    .filter((each) => each.enabled !== false && each.symbolName !== undefined)
    .map((each) => ({ name: each.symbolName ?? '', rating: rate(each, words) }))
    .filter(({ rating }) => rating > 0)
    .sort((a, b) => b.rating - a.rating || (a.name < b.name ? -1 : 1));
  return rated.slice(0, SUGGESTIONS).map(({ name }) => name);
}

function rate(symbol: ProtoOALightSymbol, words: ReadonlySet<string>): number {
  const name = fold(symbol.symbolName);
  const described = new Set(fold(symbol.description).split(/[^A-Z0-9]+/));
  let best = 0;
  for (const word of words) {
    if (name.startsWith(word)) best = Math.max(best, 4);
    else if (word.length > 2 && name.includes(word)) best = Math.max(best, 3);
    else if (described.has(word)) best = Math.max(best, 2);
    else if (word.length > 2 && distance(name, word) <= DISTANCE_MAX) best = Math.max(best, 1);
  }
  return best;
}

/** Edit distance, given up above the largest one of interest. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > DISTANCE_MAX) return DISTANCE_MAX + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? DISTANCE_MAX + 1;
}
