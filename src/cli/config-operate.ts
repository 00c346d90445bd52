/**
 * Rows of the configuration table for whoever looks after a run that nobody watches.
 * Deliberately only data, as the rest of the table.
 */
import { seconds } from './config-kinds.ts';
import { may } from './config-setting.ts';

export const OPERATE = {
  unhealthyExitMs: may({
    group: 'operate',
    kind: seconds(60, 86_400),
    env: 'UNHEALTHY_EXIT_SECS',
    fallbackText: 'never',
    unit: 'seconds',
    about:
      'A headless run that is not well for so long ends, for a service manager to start it ' +
      'again: exit code 12 (journal), 69 (link or feed) or 71 (loop). Positions keep their stops.',
  }),
} as const;
