/**
 * Which rows of the reconciliation table a world has met: most are in the records by their id, the
 * quiet ones (nothing differs, nothing could be asked) are read from the pass itself.
 * Deliberately only counts; what a row must do is proven by its own tests.
 */
import type { Event, JournalRecord } from '../engine/index.ts';
import { transitionOf } from '../engine/order-moves.ts';
import type { EngineState } from '../engine/state.ts';
import { countSituations } from './fault-reach.ts';
import { countTransitions } from './world-subject.ts';

/** Every row: a wide run that never met one of them has proven nothing about it. */
export const RECONCILE_ROWS: readonly string[] = Array.from(
  { length: 30 },
  (_, index) => `R${String(index + 1).padStart(2, '0')}`,
);

interface Met {
  readonly event: Event;
  readonly records: readonly JournalRecord[];
  readonly before: EngineState;
  readonly after: EngineState;
}

/** How often each move of orders and each row of reconciliation was met. */
export interface Reached {
  readonly moves: Record<string, number>;
  readonly rows: Record<string, number>;
  /** Faults of the catalogue that came about without a strike. */
  readonly situations: Record<string, number>;
}

export function countReached({ moves, rows, situations }: Reached, met: Met): void {
  countTransitions(moves, met.records);
  countSituations(situations, met);
  countRows(rows, met);
}

function countRows(counts: Record<string, number>, met: Met): void {
  // Nearly every step is a price that changes nothing.
  if (met.records.length === 0 && met.event.type !== 'brokerSnapshot') return;
  const rows = new Set(met.records.flatMap(rowsOf));
  for (const row of quietRows(met)) rows.add(row);
  for (const row of rows) counts[row] = (counts[row] ?? 0) + 1;
}

function rowsOf(record: JournalRecord): readonly string[] {
  if (record.kind === 'difference') return [record.row];
  if (record.kind === 'order' && record.from !== undefined) {
    // R29: its end was known, and a fill of it is found after all.
    if (transitionOf(record.from, record.to)?.id === 'T15') return ['R29'];
  }
  if (!('reason' in record)) return [];
  return record.reason.match(/\bR\d{2}\b/g) ?? [];
}

function quietRows({ event, records, before, after }: Met): readonly string[] {
  if (event.type === 'started') {
    // R02: what was decided and never announced is given up by the next run.
    return records.some((one) => one.kind === 'order' && one.from === 'INTENT') ? ['R02'] : [];
  }
  if (event.type !== 'brokerSnapshot') return [];
  if (event.generation !== before.core.link.generation) return [];
  if (!event.pass.complete) return ['R28'];
  const { positions, orders } = event.pass.snapshot;
  // R30: the broker's view is displayed in a dry run, and worked on in no other way.
  const shown = before.core.config?.mode === 'dry-run' ? ['R30'] : [];
  const held = before.core.positions;
  if (held.length + positions.length + orders.length === 0) return [...shown, 'R01'];
  const same = positions.some(
    ({ id }) =>
      held.some((one) => one.id === id) &&
      !after.core.differences.some(({ subject }) => subject === id),
  );
  return same ? [...shown, 'R13'] : shown;
}
