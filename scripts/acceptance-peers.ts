/**
 * `npm run acceptance:peers`: other people's client, unmodified, against the simulator over
 * TLS. Installs it into a temporary folder for the run; nothing of it stays.
 * Exit code 0 when every step passes, 1 when one fails, 2 when the client cannot be had.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOOPBACK_NAMES, makeLocalCertificates } from '../src/cli/certificate.ts';
import { DEFAULT_START, SIMULATED_ACCOUNT } from '../src/sim/fcpo.ts';
import { createSyntheticMarket, DEFAULT_LEVEL } from '../src/sim/market.ts';
import { listen } from '../src/sim/server/listener.ts';
import { createSimulatorServer } from '../src/sim/server/server.ts';
import { STANDARD_CREDENTIALS, standardBroker } from '../src/sim/server/standard-broker.ts';
import { createVirtualClock } from '../src/sim/virtual-clock.ts';
import { installPeer, PEER } from './peer.ts';

const PACE_MS = 10;
/** The market's time runs faster than ours, so that prices come soon. */
const SPEED = 5;

const peer = installPeer();
if (peer.folder === undefined) {
  console.log(`SKIPPED ${peer.reason}`);
  process.exit(2);
}
const clock = createVirtualClock(DEFAULT_START);
const market = createSyntheticMarket({
  seed: 'peers',
  liveFrom: DEFAULT_START,
  startLevel: DEFAULT_LEVEL,
  historyMinutes: 60,
});
const server = createSimulatorServer(standardBroker({ clock, seed: 'peers', market }));
const tls = makeLocalCertificates({ now: Date.now(), days: 1, names: LOOPBACK_NAMES });
const folder = mkdtempSync(join(tmpdir(), 'palm-oil-certificate-'));
const authority = join(folder, 'authority.pem');
writeFileSync(authority, tls.authority);
const listener = await listen({ server, host: '127.0.0.1', port: 0, tls });
const pacer = setInterval(() => clock.advanceBy(PACE_MS * SPEED), PACE_MS);

console.log(`${PEER} against the simulated broker, port ${listener.port}`);
const words = JSON.stringify({
  ...STANDARD_CREDENTIALS,
  account: SIMULATED_ACCOUNT.id,
  symbol: 'FCPO',
});
const client = fileURLToPath(new URL('peer-client.mjs', import.meta.url));
const child = spawn(process.execPath, [client, peer.folder, String(listener.port), words], {
  stdio: 'inherit',
  // Its own way to trust a certificate: the verification stays as it is.
  env: { ...process.env, NODE_EXTRA_CA_CERTS: authority, NODE_OPTIONS: '' },
});
const code = await new Promise<number>((resolve) => {
  child.once('exit', (status) => resolve(status ?? 1));
});
clearInterval(pacer);
await listener.close();
server.stop();
rmSync(folder, { recursive: true, force: true });
peer.remove();
console.log(code === 0 ? 'PASS all steps' : 'FAIL');
process.exit(code);
