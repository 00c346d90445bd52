/**
 * Finds the running engine a verb means: a named socket, or the newest live one below the data
 * directory. Deliberately starts nothing: without an engine there is a sentence, not a new engine.
 */
import type { LinkRole } from '../runtime/link-lines.ts';
import { type LinkPlatform, linkCandidates } from '../runtime/link-place.ts';
import { connectLink, NoEngine, type RemoteLink } from '../runtime/link-socket.ts';
import { systemClock } from '../runtime/loop.ts';
import { operatorName } from './operator-name.ts';

/** What the command line said about which engine. */
export interface EngineWish {
  readonly socket: string | undefined;
  readonly environment: string | undefined;
  readonly account: string | undefined;
  readonly dataDir: string;
}

/** As whom, and how many at most. */
export interface EngineAsk {
  readonly role: LinkRole;
  readonly most: number;
  /** As operator: in the place of another attached screen. */
  readonly takeOver?: boolean;
}

/**
 * Every engine that answers, the newest first; at most `most`, all connected with the role. The
 * caller closes them. Rejects with {@link NoEngine} and one sentence when there is none.
 */
export async function findEngines(
  wish: EngineWish,
  platform: LinkPlatform,
  { most, ...asks }: EngineAsk,
): Promise<readonly [RemoteLink, ...RemoteLink[]]> {
  const options = { ...asks, by: operatorName(), clock: systemClock() };
  if (wish.socket !== undefined) return [await connectLink(wish.socket, options)];
  const live: RemoteLink[] = [];
  const troubles: string[] = [];
  for (const { path } of linkCandidates(wish.dataDir, wish, platform)) {
    if (live.length >= most) break;
    try {
      live.push(await connectLink(path, options));
    } catch (error) {
      if (!(error instanceof NoEngine)) throw error;
      troubles.push(error.message);
    }
  }
  const [first, ...others] = live;
  if (first !== undefined) return [first, ...others];
  const limits = [wish.environment, wish.account].filter((text) => text !== undefined).join(' ');
  const meant = limits === '' ? '' : ` for ${limits}`;
  throw new NoEngine(
    troubles[0] ??
      `No engine runs${meant} below ${wish.dataDir}: start one with palm-oil-tui run, or name ` +
        'its --data-dir or --socket.',
  );
}

/** What a person calls an engine: `sim, dry-run, run 7000007-1`. */
export const engineName = ({ hello }: RemoteLink): string =>
  `${hello.environment}, ${hello.mode}, run ${hello.runId}`;
