/** What a service manager hears, through a stand-in for its own program. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSupervisor } from '../../src/runtime/supervisor.ts';
import { tempDir } from '../support/temp-dir.ts';
import { waitFor } from '../support/wait-for.ts';

function manager(extra: Readonly<Record<string, string>> = {}) {
  const directory = tempDir();
  const heard = join(directory, 'heard');
  const program = join(directory, 'systemd-notify');
  // One write, its last act: whoever has read the line may take the directory away.
  const script = `#!/bin/sh\necho "$NOTIFY_SOCKET $*$(env | grep SECRET)" >> ${heard}\n`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  const notes: string[] = [];
  const at = { ms: 0 };
  const env = {
    NOTIFY_SOCKET: '/run/notify',
    PATH: `${directory}:/usr/bin:/bin`,
    CTRADER_CLIENT_SECRET: 'SECRET',
    ...extra,
  };
  const notify = createSupervisor({
    env,
    pid: 42,
    now: () => at.ms,
    note: (text) => notes.push(text),
  });
  const lines = () =>
    existsSync(heard) ? readFileSync(heard, 'utf8').split('\n').slice(0, -1) : [];
  return { notify, notes, at, lines };
}

describe('a service manager', () => {
  it('hears that the engine is ready, lives and stops, and none of its secrets (I23)', async () => {
    const { notify, at, lines } = manager({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '42' });
    notify.ready('sim, dry-run');
    await waitFor('the first word', () => lines().length === 1);
    expect(lines()[0]).toBe('/run/notify READY=1 STATUS=sim, dry-run MAINPID=42');
    await waitFor('a sign of life', () => {
      notify.beat(true);
      return lines().length === 2;
    });
    at.ms = 9_000;
    notify.beat(true);
    at.ms = 10_000;
    notify.beat(false);
    notify.stopping();
    await waitFor('the last word', () => lines().length === 3);
    expect(lines().slice(1)).toEqual(['/run/notify WATCHDOG=1', '/run/notify STOPPING=1']);
  });

  it('hears no sign of life it did not ask for, or that is meant for another process', async () => {
    for (const extra of [{}, { WATCHDOG_USEC: '3000000', WATCHDOG_PID: '41' }]) {
      const { notify, lines } = manager(extra);
      notify.beat(true);
      notify.stopping();
      await waitFor('the last word', () => lines().length === 1);
      expect(lines()).toEqual(['/run/notify STOPPING=1']);
    }
  });

  it('is told nothing where its program is missing, and that is said once', async () => {
    const { notify, notes } = manager({ PATH: '/nowhere' });
    notify.ready('x');
    await waitFor('the remark', () => notes.length === 1);
    notify.stopping();
    expect(notes).toEqual(['the service manager cannot be told: systemd-notify is not installed']);
  });

  it('that is not there costs nothing', () => {
    const { notify, notes } = manager({ NOTIFY_SOCKET: '' });
    notify.ready('x');
    notify.beat(true);
    expect(notes).toEqual([]);
  });
});
