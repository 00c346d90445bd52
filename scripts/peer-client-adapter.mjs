/**
 * A second other client, from another family: its own framing and its own decoder, nothing shared
 * with the first. Login, symbols, prices, a market order, a pending order and its end, the close.
 * Prints one PASS or FAIL line a step; knows nothing of our code.
 * Arguments: folder of the client, port, JSON with the credentials and the account.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { connect } from 'node:tls';

const [folder, port, words] = process.argv.slice(2);
const { clientId, clientSecret, accessToken, account, symbol } = JSON.parse(words);
const { SpotwareClientSocket, FACTORY } = createRequire(join(folder, 'package.json'))(
  '@claasahl/spotware-adapter',
);
const own = { ctidTraderAccountId: Number(account) };
const PATIENCE_MS = 20_000;
const TYPES = { symbols: 2_115, spot: 2_131, execution: 2_126, orderError: 2_132, error: 2_142 };
const [ACCEPTED, FILLED, CANCELLED] = [2, 3, 5];
const [MARKET, LIMIT, BUY] = [1, 2, 1];

const heard = [];
let failed = 0;
let asked = 0;

async function eventually(look, what) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function step(name, work) {
  try {
    const detail = await work();
    console.log(`PASS adapter: ${name}${detail === undefined ? '' : `: ${detail}`}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL adapter: ${name}: ${error instanceof Error ? error.message : error}`);
  }
}

const secure = connect({ host: 'localhost', port: Number(port) });
const socket = new SpotwareClientSocket(secure);
socket.on('data', (message) => heard.push(message));
socket.on('error', (error) => console.log(`FAIL adapter: ${error.message}`));

/** The first message of that type with the id of the request. */
async function ask(make, fields, type) {
  asked += 1;
  const id = `adapter-${asked}`;
  socket.write(make(fields, id));
  const answer = await eventually(
    () => heard.find((one) => one.clientMsgId === id),
    `the answer to request ${asked}`,
  );
  if (answer.payloadType !== type) throw new Error(JSON.stringify(answer.payload));
  return answer.payload;
}

const executed = (type, from, what) =>
  eventually(
    () =>
      heard
        .slice(from)
        .find(
          ({ payloadType, payload }) =>
            payloadType === TYPES.execution && payload.executionType === type,
        )?.payload,
    what,
  );

let symbolId;
let positionId;
await step('connect over TLS', () =>
  eventually(() => secure.authorized === true, 'a verified connection').then(() => undefined),
);
await step('application login', async () => {
  const make = FACTORY.PROTO_OA_APPLICATION_AUTH_REQ;
  await ask(make, { clientId, clientSecret }, 2_101);
});
await step('account login', async () => {
  await ask(FACTORY.PROTO_OA_ACCOUNT_AUTH_REQ, { ...own, accessToken }, 2_103);
});
await step('symbols', async () => {
  const { symbol: list } = await ask(FACTORY.PROTO_OA_SYMBOLS_LIST_REQ, own, TYPES.symbols);
  symbolId = list.find((one) => one.symbolName === symbol).symbolId;
  return `${symbol} is ${symbolId}`;
});
await step('spots', async () => {
  const make = FACTORY.PROTO_OA_SUBSCRIBE_SPOTS_REQ;
  await ask(make, { ...own, symbolId: [symbolId] }, 2_128);
  const spots = () => heard.filter(({ payloadType }) => payloadType === TYPES.spot);
  await eventually(() => spots().length >= 3, 'three prices');
  return `${spots().length} events`;
});
await step('market order', async () => {
  const from = heard.length;
  const order = { symbolId, orderType: MARKET, tradeSide: BUY, volume: 2_500 };
  socket.write(FACTORY.PROTO_OA_NEW_ORDER_REQ({ ...own, ...order }, 'adapter-order'));
  const { deal } = await executed(FILLED, from, 'the execution');
  positionId = deal.positionId;
  return `position ${positionId} at ${deal.executionPrice}`;
});
await step('pending order, cancelled', async () => {
  const from = heard.length;
  const order = { symbolId, orderType: LIMIT, tradeSide: BUY, volume: 2_500, limitPrice: 1_000 };
  socket.write(FACTORY.PROTO_OA_NEW_ORDER_REQ({ ...own, ...order }, 'adapter-limit'));
  const { order: placed } = await executed(ACCEPTED, from, 'the pending order');
  const { orderId } = placed;
  socket.write(FACTORY.PROTO_OA_CANCEL_ORDER_REQ({ ...own, orderId }, 'adapter-cancel'));
  await executed(CANCELLED, from, 'the cancellation');
  return `order ${orderId}`;
});
await step('close', async () => {
  const from = heard.length;
  const close = { ...own, positionId, volume: 2_500 };
  socket.write(FACTORY.PROTO_OA_CLOSE_POSITION_REQ(close, 'adapter-close'));
  const { deal } = await executed(FILLED, from, 'the closing deal');
  return `gross profit ${deal.closePositionDetail.grossProfit} cents`;
});
secure.destroy();
process.exit(failed === 0 ? 0 : 1);
