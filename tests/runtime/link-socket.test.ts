/** Both ends of the control socket over a real Unix socket: pictures out, commands in. */
import { existsSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Command,
  type CommandBody,
  commandId,
  type Snapshot,
  seq,
  untrusted,
  wall,
} from '../../src/engine/index.ts';
import type { EngineLink } from '../../src/engine/ports.ts';
import type { LinkRole } from '../../src/runtime/link-lines.ts';
import { connectLink, type RemoteLink, serveLink } from '../../src/runtime/link-socket.ts';
import { systemClock } from '../../src/runtime/loop.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { quiet } from '../support/builders-snapshot.ts';
import { tempDir } from '../support/temp-dir.ts';
import { waitFor } from '../support/wait-for.ts';

const FACTS = {
  version: '0.1.0',
  runId: 'r-0001',
  environment: 'sim',
  mode: 'dry-run',
  account: '7000007',
} as const;

/** An engine that shows what it is told and remembers what it was asked. */
async function engine(more: { readonly hasOperator?: boolean } = {}) {
  const clock = createVirtualClock(wall(1_000_000));
  const place = { path: join(tempDir(), 'engine.sock'), pointer: undefined };
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const asked: Command[] = [];
  const notes: string[] = [];
  let now = quiet();
  const link: EngineLink = {
    subscribe: (listener) => {
      listeners.add(listener);
      listener(now);
      return () => listeners.delete(listener);
    },
    send: (command) => asked.push(command),
  };
  const server = await serveLink({
    place,
    link,
    clock,
    facts: FACTS,
    journal: () => ({ entries: now.seq + 1, digest: 'd'.repeat(64) }),
    hasOperator: () => more.hasOperator === true,
    note: (text) => notes.push(text),
  });
  onTestFinished(() => server.close('the test is over'));
  const show = (fields: Partial<Snapshot>): void => {
    now = quiet(fields);
    for (const listener of listeners) listener(now);
  };
  return { path: place.path, clock, server, listeners, asked, notes, show };
}

async function attach(
  path: string,
  role: LinkRole,
  asks: { readonly by?: string; readonly takeOver?: boolean } = {},
): Promise<RemoteLink> {
  const remote = await connectLink(path, { role, clock: systemClock(), ...asks });
  onTestFinished(() => remote.close());
  return remote;
}

const command = (body: CommandBody, id = 'a-1'): Command => ({
  id: commandId(id),
  role: 'operator',
  by: untrusted('ann'),
  body,
});

/** A client that speaks bytes: what came back, and whether it was let go. */
async function rawClient(path: string, first: string) {
  const state = { text: '', isClosed: false, reads: true };
  const socket = connect(path, () => socket.write(first));
  socket.on('data', (chunk) => {
    state.text += String(chunk);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    state.isClosed = true;
  });
  onTestFinished(() => {
    socket.destroy();
  });
  return { socket, state };
}

/** An engine of another version: says these lines to whoever comes. */
async function otherEngine(...lines: readonly object[]): Promise<string> {
  const path = join(tempDir(), 'engine.sock');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () =>
      socket.write(lines.map((one) => `${JSON.stringify(one)}\n`).join('')),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(path, resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  return path;
}

const OTHER = {
  type: 'hello',
  protocol: 1,
  version: '9.9.0',
  runId: 'r-9',
  environment: 'sim',
  mode: 'dry-run',
  account: 'a1b2c3d4e5f6',
  role: 'observer',
} as const;
const picture = (snapshot: object) => ({
  type: 'snapshot',
  snapshot,
  journal: { entries: 1, digest: 'd' },
});

const HELLO = '{"type":"hello","protocol":1,"role":"operator"}\n';

describe('serving', () => {
  it('is for the owner alone (F122)', async () => {
    const { path } = await engine();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('says hello, then shows what the engine shows, as it was', async () => {
    const { path, show } = await engine();
    const remote = await attach(path, 'observer');
    expect(remote.hello).toEqual({
      type: 'hello',
      protocol: 1,
      version: '0.1.0',
      runId: 'r-0001',
      environment: 'sim',
      mode: 'dry-run',
      account: expect.stringMatching(/^[0-9a-f]{12}$/),
      role: 'observer',
    });
    const seen: Snapshot[] = [];
    remote.subscribe((snapshot) => seen.push(snapshot));
    await waitFor('the first picture', () => seen.length > 0);
    expect(seen[0]).toEqual(JSON.parse(JSON.stringify(quiet())));
    show({ seq: seq(50_000) });
    await waitFor('the next picture', () => seen.at(-1)?.seq === 50_000);
    expect(remote.status()).toMatchObject({
      state: 'attached',
      journal: { entries: 50_001, digest: 'd'.repeat(64) },
    });
  });

  it('listens to the engine only while somebody looks', async () => {
    const { path, listeners, server } = await engine();
    expect(listeners.size).toBe(0);
    const remotes = [await attach(path, 'observer'), await attach(path, 'observer')];
    await waitFor('two listeners', () => listeners.size === 2);
    for (const remote of remotes) remote.close();
    await waitFor('nobody', () => listeners.size === 0 && server.clients() === 0);
  });

  it('tells everybody when the engine stops, and leaves no socket behind', async () => {
    const { path, server } = await engine();
    const remote = await attach(path, 'operator');
    await server.close('the engine stopped (SIGTERM)');
    expect(await remote.ended).toBe('the engine stopped (SIGTERM)');
    expect(remote.status().state).toBe('ended');
    expect(existsSync(path)).toBe(false);
    await expect(attach(path, 'observer')).rejects.toThrow(/none runs there/);
  });
});

describe('roles', () => {
  it('one operator; others watch, and panic is never kept out', async () => {
    const { path, notes } = await engine();
    const first = await attach(path, 'operator');
    const second = await attach(path, 'operator');
    const panic = await attach(path, 'panic');
    expect([first, second, panic].map((one) => one.hello.role)).toEqual([
      'operator',
      'observer',
      'panic',
    ]);
    first.close();
    await waitFor('the place to be free', () => notes.includes('the operator left'));
    expect((await attach(path, 'operator')).hello.role).toBe('operator');
  });

  it('a screen in the engine itself holds the place, also against a take-over', async () => {
    const { path } = await engine({ hasOperator: true });
    for (const takeOver of [false, true]) {
      const { hello } = await attach(path, 'operator', { takeOver });
      expect([hello.role, hello.operator]).toEqual(['observer', "the engine's own screen"]);
    }
  });

  it('a take-over ends the screen that had the place, and the audit says who took it', async () => {
    const { path, asked } = await engine();
    const first = await attach(path, 'operator', { by: 'ann' });
    const watching = await attach(path, 'operator', { by: 'bob' });
    expect(watching.hello).toMatchObject({
      role: 'observer',
      operator: 'an attached screen (ann)',
    });
    const second = await attach(path, 'operator', { by: 'bob', takeOver: true });
    expect(second.hello.role).toBe('operator');
    expect(await first.ended).toBe("the operator's place was taken over by bob");
    expect(watching.status().state).toBe('attached');
    expect(asked).toEqual([
      expect.objectContaining({
        role: 'operator',
        by: 'bob',
        body: { type: 'takeOver', from: 'an attached screen (ann)' },
      }),
    ]);
    // Nobody can say so with a line of a command.
    const forged = command({ type: 'takeOver', from: untrusted('ann') }, 'forged');
    second.send(forged);
    second.send(command({ type: 'flatten' }, 'a-2'));
    await waitFor('the command', () => asked.length > 1);
    expect(asked.map(({ body }) => body.type)).toEqual(['takeOver', 'flatten']);
  });

  it('commands reach the engine with the role of their connection', async () => {
    const { path, asked } = await engine();
    const operator = await attach(path, 'operator');
    const wish = command({ type: 'kill', flatten: false });
    operator.send({ ...wish, role: 'observer' });
    await waitFor('the command', () => asked.length === 1);
    expect(asked).toEqual([wish]);
  });

  it('what a role may not do is refused where its screen looks, and never sent on', async () => {
    const { path, asked } = await engine();
    for (const [role, body, reason] of [
      ['observer', { type: 'flatten' }, /look/],
      ['panic', { type: 'setTradingState', state: 'active' }, /only reduce/],
    ] as const) {
      const remote = await attach(path, role);
      await waitFor('a picture', () => remote.status().snapshot !== undefined);
      remote.send(command(body, `id-${role}`));
      const answer = await waitFor('the refusal', () =>
        remote.status().snapshot?.commands.find((one) => one.id === `id-${role}`),
      );
      expect(answer).toMatchObject({ status: 'refused', reason: expect.stringMatching(reason) });
    }
    expect(asked).toEqual([]);
  });
});

describe('clients that misbehave (F122 I27)', () => {
  it.each([
    ['no hello', 'GET / HTTP/1.1\r\n\r\n', /no hello/],
    ['another protocol', HELLO.replace('1', '99'), /speaks protocol 1, not 99/],
    ['nonsense later', `${HELLO}{"type":"command"}\n`, /not a command/],
    ['a line without end', 'x'.repeat(20_000), /too long/],
  ])('%s is answered with a reason and let go', async (_name, text, reason) => {
    const { path, server } = await engine();
    const { state } = await rawClient(path, text);
    await waitFor('the end', () => state.isClosed);
    const last = state.text.trim().split('\n').at(-1) ?? '';
    expect(last.slice(0, 200)).toMatch(reason);
    expect(server.clients()).toBe(0);
  });

  it('silence costs the connection after five seconds', async () => {
    const { path, clock, server } = await engine();
    const { state } = await rawClient(path, '');
    await waitFor('the connection', () => server.clients() === 1);
    clock.advanceBy(4_000);
    expect(server.clients()).toBe(1);
    clock.advanceBy(2_000);
    await waitFor('the end', () => state.isClosed);
    expect(state.text).toContain('no hello within five seconds');
  });

  it('who does not read gets the latest only, holds nobody up, and is let go', async () => {
    const { path, clock, show, server, notes } = await engine();
    const { socket, state } = await rawClient(path, HELLO);
    await waitFor('its first picture', () => state.text.includes('"snapshot"'));
    socket.pause();
    const other = await attach(path, 'observer');
    for (let turn = 1; turn <= 200; turn += 1) {
      show({ seq: seq(100_000 + turn) });
      await waitFor('the other', () => other.status().snapshot?.seq === 100_000 + turn);
    }
    clock.advanceBy(12_000);
    expect(notes).toContain('a screen took nothing for ten seconds and was let go');
    await waitFor('one less', () => server.clients() === 1);
    socket.resume();
    await waitFor('its end', () => state.isClosed);
    expect(state.text.split('\n').length).toBeLessThan(150);
    expect(other.status().state).toBe('attached');
  });

  it('a flood of commands is cut to twenty a second', async () => {
    const { path, asked, clock } = await engine();
    const operator = await attach(path, 'operator');
    const flood = (prefix: string): void => {
      for (let index = 0; index < 100; index += 1) {
        operator.send(command({ type: 'flatten' }, `${prefix}-${index}`));
      }
    };
    const isRefused = (id: string) =>
      operator.status().snapshot?.commands.some((one) => one.id === id);
    await waitFor('a picture', () => operator.status().snapshot !== undefined);
    flood('a');
    await waitFor('the last refusal', () => isRefused('a-99'));
    expect(asked).toHaveLength(20);
    clock.advanceBy(1_000);
    flood('b');
    await waitFor('the last refusal', () => isRefused('b-99'));
    expect(asked).toHaveLength(40);
  });

  it('a thousand connections are few for the engine and none for the next one', async () => {
    const { path, server, clock } = await engine();
    const clients = await Promise.all(
      Array.from({ length: 1_000 }, async () => (await rawClient(path, '')).state),
    );
    await waitFor(
      'most to be turned away',
      () => clients.filter((one) => one.isClosed).length > 900,
    );
    expect(server.clients()).toBeLessThanOrEqual(64);
    clock.advanceBy(6_000);
    await waitFor('all to be gone', () => server.clients() === 0);
    expect((await attach(path, 'operator')).hello.role).toBe('operator');
  });
});

describe('attaching', () => {
  it('says why when nothing answers', async () => {
    const clock = createVirtualClock(wall(0));
    const missing = join(tempDir(), 'engine.sock');
    const wish = { role: 'observer', clock } as const;
    await expect(connectLink(missing, wish)).rejects.toThrow(/no such socket/);
  });
});

describe('another version at the other end', () => {
  it('of another protocol is refused on both sides, with the version to use', async () => {
    const later = await otherEngine({ ...OTHER, protocol: 2 });
    await expect(attach(later, 'observer')).rejects.toThrow(
      /it speaks protocol 2, this program 1; use its own version for it: npx palm-oil-tui@9\.9\.0/,
    );
    const { path, server } = await engine();
    const { state } = await rawClient(path, HELLO.replace(':1', ':2'));
    await waitFor('the end', () => state.isClosed);
    expect(state.text).toContain('this engine speaks protocol 1, not 2');
    expect(server.hasOperator()).toBe(false);
  });

  it('of the same protocol goes on with what both know: other lines, other fields', async () => {
    const known = JSON.parse(JSON.stringify(quiet({ seq: seq(41) })));
    const path = await otherEngine(
      { ...OTHER, mood: 'good' },
      { type: 'weather', rain: true },
      picture({ ...known, rainfall: { mm: 12 } }),
    );
    const remote = await attach(path, 'observer');
    await waitFor('the picture', () => remote.status().snapshot?.seq === 41);
    expect(remote.status().state).toBe('attached');
  });

  it.each([
    ['without a part that is always drawn', { breakers: undefined }, /has no "breakers"; use its/],
    ['of another form', { version: 2 }, /has form 2, not 1; use its own version .*@9\.9\.0/],
  ])('a picture %s ends the screen with a sentence', async (_what, fields, sentence) => {
    const known = JSON.parse(JSON.stringify(quiet()));
    const path = await otherEngine(OTHER, picture({ ...known, ...fields }));
    const remote = await attach(path, 'observer');
    expect(await remote.ended).toMatch(sentence);
    expect(remote.status().snapshot).toBeUndefined();
  });
});
