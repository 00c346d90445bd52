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
    ['\x1bj', ['esc', 'j']],
    ['\x1b\x1b', ['esc']],
    ['\x1b\x1b[A', ['esc', 'up']],
    ['\x1b\x03', ['esc', 'ctrl-c']],
    ['\x1b\r', ['esc', 'enter']],
    ['\x1b油', ['esc', '油']],
    ['\x1b[[A\x1b[24~\x1b[1;5Aq', ['q']],
    ['\x1b]11;rgb:0000/0000/0000\x1b\\q', ['q']],
    ['\x1b]11;rgb:0000/0000/0000\x07q', ['q']],
    ['\x1bP>|xterm(380)\x1b\\q', ['q']],
    ['\x1b[?62;22cq', ['q']],
    ['\x1b[200~flatten\r\x1b[201~', ['paste:flatten\r']],
  ])('%j reads as %j', (bytes, wanted) => {
    expect(names(bytes)).toEqual(wanted);
  });

  it('joins sequences split across packets', () => {
    expect(names('\x1b', '[A')).toEqual(['up']);
    expect(names('\x1b[', '6~')).toEqual(['pagedown']);
    expect(names('\x1b[200~ab', 'c\x1b[20', '1~q')).toEqual(['paste:abc', 'q']);
  });

  it('takes no answer of the terminal for keys, wherever packets cut it', () => {
    const answer = '\x1b[?62;22c\x1bP1$r0m\x1b\\\x1b]11;rgb:00/00/00\x1b\\\x1b[5~';
    for (let cut = 1; cut < answer.length; cut += 1) {
      expect(names(answer.slice(0, cut), answer.slice(cut)), String(cut)).toEqual(['pageup']);
    }
  });

  it.each([']', 'P', 'X', '^', '_'])('Esc and then %s, and nothing more, are two keys', (key) => {
    const reader = new KeyReader();
    expect(reader.feed(`\x1b${key}`)).toEqual([]);
    const keys = reader.flush().map((input) => input.type === 'key' && input.key);
    expect(keys).toEqual(['esc', key]);
    expect(reader.waiting).toBe(false);
  });

  it.each(['[', 'O'])('Esc and %s alone are an arrow that never came: no Esc', (key) => {
    const reader = new KeyReader();
    expect(reader.feed(`\x1b${key}`)).toEqual([]);
    expect(reader.flush()).toEqual([]);
    expect(reader.waiting).toBe(false);
  });

  it('an Enter that came with Esc is not one that confirms (F114)', () => {
    const keys = new KeyReader().feed('\x1b\r');
    expect(keys.every((input) => input.type === 'key' && !input.alone)).toBe(true);
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
