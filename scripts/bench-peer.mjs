/**
 * The other client's receiver of the receive bench, unmodified, in its own process: its listener
 * for prices and nothing else. Same orders and answers as our receiver.
 * Argument: the folder it was installed into.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { CTraderConnection } = createRequire(join(process.argv[2], 'package.json'))(
  '@reiryoku/ctrader-layer',
);

process.once('message', async ({ port }) => {
  let quotes = 0;
  let expected = Number.POSITIVE_INFINITY;
  let began;
  const connection = new CTraderConnection({ host: 'localhost', port });
  await connection.open();
  connection.on('ProtoOASpotEvent', () => {
    quotes += 1;
    if (quotes !== expected) return;
    const cpu = process.cpuUsage(began.cpu);
    const wallMs = performance.now() - began.at;
    process.send({ type: 'received', quotes, cpuMicros: cpu.user + cpu.system, wallMs });
  });
  process.on('message', ({ expect }) => {
    if (expect === undefined) return;
    quotes = 0;
    expected = expect;
    began = { cpu: process.cpuUsage(), at: performance.now() };
    process.send({ type: 'armed' });
  });
  process.send({ type: 'ready' });
});
