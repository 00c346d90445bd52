// A line in memory behaves like one over the network: in order, after its time, closed once.
// The server here only echoes; what a real one says is tested elsewhere.
import { expect, it } from 'vitest';
import { wall } from '../../../src/engine/index.ts';
import { memoryDial } from '../../../src/sim/server/memory-dial.ts';
import type { ServerLine } from '../../../src/sim/server/session.ts';
import { createVirtualClock } from '../../../src/sim/virtual-clock.ts';

function joined() {
  const clock = createVirtualClock(wall(0));
  const log: string[] = [];
  const lines: ServerLine[] = [];
  const note = (text: string): void => {
    log.push(`${clock.mono()} ${text}`);
  };
  const server = {
    accept: (line: ServerLine) => {
      lines.push(line);
      note('accepted');
      return {
        bytes: (chunk: Uint8Array) => note(`server got ${[...chunk]}`),
        closed: () => note('server closed'),
      };
    },
  };
  const line = memoryDial(
    server,
    clock,
    10,
  )({
    opened: () => note('opened'),
    bytes: (chunk) => note(`client got ${[...chunk]}`),
    closed: () => note('client closed'),
  });
  return { clock, line, lines, log };
}

it('delivers bytes both ways in order, copied at the time of writing', () => {
  const { clock, line, lines, log } = joined();
  line.write(Uint8Array.of(9));
  clock.advanceBy(10);
  const chunk = Uint8Array.of(1);
  line.write(chunk);
  chunk[0] = 7;
  line.write(Uint8Array.of(2));
  lines[0]?.write(Uint8Array.of(3));
  clock.advanceBy(20);
  expect(log).toEqual([
    '10 accepted',
    '10 opened',
    '20 server got 1',
    '20 server got 2',
    '20 client got 3',
  ]);
});

it('ends for the client after the last bytes when the server closes', () => {
  const { clock, line, lines, log } = joined();
  clock.advanceBy(10);
  lines[0]?.write(Uint8Array.of(3));
  lines[0]?.close();
  clock.advanceBy(20);
  line.write(Uint8Array.of(4));
  clock.advanceBy(20);
  expect(log.slice(2)).toEqual(['20 client got 3', '20 client closed']);
});

it('ends for the server when the client closes; the client hears nothing more', () => {
  const { clock, line, lines, log } = joined();
  clock.advanceBy(10);
  line.write(Uint8Array.of(1));
  line.close();
  lines[0]?.write(Uint8Array.of(3));
  clock.advanceBy(20);
  expect(log.slice(2)).toEqual(['20 server got 1', '20 server closed']);
});

it('never opens when the client closed before', () => {
  const { clock, line, log } = joined();
  line.close();
  clock.advanceBy(50);
  expect(log).toEqual([]);
});
