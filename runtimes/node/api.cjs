// api: a client of the Lambda Runtime API (2018-06-01) on one connection.
//
// A result and the request for the next event go out in one write; the server answers both in
// order. While a handler runs the socket does not keep the event loop alive, so that the loop
// runs empty when the handler has nothing left to do.
'use strict';

const net = require('node:net');
const { ResponseReader } = require('./http.cjs');

const PREFIX = '/2018-06-01/runtime';
const PAYLOAD_MAX = 6291556; // of a response; past it the server answers 413
const READ_SIZE = 64 * 1024;

class Api {
  /** `onEvent(headers, body)` for each event; `onGone(reason)` once, '' when it was orderly. */
  constructor(address, { onEvent, onGone }) {
    const colon = address.lastIndexOf(':');

    this.host = address.slice(0, colon);
    this.port = Number(address.slice(colon + 1));
    this.onEvent = onEvent;
    this.onGone = onGone;
    this.end = ` HTTP/1.1\r\nHost: ${address}\r\n`;
    this.nextRequest = `GET ${PREFIX}/invocation/next${this.end}\r\n`;
    this.connect();
  }

  connect() {
    this.awaited = []; // what each outstanding answer is for, oldest first
    this.tooLarge = false;
    this.reader = new ResponseReader((status, headers, body) =>
      this.answered(status, headers, body),
    );
    this.socket = net.connect({
      host: this.host,
      port: this.port,
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(READ_SIZE),
        callback: (n, bytes) => this.read(n, bytes),
      },
    });
    this.socket.unref();
    this.socket.on('error', (error) => this.lost(error.message));
    this.socket.on('end', () => this.lost(this.awaited.length > 1 ? 'it hung up' : ''));
  }

  read(n, bytes) {
    try {
      this.reader.push(bytes.subarray(0, n));
    } catch (error) {
      this.socket.destroy();
      this.onGone(error.message);
    }
    return true;
  }

  lost(reason) {
    this.socket.destroy();
    // A server may hang up on a response that is past its limit instead of reading it.
    if (!this.tooLarge) return this.onGone(reason);
    this.connect();
    this.next();
  }

  next() {
    this.socket.ref();
    this.awaited.push(this.takeEvent);
    this.socket.write(this.nextRequest, 'latin1');
  }

  postResponse(id, text) {
    this.postAndNext(`/invocation/${id}/response`, '', text);
  }

  postError(id, report) {
    this.postAndNext(`/invocation/${id}/error`, errorHeader(report), JSON.stringify(report));
  }

  postLastError(id, report, onTaken) {
    this.postLast(`/invocation/${id}/error`, report, onTaken);
  }

  postInitError(report, onTaken) {
    this.postLast('/init/error', report, onTaken);
  }

  postAndNext(path, headers, body) {
    const length = Buffer.byteLength(body);

    this.tooLarge = length > PAYLOAD_MAX;
    this.socket.ref();
    this.awaited.push(this.takeReceipt, this.takeEvent);
    // Text that is all ASCII is copied instead of encoded.
    this.socket.write(
      this.post(path, headers, length) + body + this.nextRequest,
      length === body.length ? 'latin1' : 'utf8',
    );
  }

  postLast(path, report, onTaken) {
    const body = JSON.stringify(report);

    this.socket.ref();
    this.awaited.push(onTaken);
    this.socket.write(this.post(path, errorHeader(report), Buffer.byteLength(body)) + body);
  }

  post(path, headers, length) {
    return (
      `POST ${PREFIX}${path}${this.end}Content-Type: application/json\r\n${headers}` +
      `Content-Length: ${length}\r\n\r\n`
    );
  }

  answered(status, headers, body) {
    const take = this.awaited.shift();
    if (!take) throw new Error('it answered what was not asked');
    take.call(this, status, headers, body);
  }

  takeReceipt(status, _headers, body) {
    if (status === 202) return;
    process.stderr.write(`fnward: the result was refused: ${status} ${body.trim()}\n`);
    if (status !== 413) throw new Error('it refused a result');
  }

  takeEvent(status, headers, body) {
    if (status !== 200) throw new Error(`it gave no event: ${status} ${body.trim()}`);
    if (!/^[\w-]{1,128}$/.test(headers['lambda-runtime-aws-request-id'] ?? ''))
      throw new Error('it gave an event without a request id');
    this.tooLarge = false;
    this.socket.unref();
    this.onEvent(headers, body);
  }
}

/** The error's type for the platform's own records, where it is one that a header can carry. */
function errorHeader({ errorType }) {
  return /^[\w.$-]{1,256}$/.test(errorType)
    ? `Lambda-Runtime-Function-Error-Type: ${errorType}\r\n`
    : '';
}

module.exports = { Api };
