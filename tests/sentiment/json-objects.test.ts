/**
 * Objects in text: strings hide braces, nothing is repaired (F103).
 */
import { describe, expect, it } from 'vitest';
import { findObjects, readFlatObject } from '../../src/sentiment/json-objects.ts';

describe('finding objects', () => {
  it('ignores braces inside strings and quotes outside objects', () => {
    const text = `it's "{odd}" {"a": "}{"} end`;
    expect(findObjects(`it's {"a": "}{\\"}"} end`)).toMatchObject({
      spans: [{ start: 5, end: 19 }],
    });
    expect(findObjects(text)).toMatchObject({ spans: [{}, {}] });
  });

  it('reports what never closes or never opened', () => {
    for (const text of ['{', '{"a', '{"a": {}', '}', '{} }']) {
      expect([text, findObjects(text).status]).toEqual([text, 'unbalanced']);
    }
  });
});

describe('reading one flat object', () => {
  it('refuses doubled keys, inner objects and everything that is no object', () => {
    const reason = (text: string) => {
      const read = readFlatObject(text);
      return read.status === 'read' ? 'read' : read.reason;
    };
    expect(reason('{"a": 1, "b": ["x: y", 2]}')).toBe('read');
    expect(reason('{"a": 1, "a": 1}')).toBe('doubled-key');
    expect(reason('{"a": {}}')).toBe('nested');
    expect(reason('{"a": [[]]}')).toBe('nested');
    for (const text of ['[]', '1', 'null', '{a: 1}', '']) expect(reason(text)).toBe('not-json');
  });
});
