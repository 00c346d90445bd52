/**
 * Whole words, longest phrase first, clauses and quotes (F107).
 */
import { describe, expect, it } from 'vitest';
import { readClauses } from '../../src/sentiment/headline-words.ts';

const kinds = (text: string) =>
  readClauses(text).map(({ terms }) =>
    terms.flatMap(({ text: word, meaning }) =>
      meaning.kind === 'nothing' ? [] : `${word}:${meaning.kind}`,
    ),
  );

describe('the words of a headline', () => {
  it('take the longest phrase, so that its parts do not count', () => {
    expect(kinds('short covering lifts crude palm oil output')).toEqual([
      ['short covering:mood', 'lifts:move', 'crude palm oil output:subject'],
    ]);
    expect(kinds('a short-term support ticket')).toEqual([[]]);
  });

  it('are whole words', () => {
    expect(kinds('the upset downtown firmware gainsay')).toEqual([[]]);
  });

  it('are cut into clauses that remember how they began', () => {
    const clauses = readClauses('Palm rises despite weak soyoil, but stocks fall?');
    expect(clauses.map(({ opener, isQuestion }) => [opener, isQuestion])).toEqual([
      ['', false],
      ['despite', false],
      ['but', true],
    ]);
  });

  it('in quotation marks are somebody else’s', () => {
    const terms = readClauses('“palm crash” says nobody').flatMap((clause) => clause.terms);
    expect(terms.map(({ isQuoted }) => isQuoted)).toEqual([true, true, false, false]);
  });

  it('know Chinese and accents', () => {
    expect(kinds('棕榈油上涨')).toEqual([['棕榈油:subject', '上涨:move']]);
    expect(kinds('El Niño')).toEqual([['el nino:mood']]);
  });
});
