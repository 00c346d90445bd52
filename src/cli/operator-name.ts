/**
 * Who sits at the keyboard, for the audit trail.
 * Deliberately never fails: the user of a container often has a number and no name.
 */
import { userInfo } from 'node:os';

/** The login name, or `user 10001` where the system knows no name for us. */
export function operatorName(ask: () => string = () => userInfo().username): string {
  try {
    return ask();
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
