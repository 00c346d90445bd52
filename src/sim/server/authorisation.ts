/**
 * Who may do what on a connection: application, accounts, tokens and their refresh, logout.
 * Deliberately without OAuth pages: grants are given, tokens are counted on, never random.
 */

import type { ProtoOACtidTraderAccount } from '../../ctrader/wire/schema.gen.ts';
import { ProtoOAClientPermissionScope } from '../../ctrader/wire/schema.gen.ts';
import type { Grant } from './parameters.ts';
import type { Session } from './session.ts';
import { type Asked, outgoing, type RequestTable, refuse, reply, type World } from './world.ts';

/** About 30 days, as the real server answers. */
const TOKEN_LIFE_SECONDS = 2_628_000;
const PROTOCOL_VERSION = '91';

export interface TokenBook {
  /** Adds a grant as it was given. */
  add(grant: Grant): void;
  /** The grant of a valid access token; a reason in the broker's words otherwise. */
  find(accessToken: string, now: number): Grant | { readonly invalid: string };
  /** Forgets the grants that cover one of these accounts, and tells them. */
  dropOf(accountIds: readonly string[]): readonly Grant[];
  /** Replaces both tokens, once for each refresh token; undefined for any other text. */
  refresh(refreshToken: string, now: number): { before: Grant; after: Grant } | undefined;
}

export function createTokenBook(
  grants: readonly Grant[],
  lifeSeconds: number = TOKEN_LIFE_SECONDS,
): TokenBook {
  const valid = new Map(grants.map((grant) => [grant.accessToken, grant]));
  const refreshed = new Map<string, number>();
  return {
    add: (grant) => void valid.set(grant.accessToken, grant),
    find: (accessToken, now) => {
      const grant = valid.get(accessToken);
      if (grant === undefined) return { invalid: 'Invalid access token' };
      const over = grant.expiresAt !== undefined && grant.expiresAt <= now;
      return over ? { invalid: 'Access token expired' } : grant;
    },
    dropOf: (accountIds) => {
      const older = [...valid.values()].filter((grant) =>
        grant.accountIds.some((id) => accountIds.includes(id)),
      );
      for (const { accessToken } of older) valid.delete(accessToken);
      return older;
    },
    refresh: (refreshToken, now) => {
      const before = [...valid.values()].find((grant) => grant.refreshToken === refreshToken);
      if (before === undefined) return undefined;
      const count = (refreshed.get(before.userId) ?? 0) + 1;
      refreshed.set(before.userId, count);
      const after: Grant = {
        ...before,
        accessToken: `access-${before.userId}-${count}`,
        refreshToken: `refresh-${before.userId}-${count}`,
        expiresAt: now + lifeSeconds * 1_000,
      };
      valid.delete(before.accessToken);
      valid.set(after.accessToken, after);
      return { before, after };
    },
  };
}

const answersVersion = (asked: Asked<'ProtoOAVersionReq'>): void =>
  reply(asked, 'ProtoOAVersionRes', { version: PROTOCOL_VERSION });

function authorisesApplication(asked: Asked<'ProtoOAApplicationAuthReq'>): void {
  const { world, session, fields } = asked;
  if (session.isApplication()) {
    refuse(asked, { code: world.switches.secondApplicationAuth });
    return;
  }
  const application = world.params.applications.find(
    (known) => known.clientId === fields.clientId && known.clientSecret === fields.clientSecret,
  );
  const failure =
    application === undefined
      ? 'clientId or clientSecret is incorrect'
      : application.active
        ? undefined
        : 'OA client is not in active state';
  if (failure !== undefined) {
    refuse(asked, { code: 'CH_CLIENT_AUTH_FAILURE', description: failure });
    return;
  }
  session.setApplication(true);
  reply(asked, 'ProtoOAApplicationAuthRes', {});
}

/** The grant behind a token; answers the refusal itself when there is none. */
function grantOf(
  asked: Asked<'ProtoOAAccountAuthReq' | 'ProtoOAGetAccountListByAccessTokenReq'>,
): Grant | undefined {
  const found = asked.world.tokens.find(asked.fields.accessToken, asked.world.clock.wall());
  if (!('invalid' in found)) return found;
  refuse(asked, { code: 'CH_ACCESS_TOKEN_INVALID', description: found.invalid });
  return undefined;
}

/** Accounts of both environments, on either host. */
function listsAccounts(asked: Asked<'ProtoOAGetAccountListByAccessTokenReq'>): void {
  const grant = grantOf(asked);
  if (grant === undefined) return;
  const scopes = ProtoOAClientPermissionScope;
  reply(asked, 'ProtoOAGetAccountListByAccessTokenRes', {
    accessToken: grant.accessToken,
    permissionScope: grant.scope === 'trade' ? scopes.SCOPE_TRADE : scopes.SCOPE_VIEW,
    ctidTraderAccount: grant.accountIds.flatMap((id) => accountLine(asked.world, id)),
  });
}

function accountLine(world: World, id: string): ProtoOACtidTraderAccount[] {
  const account = world.desks.get(id)?.state().account;
  if (account === undefined) return [];
  return [
    {
      ctidTraderAccountId: account.id,
      isLive: account.isLive,
      traderLogin: account.login,
      brokerTitleShort: account.brokerName,
    },
  ];
}

function authorisesAccount(asked: Asked<'ProtoOAAccountAuthReq'>): void {
  const { world, session, fields } = asked;
  const accountId = fields.ctidTraderAccountId;
  const grant = grantOf(asked);
  if (grant === undefined) return;
  const account = world.desks.get(accountId)?.state().account;
  if (account === undefined || !grant.accountIds.includes(accountId)) {
    refuse(asked, { code: 'CH_CTID_TRADER_ACCOUNT_NOT_FOUND', accountId });
    return;
  }
  if (account.isLive !== (world.params.environment === 'live')) {
    const description = 'Cannot route request';
    refuse(asked, { code: 'CANT_ROUTE_REQUEST', description, accountId });
    return;
  }
  if (session.accounts.has(accountId)) {
    const description = 'Trading account is already authorized in this channel';
    refuse(asked, { code: 'ALREADY_LOGGED_IN', description, accountId });
    return;
  }
  session.accounts.set(accountId, fields.accessToken);
  reply(asked, 'ProtoOAAccountAuthRes', { ctidTraderAccountId: accountId });
}

/** The tokens as the pages for people and programs outside the wire see them. */
export interface TokenDesk {
  /** Both tokens for what a person allowed. */
  grant(allowed: Pick<Grant, 'userId' | 'scope' | 'accountIds'>): Grant;
  /** The next pair; ends the sessions on the old one. Undefined for an unknown refresh token. */
  renew(refreshToken: string): Grant | undefined;
}

export function createTokenDesk(world: World): TokenDesk {
  return {
    grant: (allowed) => {
      const grant: Grant = {
        ...allowed,
        accessToken: `access-${allowed.userId}-0`,
        refreshToken: `refresh-${allowed.userId}-0`,
        expiresAt: world.clock.wall() + lifeOf(world) * 1_000,
      };
      if (world.switches.newGrantEndsOlder) endOlder(world, allowed.accountIds);
      world.tokens.add(grant);
      endLater(world, grant);
      return grant;
    },
    renew: (refreshToken) => {
      const pair = world.tokens.refresh(refreshToken, world.clock.wall());
      if (pair === undefined) return undefined;
      for (const session of [...world.sessions]) invalidate(session, pair.before.accessToken);
      endLater(world, pair.after);
      return pair.after;
    },
  };
}

function endOlder(world: World, accountIds: readonly string[]): void {
  for (const { accessToken } of world.tokens.dropOf(accountIds)) {
    for (const session of [...world.sessions]) {
      invalidate(session, accessToken, 'Access token was replaced');
    }
  }
}

/** The answer first, then the end of every session that lived on the old token (2147, 2164). */
function refreshesToken(asked: Asked<'ProtoOARefreshTokenReq'>): void {
  const { world, fields } = asked;
  const pair = world.tokens.refresh(fields.refreshToken, world.clock.wall());
  if (pair === undefined) {
    const description = 'Invalid refresh token';
    refuse(asked, { code: 'CH_ACCESS_TOKEN_INVALID', description });
    return;
  }
  reply(asked, 'ProtoOARefreshTokenRes', {
    accessToken: pair.after.accessToken,
    tokenType: 'bearer',
    expiresIn: lifeOf(world),
    refreshToken: pair.after.refreshToken,
  });
  for (const session of [...world.sessions]) invalidate(session, pair.before.accessToken);
  endLater(world, pair.after);
}

const lifeOf = ({ params }: World): number => params.tokenLifeSeconds ?? TOKEN_LIFE_SECONDS;

/** A token with a life of its own ends sessions when it is over, unless it was replaced. */
function endLater(world: World, { accessToken, expiresAt }: Grant): void {
  if (world.params.tokenLifeSeconds === undefined || expiresAt === undefined) return;
  world.clock.after(expiresAt - world.clock.wall(), () => {
    for (const session of [...world.sessions]) {
      invalidate(session, accessToken, 'Access token expired');
    }
  });
}

function invalidate(
  session: Session,
  accessToken: string,
  reason = 'Access token was refreshed',
): void {
  const ids = [...session.accounts].flatMap(([id, token]) => (token === accessToken ? [id] : []));
  if (ids.length === 0) return;
  session.send(
    outgoing('ProtoOAAccountsTokenInvalidatedEvent', {
      ctidTraderAccountIds: ids,
      reason,
    }),
  );
  for (const id of ids) endAccount(session, id);
}

/** The account's session on this connection is over, its subscriptions with it. */
function endAccount(session: Session, accountId: string): void {
  session.accounts.delete(accountId);
  for (const [key, subscription] of [...session.subscriptions]) {
    if (subscription.accountId === accountId) session.subscriptions.delete(key);
  }
  session.send(outgoing('ProtoOAAccountDisconnectEvent', { ctidTraderAccountId: accountId }));
}

function logsOut(asked: Asked<'ProtoOAAccountLogoutReq'>): void {
  const { ctidTraderAccountId } = asked.fields;
  reply(asked, 'ProtoOAAccountLogoutRes', { ctidTraderAccountId });
  endAccount(asked.session, ctidTraderAccountId);
}

/** Ends the application's session, and with it those of all accounts, but not the connection. */
export function endApplication(session: Session, reason: string): void {
  session.accounts.clear();
  session.subscriptions.clear();
  session.setApplication(false);
  session.send(outgoing('ProtoOAClientDisconnectEvent', { reason }));
}

export const AUTHORISATION: RequestTable = {
  ProtoOAVersionReq: { needs: 'nothing', bucket: 'other', answer: answersVersion },
  ProtoOAApplicationAuthReq: { needs: 'nothing', bucket: 'other', answer: authorisesApplication },
  ProtoOARefreshTokenReq: { needs: 'nothing', bucket: 'other', answer: refreshesToken },
  ProtoOAGetAccountListByAccessTokenReq: {
    needs: 'application',
    bucket: 'other',
    answer: listsAccounts,
  },
  // It needs no account yet: it is what makes one.
  ProtoOAAccountAuthReq: { needs: 'application', bucket: 'other', answer: authorisesAccount },
  ProtoOAAccountLogoutReq: { needs: 'account', bucket: 'other', answer: logsOut },
};
