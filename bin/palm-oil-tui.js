#!/usr/bin/env node
// Starts the bundled program. Deliberately modest syntax and nothing loaded at first: an older
// Node must get as far as the sentence below instead of a syntax error.
'use strict';
process.env.NODE_ENV = 'production'; // before React is loaded

const wanted = [20, 20];
const own = process.versions.node.split('.').map(Number);
if (own[0] < wanted[0] || (own[0] === wanted[0] && own[1] < wanted[1])) {
  process.stderr.write(
    `palm-oil-tui needs Node.js ${wanted.join('.')} or newer and this is ` +
      `${process.versions.node}: install a current Node.js, then start again.\n`,
  );
  process.exit(64);
}

const { begin, keepOne } = require('./load.js');

const first = process.argv[2] || '';
const verb = /^[a-z]/.test(first) ? first : 'run';

// A reader that goes away (`palm-oil-tui config list | head -1`) must not end a running engine.
// Anything else than that (a full disk behind `> file`) must not look like success.
let unwritten;
const lose = (error) => {
  if (error.code !== 'EPIPE' && unwritten === undefined) unwritten = error.code;
};
process.stdout.on('error', lose);
process.stderr.on('error', () => {});

// Into a file, Node writes once and takes no notice of what a filling disk did not take.
if (process.stdout.constructor.name === 'SyncWriteStream') {
  const { writeSync } = require('node:fs');
  process.stdout._write = (chunk, _encoding, done) => {
    try {
      for (let at = 0; at < chunk.length; ) at += writeSync(process.stdout.fd, chunk, at);
    } catch (error) {
      lose(error);
    }
    done();
  };
}

Promise.resolve()
  .then(() =>
    begin('main', verb.replace(/[^a-z-]/g, '-'), verb === 'run').main(process.argv.slice(2), {
      stdout: process.stdout,
      stderr: process.stderr,
      stdin: process.stdin,
      env: process.env,
    }),
  )
  .then(leave, (error) => {
    const text = error instanceof Error ? error.message : String(error);
    const plain = text.replace(/[^\x20-\x7e]+/g, ' ');
    process.stderr.write(`palm-oil-tui stopped on an internal fault: ${plain}\n`);
    leave(70);
  });

// Nothing left to wait for and no answer: that is a fault, and must not look like success.
process.once('beforeExit', () => {
  process.stderr.write('palm-oil-tui stopped on an internal fault: it ended without an answer\n');
  process.exit(70);
});

// Both streams first, so that the last line of a pipe is not cut off.
function leave(code) {
  while (code === 0 && keepOne());
  process.stdout.write('', () => {
    const isLost = unwritten !== undefined && code === 0;
    const text =
      `palm-oil-tui: standard output could not be written (${unwritten}): ` +
      'what is there is not whole.\n';
    process.stderr.write(isLost ? text : '', () => process.exit(isLost ? 74 : code));
  });
}
