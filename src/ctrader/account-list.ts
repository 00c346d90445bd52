/**
 * One question on a connection of its own: which accounts does this token open?
 * Deliberately authorises no account and closes the line after the answer; it cannot trade.
 */
import { type Clock, type Untrusted, untrusted } from '../engine/index.ts';
import { errorRow } from './errors.ts';
import type { Credentials } from './secret.ts';
import type { Dial, Line } from './transport.ts';
import { decodeEnvelope, encodeEnvelope, type OutgoingMessage } from './wire/codec.ts';
import { frameReader, WIRE_LIMITS } from './wire/frame.ts';
import { ProtoOAClientPermissionScope } from './wire/schema.gen.ts';

export interface ListedAccount {
  /** The number the Open API uses. */
  readonly id: string;
  /** The number a person sees in other cTrader applications; undefined when it is not told. */
  readonly login: string | undefined;
  /** Undefined when the broker does not say. */
  readonly isLive: boolean | undefined;
  readonly broker: Untrusted | undefined;
}

export type AccountList =
  | {
      readonly status: 'listed';
      readonly accounts: readonly ListedAccount[];
      /** False for a grant that may only look; undefined when the broker does not say. */
      readonly mayTrade: boolean | undefined;
    }
  /** The token itself is the trouble: renew it or authorise again. */
  | { readonly status: 'invalidToken'; readonly sentence: string }
  | { readonly status: 'failed'; readonly sentence: string };

export interface AccountListParams {
  readonly dial: Dial;
  readonly clock: Clock;
  readonly credentials: Credentials;
}

const LIMIT_MS = 15_000;
const TOKEN_ERRORS: ReadonlySet<string> = new Set([
  'CH_ACCESS_TOKEN_INVALID',
  'OA_AUTH_TOKEN_EXPIRED',
]);

/** Dials, authorises the application, asks once. Never rejects. */
export function listAccounts({
  dial,
  clock,
  credentials,
}: AccountListParams): Promise<AccountList> {
  return new Promise((resolve) => {
    const reader = frameReader({ maxBytes: WIRE_LIMITS.frameBytes });
    let line: Line | undefined;
    let isOver = false;
    const finish = (end: AccountList): void => {
      if (isOver) return;
      isOver = true;
      timer.cancel();
      resolve(end);
      line?.close();
    };
    const fail = (sentence: string) => finish({ status: 'failed', sentence });
    const timer = clock.after(LIMIT_MS, () => fail('The broker does not answer.'));
    const say = (message: OutgoingMessage): void => line?.write(encodeEnvelope(message));
    const read = (frame: Uint8Array): void => {
      const message = decodeEnvelope(frame);
      if (message.kind === 'undecodable') fail('The broker answered something unreadable.');
      if (message.kind !== 'message') return;
      if (message.name === 'ProtoOAApplicationAuthRes') {
        const accessToken = credentials.accessToken.reveal();
        say({ name: 'ProtoOAGetAccountListByAccessTokenReq', fields: { accessToken } });
      } else if (message.name === 'ProtoOAGetAccountListByAccessTokenRes') {
        finish(listed(message.fields));
      } else if (message.name === 'ProtoOAErrorRes' || message.name === 'ProtoErrorRes') {
        finish(refused(message.fields.errorCode));
      }
    };
    line = dial({
      opened: () =>
        say({
          name: 'ProtoOAApplicationAuthReq',
          fields: {
            clientId: credentials.clientId,
            clientSecret: credentials.clientSecret.reveal(),
          },
        }),
      bytes: (chunk) => {
        const { frames, fault } = reader.push(chunk);
        for (const frame of frames) if (!isOver) read(frame);
        if (fault?.type === 'tooLong') fail('The broker answered something too long.');
      },
      closed: (reason) => fail(`The connection to the broker failed: ${reason}.`),
    });
  });
}

function refused(code: string): AccountList {
  const name = /^\w{1,64}$/.test(code) ? code : 'an error without a readable name';
  const { words } = errorRow(code);
  const sentence = `The broker refused (${name}): ${words}.`;
  return TOKEN_ERRORS.has(code)
    ? { status: 'invalidToken', sentence }
    : { status: 'failed', sentence };
}

interface Fields {
  readonly permissionScope?: number;
  readonly ctidTraderAccount?: readonly {
    readonly ctidTraderAccountId: string;
    readonly isLive?: boolean;
    readonly traderLogin?: string;
    readonly brokerTitleShort?: string;
  }[];
}

function listed({ permissionScope, ctidTraderAccount = [] }: Fields): AccountList {
  const scope = ProtoOAClientPermissionScope.SCOPE_TRADE;
  return {
    status: 'listed',
    mayTrade: permissionScope === undefined ? undefined : permissionScope === scope,
    accounts: ctidTraderAccount.map((one) => ({
      id: one.ctidTraderAccountId,
      login: one.traderLogin,
      isLive: one.isLive,
      broker: one.brokerTitleShort === undefined ? undefined : untrusted(one.brokerTitleShort),
    })),
  };
}
