/**
 * The control socket of a run: who may attach, and what happens when it cannot be offered.
 * Deliberately never stops a run: without the socket the engine trades on and says so in its log.
 */
import { type LinkPlatform, LinkUnavailable, linkPlace } from '../runtime/link-place.ts';
import { type LinkServer, type LinkServerParts, serveLink } from '../runtime/link-socket.ts';
import type { Log } from '../runtime/log.ts';
import { systemClock } from '../runtime/loop.ts';

export interface RunLinkParts {
  readonly stateDir: string;
  readonly link: LinkServerParts['link'];
  readonly facts: LinkServerParts['facts'];
  readonly head: () => { readonly id: number; readonly hash: string };
  /** True while a screen in this process is the operator. */
  readonly hasScreen: () => boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

export const linkPlatform = (env: RunLinkParts['env']): LinkPlatform => ({
  os: process.platform,
  runtimeDir: env['XDG_RUNTIME_DIR'],
});

/** Offers the socket while the instance lock is held; undefined when that is not possible. */
export async function openRunLink(parts: RunLinkParts): Promise<LinkServer | undefined> {
  const { stateDir, link, facts, head, hasScreen, env, log } = parts;
  try {
    const server = await serveLink({
      place: linkPlace(stateDir, linkPlatform(env)),
      link,
      facts,
      clock: systemClock(),
      journal: () => ({ entries: head().id, digest: head().hash }),
      hasOperator: hasScreen,
      note: (text) => log.info('control socket', { event: text }),
    });
    log.info('control socket open', { path: server.path });
    return server;
  } catch (error) {
    const isKnown = error instanceof LinkUnavailable || (error as { code?: unknown }).code;
    if (!isKnown) throw error;
    log.error('no control socket: attach, status and panic cannot reach this engine', {
      why: (error as Error).message,
    });
    return undefined;
  }
}
