/**
 * Runs in its own process with the other client, unmodified: login, symbols, prices, an order, its
 * levels, its end. Prints one PASS or FAIL line a step; knows nothing of our code.
 * Arguments: folder of the client, port, JSON with the credentials and the account.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder, port, words] = process.argv.slice(2);
const { clientId, clientSecret, accessToken, account, symbol } = JSON.parse(words);
const { CTraderConnection } = createRequire(join(folder, 'package.json'))(
  '@reiryoku/ctrader-layer',
);
const connection = new CTraderConnection({ host: 'localhost', port: Number(port) });
const own = { ctidTraderAccountId: Number(account) };
const PATIENCE_MS = 20_000;
const executions = [];
const spots = [];
let failed = 0;

/** The other client gives int64 fields as text or number, enums as their name or number. */
const same = (a, b) => String(a) === String(b);
const isType = (event, name, number) =>
  event.executionType === name || same(event.executionType, number);

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
    console.log(`PASS ${name}${detail === undefined ? '' : `: ${detail}`}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}: ${error instanceof Error ? error.message : JSON.stringify(error)}`);
  }
}

/** Next execution of that type after `from`. */
const execution = (name, number, from) =>
  eventually(
    () => executions.slice(from).find((event) => isType(event, name, number)),
    `${name} after event ${from}`,
  );

let symbolId;
let position;

await step('connect over TLS', async () => {
  await connection.open();
  connection.on('ProtoOAExecutionEvent', (event) => executions.push(event.descriptor ?? event));
  connection.on('ProtoOASpotEvent', (event) => spots.push(event.descriptor ?? event));
});
await step('application login', async () => {
  await connection.sendCommand('ProtoOAApplicationAuthReq', { clientId, clientSecret });
});
await step('account list', async () => {
  const answer = await connection.sendCommand('ProtoOAGetAccountListByAccessTokenReq', {
    accessToken,
  });
  const ids = answer.ctidTraderAccount.map((each) => String(each.ctidTraderAccountId));
  if (!ids.includes(String(account))) throw new Error(`only ${ids}`);
  return `${ids.length} accounts`;
});
await step('account login', async () => {
  await connection.sendCommand('ProtoOAAccountAuthReq', { ...own, accessToken });
});
await step('a wrong token is refused', async () => {
  const refused = await connection
    .sendCommand('ProtoOAAccountAuthReq', { ...own, accessToken: 'nonsense' })
    .then(() => undefined)
    .catch((error) => error);
  if (refused?.errorCode !== 'CH_ACCESS_TOKEN_INVALID') throw new Error(JSON.stringify(refused));
  return refused.errorCode;
});
await step('symbols', async () => {
  const list = await connection.sendCommand('ProtoOASymbolsListReq', own);
  symbolId = list.symbol.find((each) => each.symbolName === symbol)?.symbolId;
  if (symbolId === undefined) throw new Error(`${symbol} is not listed`);
  const full = await connection.sendCommand('ProtoOASymbolByIdReq', { ...own, symbolId });
  return `${symbol} is ${symbolId}, digits ${full.symbol[0].digits}`;
});
await step('spots', async () => {
  await connection.sendCommand('ProtoOASubscribeSpotsReq', { ...own, symbolId });
  await eventually(() => spots.some((spot) => spot.bid && spot.ask), 'a price of both sides');
  await eventually(() => spots.length >= 3, 'live prices');
  return `${spots.length} events, bid ${spots.find((spot) => spot.bid).bid}`;
});
await step('order', async () => {
  await connection.sendCommand('ProtoOANewOrderReq', {
    ...own,
    symbolId,
    orderType: 1,
    tradeSide: 1,
    volume: 2_500,
    relativeStopLoss: 5_000_000,
    relativeTakeProfit: 6_000_000,
    label: 'peer',
    clientOrderId: 'peer-1',
  });
  const filled = await execution('ORDER_FILLED', 3, 0);
  position = filled.position.positionId;
  // The server's own order that protects the position follows the fill.
  await eventually(
    () => executions.some((event) => event.position?.stopLoss > 0 && event.position.takeProfit > 0),
    'the protective order',
  );
  return `position ${position} at ${filled.deal.executionPrice}`;
});
await step('amend', async () => {
  const from = executions.length;
  const { stopLoss, takeProfit } = executions.findLast((event) => event.position).position;
  await connection.sendCommand('ProtoOAAmendPositionSLTPReq', {
    ...own,
    positionId: position,
    stopLoss: stopLoss - 5,
    takeProfit: takeProfit + 5,
  });
  const replaced = await execution('ORDER_REPLACED', 4, from);
  if (replaced.position.stopLoss !== stopLoss - 5) throw new Error('another stop stands');
  return `stop ${stopLoss} -> ${replaced.position.stopLoss}`;
});
await step('close', async () => {
  const from = executions.length;
  await connection.sendCommand('ProtoOAClosePositionReq', {
    ...own,
    positionId: position,
    volume: 2_500,
  });
  const filled = await execution('ORDER_FILLED', 3, from);
  if (!filled.deal.closePositionDetail) throw new Error('the deal closes nothing');
  const after = await connection.sendCommand('ProtoOAReconcileReq', own);
  if ((after.position ?? []).length > 0) throw new Error('a position is left');
  return `gross profit ${filled.deal.closePositionDetail.grossProfit} cents, nothing left`;
});
connection.close();
process.exit(failed === 0 ? 0 : 1);
