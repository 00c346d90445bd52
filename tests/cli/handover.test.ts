/** The page for who comes on shift: the same facts as text and as JSON. */
import { describe, expect, it } from 'vitest';
import { differences, handover } from '../../src/cli/handover.ts';
import { handoverText } from '../../src/cli/handover-text.ts';
import { positionId, wall } from '../../src/engine/index.ts';
import { position, quiet, tripped } from '../support/builders-snapshot.ts';
import { CONFIG } from '../support/engine-config.ts';
import { golden } from '../support/golden.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';

type Parts = Parameters<typeof handover>[0];

const NOON = Date.UTC(2026, 10, 20, 6, 35, 7);
const parts = (more: Partial<Parts> = {}): Parts => ({
  snapshot: quiet(),
  journal: { entries: 42, digest: 'f79b4923758292bb' },
  hello: {
    type: 'hello',
    protocol: 1,
    version: '0.1.0',
    runId: 'r-0001',
    environment: 'sim',
    mode: 'dry-run',
    account: '45f440a7a215',
    role: 'observer',
  },
  troubles: [],
  ownVersion: quiet().productVersion,
  mark: undefined,
  past: undefined,
  here: undefined,
  plain: undefined,
  origins: [],
  ...more,
});

const act = (what: string, by: string | undefined) => ({
  id: 31,
  seq: 30,
  at: wall(NOON - 600_000),
  kind: 'asked' as const,
  subject: 'a1-1',
  what,
  why: '{"type":"flatten"}',
  by,
});

describe('the hand-over report', () => {
  it('is one page: mode, protection, open matters, breakers, what happened, settings', () => {
    const before = SITUATIONS.differing();
    const report = handover(
      parts({
        snapshot: { ...before, positions: [position(), ...before.positions] },
        hello: { ...parts().hello, operator: 'an attached screen (ann)' },
        ownVersion: '9.9.0',
        troubles: ['an order has no known outcome'],
        mark: { at: NOON - 8 * 3_600_000, by: 'bob', row: 7, note: 'roll on \u001b[31mFriday' },
        past: {
          today: [],
          since: [],
          audit: [act('flatten (operator)', 'bob')],
          left: 3,
          starts: 1,
          config: { ...CONFIG, riskBps: 50 },
          configThen: CONFIG,
        },
        here: CONFIG,
        plain: CONFIG,
        origins: ['RISK_PER_TRADE=0.5 (.env)'],
      }),
    );
    const text = handoverText(report);
    golden('cli/handover.txt', text);
    expect(text).not.toContain('\u001b');
    expect(text.split('\n').length).toBeLessThan(50);
  });

  it('shouts about a position without a stop and about a tripped breaker, those first', () => {
    const naked = position({ id: positionId('9'), stop: undefined, state: 'NAKED' });
    const text = handoverText(
      handover(
        parts({ snapshot: quiet({ positions: [naked], breakers: [tripped('KILL', 'pressed')] }) }),
      ),
    );
    expect(text).toMatch(/^positions {2}9 .*NO CONFIRMED STOP/m);
    expect(text).toMatch(/^breakers {3}\S+ TRIPPED: /m);
  });

  it('says unknown where nothing is known, never zero (I18)', () => {
    const snapshot = quiet({ account: undefined, quote: undefined });
    const report = handover(parts({ snapshot }));
    expect(report).toMatchObject({ funds: null, today: null, since: null, last: null });
    expect(JSON.stringify(report)).not.toContain('undefined');
    expect(handoverText(report)).toMatch(/^today {6}the journal was not found/m);
  });

  it('names every setting that differs, and nothing else', () => {
    expect(
      differences(CONFIG, { ...CONFIG, riskBps: 7, trendFilter: !CONFIG.trendFilter }, 'now'),
    ).toEqual([
      `trendFilter ${CONFIG.trendFilter}, now ${!CONFIG.trendFilter}`,
      `riskBps ${CONFIG.riskBps}, now 7`,
    ]);
    expect(differences(CONFIG, CONFIG, 'now')).toEqual([]);
    expect(differences(undefined, CONFIG, 'now')).toEqual([]);
  });
});
