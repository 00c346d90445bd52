/**
 * Who sits at the keyboard, also where the system knows no name.
 */
import { describe, expect, it } from 'vitest';
import { operatorName } from '../../src/cli/operator-name.ts';

describe('the name of the operator', () => {
  it('is the login name', () => {
    expect(operatorName(() => 'mara')).toBe('mara');
  });

  it('is a number where the system knows no name, as in a container', () => {
    const nameless = () => {
      throw new Error('uv_os_get_passwd returned ENOENT');
    };
    expect(operatorName(nameless)).toMatch(/^user \d+$/);
  });
});
