/** Panic from the shell: what is sent, what counts as proof, and what stays open. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type PanicWish, panicCommand, proofOf } from '../../../src/cli/commands/panic.ts';
import { EXIT } from '../../../src/cli/exit.ts';
import {
  brokerOrderId,
  type Command,
  type CommandView,
  positionId,
  type Snapshot,
} from '../../../src/engine/index.ts';
import { serveLink } from '../../../src/runtime/link-socket.ts';
import { systemClock } from '../../../src/runtime/loop.ts';
import { breaker, order, position, quiet, tripped } from '../../support/builders-snapshot.ts';
import { tempDir } from '../../support/temp-dir.ts';

const NOTHING: PanicWish = {
  stopEntries: false,
  reduceOnly: false,
  cancel: false,
  flatten: false,
  waitMs: 10_000,
  json: true,
};
const KILLED = { breakers: [tripped('KILL', 'operator')], entriesAllowed: false };
const flatten = { ...NOTHING, flatten: true };

describe('proof', () => {
  it.each([
    ['stopEntries', {}, ['breaker KILL is not tripped']],
    ['stopEntries', { breakers: [breaker('KILL')] }, ['breaker KILL is not tripped']],
    ['stopEntries', KILLED, []],
    ['reduceOnly', {}, ['trading is ACTIVE']],
    ['reduceOnly', { tradingState: 'reducing' }, []],
    ['reduceOnly', { tradingState: 'halted' }, []],
    ['flatten', KILLED, []],
    ['flatten', {}, ['breaker KILL is not tripped']],
  ] as const)('%s with %j leaves open %j', (name, fields, open) => {
    const snapshot = quiet({ positions: [], orders: [], ...(fields as Partial<Snapshot>) });
    expect(proofOf(snapshot, { ...NOTHING, [name]: true }).open).toEqual(open);
  });

  it('flat is flat only when the broker was heard: positions, orders and the link (I18)', () => {
    const link = { ...quiet().link, state: 'DISCONNECTED' } as const;
    const closing = position({ state: 'CLOSING' });
    const foreign = position({ id: positionId('9'), ours: false });
    for (const [fields, open] of [
      [{ positions: [closing] }, /position 70012: buy 8, CLOSING/],
      [{ orders: [order()] }, /order c-7f3a: buy 8, SENT/],
      [{ link }, /DISCONNECTED/],
    ] as const) {
      const snapshot = quiet({ positions: [], orders: [], ...KILLED, ...fields });
      expect(proofOf(snapshot, flatten).open.join()).toMatch(open);
    }
    const others = quiet({ positions: [foreign], orders: [], ...KILLED });
    expect(proofOf(others, flatten).open).toEqual([]);
  });
});

/** An engine that answers commands as the test says. */
async function engine(
  dataDir: string,
  name: string,
  answer: (command: Command) => Partial<Snapshot> | 'die',
  first: Partial<Snapshot> = { positions: [position()], orders: [] },
) {
  const stateDir = join(dataDir, name);
  mkdirSync(stateDir);
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const asked: string[] = [];
  let fields = first;
  let commands: readonly CommandView[] = [];
  const server = await serveLink({
    place: { path: join(stateDir, 'engine.sock'), pointer: undefined },
    clock: systemClock(),
    facts: { version: '0', runId: name, environment: 'sim', mode: 'dry-run', account: '7' },
    journal: () => ({ entries: 1, digest: '' }),
    hasOperator: () => true,
    note: () => undefined,
    link: {
      subscribe: (listener) => {
        listeners.add(listener);
        listener(quiet({ ...fields, commands }));
        return () => listeners.delete(listener);
      },
      send: (command) => {
        asked.push(command.body.type);
        const next = answer(command);
        if (next === 'die') {
          void server.close('the engine stopped (SIGTERM)');
          return;
        }
        fields = { ...fields, ...next };
        const { type } = command.body;
        commands = [...commands, { id: command.id, type, status: 'accepted', reason: '' }];
        for (const listener of listeners) listener(quiet({ ...fields, commands }));
      },
    },
  });
  onTestFinished(() => server.close('over'));
  return asked;
}

async function panic(dataDir: string, wish: PanicWish) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const request = {
    socket: undefined,
    environment: undefined,
    account: undefined,
    dataDir,
    look: {
      theme: undefined,
      ascii: false,
      noColor: false,
      screenReader: false,
      bell: true,
      renderer: 'cells' as const,
    },
  };
  const io = { stdout, stderr, stdin: process.stdin, env: {} };
  const code = await panicCommand(request, wish, io);
  const text = String(stdout.read() ?? '');
  return { code, text, complaint: String(stderr.read() ?? '') };
}

describe('panic', () => {
  it('sends the mildest rung first and ends when all is proven, whoever operates', async () => {
    const data = tempDir();
    const asked = await engine(data, 'sim-7-dry-run', ({ body }) =>
      body.type === 'kill' ? { ...KILLED, positions: [] } : { tradingState: 'reducing' },
    );
    const { code, text } = await panic(data, { ...flatten, reduceOnly: true });
    expect(code).toBe(EXIT.ok);
    expect(asked).toEqual(['setTradingState', 'kill']);
    expect(JSON.parse(text)).toMatchObject({
      sent: ['reduce only', 'stop entries and flatten'],
      proven: [
        'trading is PAUSED',
        'entries are blocked: breaker KILL is tripped',
        'no order of ours is open',
        'no position of ours is open',
      ],
      open: [],
    });
  });

  it('asks again for a position that stayed open', async () => {
    const data = tempDir();
    const asked = await engine(data, 'sim-7-dry-run', ({ body }) =>
      body.type === 'kill' ? KILLED : { positions: [] },
    );
    expect((await panic(data, flatten)).code).toBe(EXIT.ok);
    expect(asked).toEqual(['kill', 'flatten']);
  });

  it('--cancel gives up each waiting order once, and is proven when none works', async () => {
    const data = tempDir();
    const waits = order({ brokerOrderId: brokerOrderId('31') });
    const asked = await engine(
      data,
      'sim-7-dry-run',
      ({ body }) => (body.type === 'cancelOrder' ? { orders: [] } : {}),
      { positions: [position()], orders: [waits] },
    );
    const { code, text } = await panic(data, { ...NOTHING, cancel: true });
    expect(asked).toEqual(['cancelOrder']);
    expect(code).toBe(EXIT.ok);
    expect(JSON.parse(text)).toMatchObject({
      sent: ['cancel order 31'],
      proven: ['no order of ours is open'],
      open: [],
    });
  });

  it('an engine that dies first leaves everything open, and says so', async () => {
    const data = tempDir();
    await engine(data, 'sim-7-dry-run', () => 'die');
    const { code, text } = await panic(data, flatten);
    expect(code).toBe(EXIT.unproven);
    expect(JSON.parse(text).open).toEqual([
      'breaker KILL is not tripped',
      'position 70012: buy 8, PROTECTED',
      'the engine is gone: the engine stopped (SIGTERM)',
    ]);
  });

  it('never guesses between two engines, and needs a rung', async () => {
    const data = tempDir();
    const first = await engine(data, 'sim-7-dry-run', () => ({}));
    const second = await engine(data, 'sim-8-dry-run', () => ({}));
    const both = await panic(data, flatten);
    expect([both.code, first, second]).toEqual([EXIT.usage, [], []]);
    expect(both.complaint).toContain('2 engines run');
    const none = await panic(data, NOTHING);
    expect([none.code, none.complaint]).toEqual([
      EXIT.usage,
      expect.stringContaining('--stop-entries'),
    ]);
  });
});
