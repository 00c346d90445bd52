/**
 * The four things a verb may touch of the process it runs in.
 * Deliberately structural, so that tests hand in plain objects.
 */

export interface Io {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly stdin: NodeJS.ReadableStream;
  readonly env: Record<string, string | undefined>;
}
