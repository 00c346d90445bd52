// The door to the network with real sockets: TLS, plain text on this computer only, endings.
// The conversation behind it is tested in memory.
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { LOOPBACK_NAMES, makeLocalCertificates } from '../../../src/cli/certificate.ts';
import { decodeEnvelope, encodeEnvelope } from '../../../src/ctrader/wire/codec.ts';
import { frameReader } from '../../../src/ctrader/wire/frame.ts';
import { type Listener, type ListenerParams, listen } from '../../../src/sim/server/listener.ts';
import { bench } from './bench.ts';

const HOST = '127.0.0.1';
let listener: Listener | undefined;

async function open(more: Partial<ListenerParams>) {
  const { clock, server } = bench();
  listener = await listen({ server, host: HOST, port: 0, ...more });
  return { clock, server, port: listener.port };
}

/** Resolves with the first frame that arrives; `tick` lets the server's time pass meanwhile. */
function firstFrame(socket: Socket, tick: () => void): Promise<unknown> {
  const reader = frameReader({ maxBytes: 1_000_000 });
  return new Promise((resolve, reject) => {
    const pulse = setInterval(tick, 5);
    const done = (act: () => void): void => {
      clearInterval(pulse);
      act();
    };
    socket.on('error', (error) => done(() => reject(error)));
    socket.on('close', () => done(() => reject(new Error('closed'))));
    socket.on('data', (chunk) => {
      const [body] = reader.push(chunk).frames;
      if (body !== undefined) done(() => resolve(decodeEnvelope(body)));
    });
  });
}

const version = encodeEnvelope({ name: 'ProtoOAVersionReq', fields: {}, clientMsgId: 'v' });
const answer = { name: 'ProtoOAVersionRes', clientMsgId: 'v' };

afterEach(async () => {
  await listener?.close();
  listener = undefined;
});

describe('the listener', () => {
  it('1 speaks TLS with the certificate it was given', async () => {
    const tls = makeLocalCertificates({ now: Date.now(), days: 1, names: LOOPBACK_NAMES });
    const { clock, port } = await open({ tls });
    const socket = connectTls({ host: HOST, port, servername: 'localhost', ca: tls.authority });
    socket.write(version);
    await expect(firstFrame(socket, () => clock.advanceBy(10))).resolves.toMatchObject(answer);
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });

  it('speaks plain TCP on this computer', async () => {
    const { clock, port } = await open({});
    const socket = connectPlain({ host: HOST, port });
    for (const byte of version) socket.write(Uint8Array.of(byte));
    await expect(firstFrame(socket, () => clock.advanceBy(10))).resolves.toMatchObject(answer);
    socket.destroy();
  });

  it('offers no plain TCP to the network', async () => {
    const { server } = bench();
    const asked = listen({ server, host: '0.0.0.0', port: 0 });
    await expect(asked).rejects.toThrow('without TLS only this computer may connect');
  });

  it('rejects when the port is taken', async () => {
    const { port, server } = await open({});
    await expect(listen({ server, host: HOST, port })).rejects.toThrow('EADDRINUSE');
  });

  it('survives a client that does not speak TLS', async () => {
    const tls = makeLocalCertificates({ now: Date.now(), days: 1, names: LOOPBACK_NAMES });
    const { clock, port } = await open({ tls });
    const rude = connectPlain({ host: HOST, port });
    rude.write('GET / HTTP/1.0\r\n\r\n');
    await expect(firstFrame(rude, () => undefined)).rejects.toThrow();
    const socket = connectTls({ host: HOST, port, servername: 'localhost', ca: tls.authority });
    socket.write(version);
    await expect(firstFrame(socket, () => clock.advanceBy(10))).resolves.toMatchObject(answer);
    socket.destroy();
  });

  it('10 closes the socket when the server closes the connection', async () => {
    const { clock, port } = await open({});
    const socket = connectPlain({ host: HOST, port });
    const ended = firstFrame(socket, () => clock.advanceBy(1_000));
    await expect(ended).rejects.toThrow('closed');
  });
});
