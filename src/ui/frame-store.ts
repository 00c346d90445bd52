/**
 * The one thing the component tree looks at: the finished lines of the screen.
 * Deliberately knows neither snapshot nor key; `app.tsx` makes the lines and publishes them here.
 */

export class FrameStore {
  readonly #listeners = new Set<() => void>();
  #lines: readonly string[] = [];
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  read = (): readonly string[] => this.#lines;
  publish(lines: readonly string[]): void {
    this.#lines = lines;
    for (const listener of this.#listeners) listener();
  }
}
