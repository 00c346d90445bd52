/** What two versions of the program need of each other; the socket itself is in link-socket. */
import { describe, expect, it } from 'vitest';
import { pictureRefusal, remedyFor, skewNote } from '../../src/runtime/link-skew.ts';
import { quiet } from '../support/builders-snapshot.ts';

describe('version skew', () => {
  it('a picture of this version is whole, however little is known yet', () => {
    const bare = quiet({ quote: undefined, account: undefined, instrument: undefined });
    expect(pictureRefusal(JSON.parse(JSON.stringify(bare)))).toBeUndefined();
  });

  it('every part that is always there is needed, and only its name is said', () => {
    const whole: Record<string, unknown> = JSON.parse(JSON.stringify(quiet()));
    const { stats: _, ...without } = whole;
    expect(pictureRefusal(without)).toBe('its picture has no "stats"');
    expect(pictureRefusal({ ...whole, version: { a: 1 } })).toMatch(/^its picture has form/);
  });

  it('equal versions say nothing; others say both and the way out', () => {
    expect(skewNote('1.2.3', '1.2.3')).toBeUndefined();
    expect(skewNote('1.2.3', '1.3.0')).toMatch(/engine is version 1\.2\.3, this program 1\.3\.0/);
    expect(remedyFor('1.2.3')).toContain('npx palm-oil-tui@1.2.3');
  });
});
