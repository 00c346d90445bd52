// Key bytes: one key at a time whatever the packets were; pastes are pastes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyReader } from '../../src/ui/keys.ts';

const names = (...chunks: readonly string[]) => {
  const reader = new KeyReader();
  return chunks
    .flatMap((chunk) => reader.feed(new TextEncoder().encode(chunk)))
    .map((input) => (input.type === 'key' ? input.key : `paste:${input.text}`));
};

describe('key reader', () => {
  it.each([
    ['j\x03', ['j', 'ctrl-c']],
    ['\x03\x03', ['ctrl-c', 'ctrl-c']],
    ['jjj', ['j', 'j', 'j']],
    ['\x1b[A\x1b[B', ['up', 'down']],
    ['\x1bOA', ['up']],
    ['\x1b[5~\x1b[6~', ['pageup', 'pagedown']],
    ['\x1b[Z\t', ['shift-tab', 'tab']],
    ['\r\n', ['enter', 'enter']],
    ['\x7f\b', ['backspace', 'backspace']],
    ['\x0c', ['ctrl-l']],
    ['油K', ['油', 'K']],
    ['\x1b[<0;10;5M', []],
    ['\x1b[200~flatten\r\x1b[201~', ['paste:flatten\r']],
  ])('%j reads as %j', (bytes, wanted) => {
    expect(names(bytes)).toEqual(wanted);
  });

  it('joins sequences split across packets', () => {
    expect(names('\x1b', '[A')).toEqual(['up']);
    expect(names('\x1b[', '6~')).toEqual(['pagedown']);
    expect(names('\x1b[200~ab', 'c\x1b[20', '1~q')).toEqual(['paste:abc', 'q']);
  });

  it('takes a lone Esc for Esc only after the pause', () => {
    const reader = new KeyReader();
    expect(reader.feed('\x1b')).toEqual([]);
    expect(reader.waiting).toBe(true);
    expect(reader.flush()).toEqual([{ type: 'key', key: 'esc', alone: true }]);
    expect(reader.waiting).toBe(false);
  });

  it('knows which keys came alone (F114)', () => {
    const reader = new KeyReader();
    expect(reader.feed('\r')).toEqual([{ type: 'key', key: 'enter', alone: true }]);
    expect(reader.feed('y\r').every((input) => input.type === 'key' && !input.alone)).toBe(true);
  });

  it('reads the same keys from any segmentation', () => {
    const bytes = 'ab\x1b[A\x1b[200~p\x1bq\x1b[201~\x1bOB油\x03';
    const whole = names(bytes);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: bytes.length - 1 })), (cuts) => {
        const points = [0, ...[...new Set(cuts)].sort((a, b) => a - b), bytes.length];
        const chunks = points.slice(1).map((end, index) => bytes.slice(points[index], end));
        expect(names(...chunks)).toEqual(whole);
      }),
    );
  });

  it('never keeps more than a bound of a sequence that does not end', () => {
    const reader = new KeyReader();
    reader.feed(`\x1b[${'1'.repeat(100_000)}`);
    expect(reader.waiting).toBe(false);
    reader.feed(`\x1b[200~${'x'.repeat(100_000)}`);
    const [paste] = reader.feed('\x1b[201~');
    expect(paste?.type === 'paste' && paste.text.length).toBe(4_096);
  });
});
