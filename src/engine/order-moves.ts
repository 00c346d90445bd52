/**
 * The state machine of an entry order, T01-T15, as a table.
 * Deliberately moves nothing: what does is in `orders.ts`.
 */
import type { OrderState } from './model.ts';

interface Transition {
  readonly id: string;
  readonly from: readonly OrderState[];
  readonly to: readonly OrderState[];
}

const FLYING = ['SENT', 'ACCEPTED', 'PARTIAL'] as const;
const OPEN_ENDED = ['UNKNOWN', 'QUARANTINED'] as const;

/** Every legal move; anything else is a defect. SEND_BEGINS is the announced half of T03. */
export const TRANSITIONS: readonly Transition[] = [
  { id: 'T02', from: ['INTENT', 'SEND_BEGINS'], to: ['ABORTED'] },
  { id: 'T03', from: ['INTENT'], to: ['SEND_BEGINS'] },
  { id: 'T03', from: ['SEND_BEGINS'], to: ['SENT'] },
  { id: 'T04', from: ['SENT'], to: ['ACCEPTED'] },
  { id: 'T05', from: FLYING, to: ['PARTIAL'] },
  { id: 'T06', from: FLYING, to: ['FILLED'] },
  { id: 'T07', from: FLYING, to: ['DONE_PARTIAL'] },
  { id: 'T08', from: ['SENT', 'ACCEPTED'], to: ['REJECTED'] },
  { id: 'T09', from: ['SENT', 'ACCEPTED'], to: ['CANCELLED', 'EXPIRED'] },
  { id: 'T10', from: ['SEND_BEGINS', ...FLYING], to: ['UNKNOWN'] },
  {
    id: 'T11',
    from: OPEN_ENDED,
    to: ['ACCEPTED', 'PARTIAL', 'FILLED', 'DONE_PARTIAL', 'REJECTED', 'CANCELLED', 'EXPIRED'],
  },
  { id: 'T12', from: ['UNKNOWN'], to: ['ABSENT'] },
  { id: 'T13', from: ['UNKNOWN'], to: ['QUARANTINED'] },
  { id: 'T14', from: ['QUARANTINED'], to: ['ABSENT'] },
  {
    id: 'T15',
    from: ['ABORTED', 'REJECTED', 'CANCELLED', 'EXPIRED', 'ABSENT', 'DONE_PARTIAL'],
    to: ['FILLED', 'DONE_PARTIAL'],
  },
];

/** Compared one by one, the most frequent first: asked about every order that is remembered. */
export const isTerminal = (state: OrderState): boolean =>
  state === 'FILLED' ||
  state === 'ABORTED' ||
  state === 'REJECTED' ||
  state === 'CANCELLED' ||
  state === 'EXPIRED' ||
  state === 'DONE_PARTIAL' ||
  state === 'ABSENT';

/** The first row that allows a move, by the states it leads from and to. */
const ROWS: Partial<Record<OrderState, Partial<Record<OrderState, Transition>>>> = {};
for (const row of TRANSITIONS) {
  for (const from of row.from) {
    const rows = ROWS[from] ?? {};
    for (const to of row.to) rows[to] ??= row;
    ROWS[from] = rows;
  }
}

/** The row that allows a move, or nothing. */
export const transitionOf = (from: OrderState, to: OrderState): Transition | undefined =>
  ROWS[from]?.[to];
