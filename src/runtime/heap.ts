/**
 * Keeps the heap of a run small: it lives for months beside other programs, and allocates little.
 * Deliberately not for verbs that end by themselves: a sweep is faster with room to waste.
 */
import { setFlagsFromString } from 'node:v8';

/**
 * Both are read by V8 whenever it collects, so that they work in a process that runs already. The
 * nursery stays at its first size instead of growing to 48 MB in three halves, and the rest may
 * grow by a third between two collections instead of by its own size and more. Twenty quotes a
 * second feel neither.
 */
export const HEAP_FLAGS = ['--semi-space-growth-factor=1', '--heap-growing-percent=30'] as const;

/**
 * For every thread of this process. To be called before much was allocated, and in each new thread
 * again: V8 takes the first flag back whenever it sets up another heap.
 */
export function keepHeapSmall(): void {
  for (const flag of HEAP_FLAGS) setFlagsFromString(flag);
}
