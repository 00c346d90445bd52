/**
 * `npm run acceptance:peers`: other people's clients, unmodified, against the simulator over
 * TLS. Installs each into a temporary folder for the run; nothing of them stays.
 * Exit code 0 when every step passes, 1 when one fails, 2 when a client cannot be had.
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
import { ADAPTER, installPeer, PEER } from './peer.ts';

const PACE_MS = 10;
/** The market's time runs faster than ours, so that prices come soon. */
const SPEED = 5;

interface Peer {
  readonly name: typeof PEER | typeof ADAPTER;
  readonly client: string;
}

const PEERS: readonly Peer[] = [
  { name: PEER, client: 'peer-client.mjs' },
  { name: ADAPTER, client: 'peer-client-adapter.mjs' },
];

/** A fresh simulated broker for one client; its exit code. */
async function accept(name: string, client: string, packages: string): Promise<number> {
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
  console.log(`${name} against the simulated broker, port ${listener.port}`);
  const words = JSON.stringify({
    ...STANDARD_CREDENTIALS,
    account: SIMULATED_ACCOUNT.id,
    symbol: 'FCPO',
  });
  const script = fileURLToPath(new URL(client, import.meta.url));
  const child = spawn(process.execPath, [script, packages, String(listener.port), words], {
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
  return code;
}

const codes: number[] = [];
for (const { name, client } of PEERS) {
  const installed = installPeer(name);
  if (installed.folder === undefined) {
    console.log(`SKIPPED ${installed.reason}`);
    codes.push(2);
    continue;
  }
  codes.push(await accept(name, client, installed.folder));
  installed.remove();
}
const failed = codes.some((code) => code !== 0 && code !== 2);
const skipped = codes.includes(2);
console.log(failed ? 'FAIL' : skipped ? 'INCOMPLETE' : 'PASS all steps');
process.exit(failed ? 1 : skipped ? 2 : 0);
