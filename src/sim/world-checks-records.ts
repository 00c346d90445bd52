/**
 * Invariants about what is written down: every number is one (I14), every order explains itself
 * (I31). Deliberately reads records and requests only, as somebody with nothing but the journal.
 */
import type { JournalRecord, Side } from '../engine/index.ts';
import { type Checker, Ledger, recordsOf, type StepFacts } from './world-checks.ts';

export const recordCheckers = (): readonly Checker[] => [numbersSound(), ordersExplained()];

/** Where a value holds a number that is none, as a path. */
function unsound(value: unknown, path: string): string | undefined {
  if (typeof value === 'number') {
    const isWhole = !Number.isInteger(value) || Number.isSafeInteger(value);
    return Number.isFinite(value) && isWhole ? undefined : `${path} is ${value}`;
  }
  if (typeof value === 'string') {
    return /\b(NaN|Infinity|undefined)\b/.test(value) ? `${path} says ${value}` : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const key in value) {
    const part = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof part === 'boolean' || part === undefined) continue;
    const found = unsound(part, key);
    if (found !== undefined) return `${path}.${found}`;
  }
  return undefined;
}

/** What moves or counts money must be in whole units besides. */
const WHOLE = ['volume', 'stop', 'target', 'stopDistance', 'targetDistance'] as const;

const MONEY = ['account', 'positions', 'stats'] as const;

const numbersSound = (): Checker => ({
  id: 'I14',
  step: ({ records, sent, after, before }) => {
    for (const record of records) {
      const found = unsound(record, record.kind);
      if (found !== undefined) return found;
    }
    for (const request of sent) {
      const found = unsound(request, request.type) ?? broken(request);
      if (found !== undefined) return found;
    }
    if (after.core === before.core) return undefined;
    for (const part of MONEY) {
      // What is still the same object was looked at when it was new.
      if (after.core[part] === before.core[part]) continue;
      const found = unsound(after.core[part], `core.${part}`);
      if (found !== undefined) return found;
    }
    return undefined;
  },
});

function broken(request: StepFacts['sent'][number]): string | undefined {
  for (const name of WHOLE) {
    const value = (request as unknown as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && !Number.isSafeInteger(value)) {
      return `${request.type}.${name} is no whole number: ${String(value)}`;
    }
  }
  return undefined;
}

type DecisionRecord = Extract<JournalRecord, { kind: 'decision' }>;

/** Bar, indicators, quote, account and the news it needed stand in the decision itself. */
function isWhole({ decision }: DecisionRecord, side: Side): boolean {
  const { view, risk, terms, blockedBy } = decision;
  const needsNews = terms.config.sentimentMode === 'required';
  const known = [view.rsi, risk.bid, risk.ask, risk.equity, terms.account];
  return (
    blockedBy === undefined &&
    decision.side === side &&
    known.every((value) => value !== undefined) &&
    (!needsNews || view.sentiment !== undefined)
  );
}

/** An intent has a decision of its step that passed every gate; every request has its reason. */
function ordersExplained(): Checker {
  const explained = new Ledger<string>();
  return {
    id: 'I31',
    step: (facts) => {
      const decisions = recordsOf(facts, 'decision');
      for (const order of recordsOf(facts, 'order')) {
        if (order.reason === '')
          return `${order.clientOrderId} became ${order.to} without a reason`;
        if (order.to !== 'INTENT') continue;
        if (!decisions.some((one) => isWhole(one, order.side))) {
          return `${order.clientOrderId} is intended and no decision of its step explains it`;
        }
        explained.add(facts.input.seq, order.clientOrderId);
      }
      for (const { request, reason } of recordsOf(facts, 'request')) {
        if (reason === '') return `${request.requestId} has no reason`;
        explained.add(facts.input.seq, request.requestId);
      }
      const bare = facts.sent.find(({ requestId }) => !explained.values().includes(requestId));
      return bare === undefined ? undefined : `${bare.requestId} left and no record explains it`;
    },
    crash: (keptSeq) => explained.crash(keptSeq),
  };
}
