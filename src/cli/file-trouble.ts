/**
 * A refusal of the file system as one sentence with its remedy: wrong owner, closed directory, full
 * disk. Deliberately only of named files; anything else is a fault of the program.
 */

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not: run as its owner, or change its owner or mode',
  EPERM: 'this user may not: run as its owner, or change its owner or mode',
  EROFS: 'it is on a read-only file system: name another place with --data-dir',
  ENOSPC: 'the disk is full: make room, then start again',
  EDQUOT: 'the quota is used up: make room, then start again',
  EIO: 'the disk does not work: look at it, or name another place with --data-dir',
  ENOTDIR: 'a part of its name is a file: move that away, or name another place with --data-dir',
  EEXIST: 'a file of that name is in the way: move it away',
  EISDIR: 'it is a directory: move it away',
  ELOOP: 'its links go round in circles: name another place with --data-dir',
  ENAMETOOLONG: 'its name is too long: name another place with --data-dir',
  EMFILE: 'too many files are open: raise the limit (ulimit -n)',
  ENFILE: 'too many files are open on this machine: close some programs',
};

/** Absent when the error is not a refusal of a file that has a name. */
export function fileTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  const words = WORDS[code ?? ''];
  if (words === undefined || path === undefined) return undefined;
  return `${path} cannot be used (${code}): ${words}.`;
}
