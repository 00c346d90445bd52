// The two ways to speak: answers to who asked, pushes to everyone who holds the account.
import { expect, it } from 'vitest';
import { pushToAccount, refuse, type World } from '../../../src/sim/server/world.ts';
import { bench } from './bench.ts';

/** Sessions that only remember what they were sent. */
function listeners(...accounts: readonly string[]) {
  const heard: unknown[][] = accounts.map(() => []);
  const sessions = accounts.map((account, index) => ({
    accounts: new Map([[account, 'token']]),
    send: (message: unknown) => heard[index]?.push(message),
  }));
  const { params } = bench();
  const switches = { ...params.switches, errorNames: { KNOWN: 'NOBODY_KNOWS' } };
  const world = { sessions: new Set(sessions), switches } as unknown as World;
  return { heard, world, session: [...world.sessions][0] };
}

it('pushes to every connection of the account, without a message id', () => {
  const { heard, world } = listeners('1', '2', '1');
  const fields = { ctidTraderAccountId: '1', symbolId: ['7'] };
  pushToAccount(world, '1', 'ProtoOASymbolChangedEvent', fields);
  expect(heard).toEqual([
    [{ name: 'ProtoOASymbolChangedEvent', fields }],
    [],
    [{ name: 'ProtoOASymbolChangedEvent', fields }],
  ]);
});

it('refuses with what is known and nothing else, by another name if so told', () => {
  const { heard, session, world } = listeners('1');
  if (session === undefined) throw new Error('no session');
  refuse({ world, session, clientMsgId: undefined }, { code: 'ONE' });
  refuse({ world, session, clientMsgId: 'm' }, { code: 'KNOWN', retryAfter: 3 });
  expect(heard[0]).toEqual([
    { name: 'ProtoOAErrorRes', fields: { errorCode: 'ONE' } },
    {
      name: 'ProtoOAErrorRes',
      fields: { errorCode: 'NOBODY_KNOWS', retryAfter: 3 },
      clientMsgId: 'm',
    },
  ]);
});
