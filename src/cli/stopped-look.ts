/**
 * The last picture of an engine that does not run, from its journal alone, for who comes on shift.
 * Deliberately shows the link as gone and entries as blocked: nobody looks after what is open, and
 * only the broker knows what became of it since.
 */
import { snapshot } from '../engine/snapshot.ts';
import { viewJournal } from '../runtime/journal-view.ts';
import { LINK_PROTOCOL } from '../runtime/link-lines.ts';
import { accountFingerprint } from '../runtime/link-place.ts';
import { recover } from '../runtime/recovery.ts';
import type { Look } from './commands/status.ts';
import type { Config } from './config.ts';
import type { EngineWish } from './engine-finder.ts';
import { findJournal } from './journal-finder.ts';

const GONE = 'the engine does not run';

/** Absent without a journal; throws `JournalDamaged` where it cannot be trusted. */
export async function stoppedLook(wish: EngineWish): Promise<Look | undefined> {
  const { dataDir, environment, account } = wish;
  const found = findJournal({ file: undefined, mode: undefined, dataDir, environment, account });
  if (found.status === 'none') return undefined;
  const view = await viewJournal(found.file);
  const { identity } = view;
  view.close();
  const recovered = await recover(found.file, identity);
  if (recovered === undefined) return undefined;
  const { state, head, ended } = recovered;
  const picture = snapshot(state, state.at);
  const how = ended === undefined ? 'without a word of its own' : `(${ended})`;
  const bare = picture.positions.filter((one) => one.ours && one.stop === undefined);
  return {
    snapshot: {
      ...picture,
      link: { ...picture.link, state: 'DISCONNECTED' },
      entriesAllowed: false,
      entriesBlockedBy: GONE,
    },
    journal: { entries: head.id, digest: head.hash },
    hello: {
      type: 'hello',
      protocol: LINK_PROTOCOL,
      version: state.core.version,
      runId: state.core.runId,
      environment: identity.environment as Config['environment'],
      mode: identity.mode as Config['mode'],
      account: accountFingerprint(identity.environment, identity.account),
      role: 'observer',
    },
    troubles: [
      `${GONE}: it ended ${how}, and this is what its journal knew then`,
      ...bare.map(({ id }) => `position ${id} had no confirmed stop`),
    ],
  };
}
