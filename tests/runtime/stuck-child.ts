/** A process whose main thread hangs on purpose: how its guard ends it is the test's business. */

import { openJournal, prepareJournal } from '../../src/runtime/journal.ts';
import { GENESIS } from '../../src/runtime/journal-rows.ts';
import { systemClock } from '../../src/runtime/loop.ts';
import { createPulse } from '../../src/runtime/pulse.ts';
import { createTimings } from '../../src/runtime/timings.ts';
import { afterReal, IDENTITY, WRITER } from '../support/journal.ts';

const [, , file = ''] = process.argv;
const pulse = createPulse({
  clock: systemClock(),
  timings: createTimings(),
  onBeat: () => undefined,
});
await prepareJournal(file, IDENTITY);
openJournal({
  file,
  head: GENESIS,
  writer: WRITER,
  after: afterReal,
  onAnswer: () => undefined,
  beat: pulse.beat,
});
pulse.start();
setTimeout(() => {
  process.stdout.write('hangs\n', () => {
    // Hangs as a loop without end would, and leaves the processor to the other tests.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
}, 1_500);
