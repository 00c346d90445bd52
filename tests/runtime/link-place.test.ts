/** Where control sockets are, who may reach them, and which directories are worth a try. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  accountFingerprint,
  clearPlace,
  forgetPlace,
  LinkUnavailable,
  linkCandidates,
  linkPlace,
} from '../../src/runtime/link-place.ts';
import { tempDir } from '../support/temp-dir.ts';

const linux = (runtimeDir?: string) => ({ os: 'linux', runtimeDir });
const ANY = { environment: undefined, account: undefined };

async function listenAt(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
}

describe('the name', () => {
  it('is inside the state directory', () => {
    expect(linkPlace('/data/sim-1-dry-run', linux())).toEqual({
      path: '/data/sim-1-dry-run/engine.sock',
      pointer: undefined,
    });
  });

  it('is short and elsewhere when it would not fit into a socket address', () => {
    const long = `/data/${'x'.repeat(120)}/sim-1-dry-run`;
    const place = linkPlace(long, linux('/run/user/1'));
    expect(Buffer.byteLength(place.path)).toBeLessThanOrEqual(103);
    expect(place.path).toMatch(/^\/run\/user\/1\/palm-oil-tui-\d+\/[0-9a-f]{16}\.sock$/);
    expect(place.pointer).toBe(`${long}/engine.sock.path`);
    expect(linkPlace(`${long}2`, linux('/run/user/1')).path).not.toBe(place.path);
    expect(() => linkPlace(long, linux(`/run/${'y'.repeat(90)}`))).toThrow(LinkUnavailable);
  });

  it('counts bytes, not letters', () => {
    const place = linkPlace(`/data/${'ü'.repeat(45)}/s`, linux('/run'));
    expect(place.pointer).toBeDefined();
  });

  it('is a named pipe on Windows', () => {
    const place = linkPlace('C:\\state', { os: 'win32', runtimeDir: undefined });
    expect(place.path).toMatch(/^\\\\\.\\pipe\\palm-oil-tui-[0-9a-f]{16}$/);
  });

  it('an account is told apart without being named', () => {
    expect(accountFingerprint('demo', '1234567')).toMatch(/^[0-9a-f]{12}$/);
    expect(accountFingerprint('demo', '1234567')).not.toBe(accountFingerprint('live', '1234567'));
  });
});

describe('making room', () => {
  it('closes the directory to others and removes a stale socket only (F122)', async () => {
    const directory = join(tempDir(), 'state');
    mkdirSync(directory);
    chmodSync(directory, 0o755);
    const place = { path: join(directory, 'engine.sock'), pointer: undefined };
    await listenAt(place.path);
    clearPlace(place, directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(existsSync(place.path)).toBe(false);
    writeFileSync(place.path, 'precious');
    expect(() => clearPlace(place, directory)).toThrow(/not a socket/);
    expect(readFileSync(place.path, 'utf8')).toBe('precious');
  });

  it('says beside the state where the socket is, while it is', () => {
    const directory = tempDir();
    const place = { path: join(directory, 'r', 's.sock'), pointer: join(directory, 'pointer') };
    clearPlace(place, dirname(place.path));
    expect(readFileSync(place.pointer, 'utf8')).toBe(place.path);
    forgetPlace(place);
    expect(existsSync(place.pointer)).toBe(false);
  });
});

describe('finding engines', () => {
  it('the newest socket is first; environment and account narrow it', async () => {
    const data = tempDir();
    const names = ['sim-7-dry-run', 'demo-12-dry-run', 'demo-12-live'];
    for (const [index, name] of names.entries()) {
      mkdirSync(join(data, name));
      const path = join(data, name, 'engine.sock');
      await listenAt(path);
      utimesSync(path, 1_000 + index, 1_000 + index);
    }
    mkdirSync(join(data, 'backups'));
    mkdirSync(join(data, 'live-9-live'));
    writeFileSync(join(data, 'live-9-live', 'engine.sock'), 'not a socket');
    const found = (wish: Parameters<typeof linkCandidates>[1]) =>
      linkCandidates(data, wish, linux()).map((one) => one.name);
    expect(found(ANY)).toEqual([...names].reverse());
    expect(found({ environment: 'demo', account: undefined })).toHaveLength(2);
    expect(found({ environment: undefined, account: '7' })).toEqual(['sim-7-dry-run']);
    expect(found({ environment: 'sim', account: '12' })).toEqual([]);
    expect(linkCandidates(join(data, 'nowhere'), ANY, linux())).toEqual([]);
  });

  it('follows a pointer', async () => {
    const data = tempDir();
    const path = join(data, 's.sock');
    mkdirSync(join(data, 'sim-7-dry-run'));
    writeFileSync(join(data, 'sim-7-dry-run', 'engine.sock.path'), path);
    expect(linkCandidates(data, ANY, linux())).toEqual([]);
    await listenAt(path);
    expect(linkCandidates(data, ANY, linux())).toMatchObject([{ name: 'sim-7-dry-run', path }]);
  });
});
