/** Where files live on each platform. */
import { expect, it } from 'vitest';
import {
  absolute,
  defaultConfigFile,
  defaultDataDir,
  stateDirName,
} from '../../src/cli/config-paths.ts';

const linux = { os: 'linux', home: '/home/ann', cwd: '/srv' };
const mac = { os: 'darwin', home: '/Users/ann', cwd: '/' };
const windows = { os: 'win32', home: 'C:\\Users\\ann', cwd: 'C:\\' };

it('follows XDG, and ignores a relative XDG directory as the specification asks', () => {
  expect(defaultDataDir(linux, {})).toBe('/home/ann/.local/share/palm-oil-tui');
  expect(defaultDataDir(linux, { XDG_DATA_HOME: '/data' })).toBe('/data/palm-oil-tui');
  expect(defaultDataDir(linux, { XDG_DATA_HOME: 'data' })).toContain('/home/ann/.local');
  expect(defaultConfigFile(linux, { XDG_CONFIG_HOME: '/etc/x' })).toBe(
    '/etc/x/palm-oil-tui/config.json',
  );
});

it('follows the customs of macOS and Windows', () => {
  const support = '/Users/ann/Library/Application Support/palm-oil-tui';
  expect(defaultDataDir(mac, {})).toBe(support);
  expect(defaultConfigFile(windows, { APPDATA: 'D:\\r' })).toBe('D:\\r\\palm-oil-tui\\config.json');
  expect(defaultDataDir(windows, {})).toBe('C:\\Users\\ann\\AppData\\Local\\palm-oil-tui');
});

it('makes names absolute from the working directory, with ~ for home', () => {
  expect(absolute(linux, 'a/../b')).toBe('/srv/b');
  expect(absolute(linux, '~/x')).toBe('/home/ann/x');
});

it('keeps environments, accounts and modes apart', () => {
  expect(stateDirName('demo', '42', 'dry-run')).toBe('demo-42-dry-run');
});
