// output: stdout and stderr that have written before they return.
//
// Node's own stream on a pipe queues what a full pipe does not take, and loses it when the
// process ends. Here a line is with its reader before the result of its invocation is posted.
'use strict';

const fs = require('node:fs');

const pause = new Int32Array(new SharedArrayBuffer(4));

function writeAll(fd, bytes) {
  for (let done = 0; done < bytes.length;) {
    try {
      done += fs.writeSync(fd, bytes, done);
    } catch (error) {
      // A child process may have made the shared pipe non-blocking.
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

function openStream(fd) {
  const { Writable } = require('node:stream');
  const stream = new Writable({
    decodeStrings: true,
    write(bytes, _encoding, done) {
      try {
        writeAll(fd, bytes);
        done();
      } catch (error) {
        done(error);
      }
    },
  });
  stream.fd = fd;
  stream._isStdio = true;
  stream.destroy = () => stream; // as Node's own: it can't be closed
  return stream;
}

/** Replaces both streams, each made when it is first used; console follows. */
function synchronousOutput(target) {
  for (const [name, fd] of [
    ['stdout', 1],
    ['stderr', 2],
  ]) {
    let stream;
    Object.defineProperty(target, name, {
      configurable: true,
      enumerable: true,
      get: () => (stream ??= openStream(fd)),
    });
  }
}

module.exports = { synchronousOutput };
