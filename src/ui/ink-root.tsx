/**
 * The component tree: the whole screen as one Ink node, and the output Ink believes it writes to.
 * Deliberately loaded after the first picture; React must run with NODE_ENV=production (the
 * executable sets it): its development build leaks 412 KB per frame and doubles the cost
 * (measured).
 */
import { EventEmitter } from 'node:events';
import { render, Text, Transform } from 'ink';
import { type ReactElement, useSyncExternalStore } from 'react';
import type { FrameStore } from './frame-store.ts';

interface FrameProps {
  readonly store: FrameStore;
  readonly paint: (lines: readonly string[]) => void;
}

/**
 * The whole screen as one Ink node. Ink measures one dot; the lines go to the cell writer when Ink
 * draws that dot. Measuring real lines would fill Ink's caches, which it never empties (106 MB/h).
 */
function Frame({ store, paint }: FrameProps): ReactElement {
  const lines = useSyncExternalStore(store.subscribe, store.read);
  const draw = (dot: string): string => {
    paint(lines);
    return dot;
  };
  return (
    <Transform transform={draw}>
      <Text>.</Text>
    </Transform>
  );
}

/** What Ink believes to be its output; every byte it writes there is ignored. */
function inkOutput(): NodeJS.WriteStream {
  const silent = Object.assign(new EventEmitter(), {
    columns: 80,
    rows: 24,
    isTTY: true,
    writable: true,
    write: (_text: unknown, encoding?: unknown, done?: unknown): boolean => {
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') callback();
      return true;
    },
  });
  return silent as unknown as NodeJS.WriteStream;
}

/** The fallback: Ink draws the lines itself, at ten times the cost. */
function Lines({ store }: { readonly store: FrameStore }): ReactElement {
  const lines = useSyncExternalStore(store.subscribe, store.read);
  return <Text wrap="truncate">{lines.join('\n')}</Text>;
}

/** Either a `paint` of our own, or the real output for Ink to write to. */
export type InkParts = { readonly store: FrameStore; readonly stdin: unknown } & (
  | { readonly paint: (lines: readonly string[]) => void; readonly stdout?: undefined }
  | { readonly stdout: unknown; readonly paint?: undefined }
);

/** Draws what the store holds, now and whenever it changes, until the returned call. */
export function mountInk({ store, paint, stdin, stdout }: InkParts): () => void {
  if (paint === undefined) {
    const plain = render(<Lines store={store} />, {
      stdout: stdout as NodeJS.WriteStream,
      stdin: stdin as NodeJS.ReadStream,
      exitOnCtrlC: false,
      patchConsole: false,
    });
    return () => plain.unmount();
  }
  const ink = render(<Frame store={store} paint={paint} />, {
    stdout: inkOutput(),
    stdin: stdin as NodeJS.ReadStream,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return () => ink.unmount();
}
