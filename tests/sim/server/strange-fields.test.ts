// Extra fields must leave everything a reader knows as it was, and really be there.
import { expect, it } from 'vitest';
import { decodeEnvelope, encodeEnvelope } from '../../../src/ctrader/wire/codec.ts';
import { withStrangeFields } from '../../../src/sim/server/strange-fields.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

it('a trader with field 23 reads as before, with lengths of one byte and of two', () => {
  for (const brokerName of ['short', 'x'.repeat(117), 'x'.repeat(300)]) {
    const trader = {
      ctidTraderAccountId: '1000001',
      balance: -5,
      depositAssetId: '1',
      brokerName,
    };
    const fields = { ctidTraderAccountId: '1000001', trader };
    const plain = encodeEnvelope({ name: 'ProtoOATraderRes', fields, clientMsgId: 'a' });
    const strange = withStrangeFields('ProtoOATraderRes', plain);
    expect(strange.length).toBeGreaterThan(plain.length);
    expect(decodeEnvelope(strange.subarray(4))).toEqual(decodeEnvelope(plain.subarray(4)));
    expect(decodeEnvelope(strange.subarray(4))).toMatchObject({ fields, clientMsgId: 'a' });
  }
});

it('every deal of a list gets field 19, empty', () => {
  const deal = {
    dealId: '9000001',
    orderId: '5000001',
    positionId: '7000001',
    volume: 100,
    filledVolume: 100,
    symbolId: '2001',
    createTimestamp: 1,
    executionTimestamp: 2,
    executionPrice: 4603.5,
    tradeSide: 1,
    dealStatus: 2,
  } as const;
  const fields = { ctidTraderAccountId: '1', deal: [deal, deal], hasMore: false };
  const plain = encodeEnvelope({ name: 'ProtoOADealListRes', fields });
  const strange = withStrangeFields('ProtoOADealListRes', plain);
  expect(hex(strange).split('9a0100')).toHaveLength(3);
  expect(decodeEnvelope(strange.subarray(4))).toEqual(decodeEnvelope(plain.subarray(4)));
});

it('other messages stay byte for byte', () => {
  const plain = encodeEnvelope({ name: 'ProtoOAVersionRes', fields: { version: '1' } });
  expect(hex(withStrangeFields('ProtoOAVersionRes', plain))).toBe(hex(plain));
});
