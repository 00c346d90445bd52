/**
 * The user's configuration file, read and written whole or not at all, for its owner alone.
 * Deliberately knows no settings: config-edit.ts makes the text.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { ConfigFileText } from './config-edit.ts';

/** The file cannot be read or written; the message is for a person. */
export class ConfigFileUnusable extends Error {
  override readonly name = 'ConfigFileUnusable';
}

const why = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';

/** Throws {@link ConfigFileUnusable}; a file that is not there has no text. */
export function readConfigText(path: string): ConfigFileText {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    if (why(error) === 'ENOENT') return { path, text: undefined };
    throw new ConfigFileUnusable(
      `${path} cannot be read (${why(error)}): check the name and its permissions.`,
    );
  }
}

/** Throws {@link ConfigFileUnusable}; after a power cut there is the old text or the new one. */
export function writeConfigText(path: string, text: string): void {
  let begun: string | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const target = realOf(path);
    begun = `${target}.${process.pid}.new`;
    // One that was left by a crash may have other rights.
    rmSync(begun, { force: true });
    const file = openSync(begun, 'wx', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(begun, target);
  } catch (error) {
    if (begun !== undefined) rmSync(begun, { force: true });
    throw new ConfigFileUnusable(
      `${path} cannot be written (${why(error)}): make it writable, or name another with --config.`,
    );
  }
}

/** A link that a person made to a file elsewhere stays a link. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
