/**
 * Files that a backtest, a sweep or an import leaves behind: each appears whole under its name, or
 * none of them does.
 * Deliberately decides no name and no content; a place that cannot be written is one sentence.
 */
import { appendFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { UnusableInput } from './backtest-input.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; make room or name another place',
  EDQUOT: 'your share of the disk is used up; make room or name another place',
  EROFS: 'its place is read-only; name another one',
  EACCES: 'you may not write there; name another place',
  EPERM: 'you may not write there; name another place',
  ENOENT: 'its directory does not exist; make it first',
  ENOTDIR: 'a part of its path is no directory; name another place',
  EISDIR: 'it is a directory; name a file in it',
};

/** Throws {@link UnusableInput} for what the file system refuses. */
function writing(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnusableInput(`${file} cannot be written: ${WHY[code ?? ''] ?? message}.`);
  }
}

const draftOf = (file: string): string => `${file}.part`;

function drop(file: string): void {
  try {
    rmSync(draftOf(file), { force: true });
  } catch {
    // Where no draft can be, there is none.
  }
}

/** All of them, each name with its text; or none, and {@link UnusableInput}. */
export function writeAll(files: readonly (readonly [file: string, text: string])[]): void {
  try {
    for (const [file, text] of files) {
      writing(file, () => {
        if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) {
          throw Object.assign(new Error(), { code: 'EISDIR' });
        }
        writeFileSync(draftOf(file), text);
      });
    }
    for (const [file] of files) writing(file, () => renameSync(draftOf(file), file));
  } catch (error) {
    for (const [file] of files) drop(file);
    throw error;
  }
}

export const writeWhole = (file: string, text: string): void => writeAll([[file, text]]);

/** More lines of a file that is written piece by piece. */
export const appendLines = (file: string, lines: string): void =>
  writing(file, () => appendFileSync(file, lines));
