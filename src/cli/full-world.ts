/**
 * A world of faults at full depth: the client, its bytes, the simulated broker and a journal file.
 * Deliberately the same world, checkers and person as at the core; only the kit differs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCtraderBroker } from '../ctrader/broker.ts';
import { secret } from '../ctrader/secret.ts';
import { STANDARD_CREDENTIALS } from '../sim/server/standard-broker.ts';
import { runWorld } from '../sim/world.ts';
import { type ClientParts, FULL_ACCOUNT, WorldFullBroker } from '../sim/world-full-broker.ts';
import type { WorldOptions } from '../sim/world-options.ts';
import { ENGINE, type WorldResult } from '../sim/world-subject.ts';
import { openWorldDisk } from './world-disk.ts';

const client = (parts: ClientParts) => {
  const { clientId, clientSecret, accessToken } = STANDARD_CREDENTIALS;
  return createCtraderBroker({
    ...parts,
    credentials: {
      clientId,
      clientSecret: secret(clientSecret),
      accessToken: secret(accessToken),
    },
    environment: 'demo',
    accountId: FULL_ACCOUNT,
    instrumentName: 'FCPO',
    instrumentAliases: [],
    trading: true,
  });
};

/** Plays such worlds one after the other; `close` removes the directory with their journals. */
export interface FullWorlds {
  run(options: WorldOptions): Promise<WorldResult>;
  close(): void;
}

export function openFullWorlds(): FullWorlds {
  const directory = mkdtempSync(join(tmpdir(), 'palm-oil-world-'));
  return {
    run: async (options) => {
      const disk = await openWorldDisk(join(directory, 'journal.db'));
      try {
        return runWorld(options, ENGINE, {
          broker: (parts) => new WorldFullBroker(parts, client),
          disk,
          measuresSkew: true,
        });
      } finally {
        disk.close();
      }
    },
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}
