/** Opening an address: never a shell, and no window where there is no desktop. */
import { describe, expect, it } from 'vitest';
import { browserCommand, openBrowser } from '../../src/cli/browser.ts';
import { tempDir } from '../support/temp-dir.ts';

const ADDRESS = 'https://id.ctrader.com/?a=1&b=$(touch x);`rm`|x';

describe('a browser', () => {
  it('F97 gets the address as one argument of a program', () => {
    expect(browserCommand('darwin', {}, ADDRESS)).toEqual(['open', ADDRESS]);
    expect(browserCommand('linux', { DISPLAY: ':0' }, ADDRESS)).toEqual(['xdg-open', ADDRESS]);
    expect(browserCommand('linux', { WAYLAND_DISPLAY: 'w' }, ADDRESS)).toBeDefined();
    const windows = browserCommand('win32', {}, ADDRESS);
    expect([windows?.[0], windows?.at(-1)]).toEqual(['rundll32', ADDRESS]);
  });

  it('F97 is not looked for without a desktop, and its absence is no fault', async () => {
    expect(browserCommand('linux', {}, ADDRESS)).toBeUndefined();
    expect(await openBrowser('linux', {}, ADDRESS)).toBe(false);
    const nothingThere = { DISPLAY: ':0', PATH: tempDir() };
    expect(await openBrowser('linux', nothingThere, ADDRESS)).toBe(false);
  });
});
