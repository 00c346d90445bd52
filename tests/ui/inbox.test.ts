// What the inbox holds, and what a person may decide about each matter.
import { expect, it } from 'vitest';
import { clientOrderId, positionId } from '../../src/engine/index.ts';
import { cancelOf, inboxItems, optionsFor, ruledOn } from '../../src/ui/inbox.ts';
import { order, quiet } from '../support/builders-snapshot.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';

const items = inboxItems(SITUATIONS.differing());

it('holds orders without proof first, then every difference', () => {
  expect(items.map((one) => one.id)).toEqual(['o:c-7f3a', 'R07:70044', 'R15:70012', 'R27:552']);
  expect(inboxItems(undefined)).toEqual([]);
});

it('offers a verdict or a cancel only where the engine takes one', () => {
  const offered = items.map(optionsFor);
  expect(offered.map((one) => one.ruling?.type)).toEqual(['absent', 'adopt', undefined, undefined]);
  expect(offered.map((one) => one.cancel?.brokerOrderId)).toEqual([
    undefined,
    undefined,
    undefined,
    '552',
  ]);
});

it('has no verdict while an order may still be proven, or was executed in part', () => {
  const [unknown] = inboxItems(SITUATIONS.unknown());
  expect(unknown && optionsFor(unknown).ruling).toBeUndefined();
  const part = order({ state: 'QUARANTINED', executed: order().volume });
  expect(optionsFor({ type: 'order', id: 'o:x', order: part }).ruling).toBeUndefined();
});

it('cancels only what the broker has named', () => {
  expect(cancelOf(order())).toBeUndefined();
});

it('binds a verdict to what it is about', () => {
  const ruling = { type: 'absent', orderId: clientOrderId('c-7f3a') } as const;
  expect(ruledOn(ruling, SITUATIONS.differing())).toBe('QUARANTINED 0');
  expect(ruledOn(ruling, quiet())).toBe('gone');
  expect(ruledOn({ type: 'adopt', positionId: positionId('70012') }, SITUATIONS.long())).toContain(
    'true',
  );
});
