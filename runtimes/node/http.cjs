// http: reads HTTP/1.1 responses off a connection, in the one form that the Runtime API uses:
// a status line, headers, and a body of exactly Content-Length bytes.
'use strict';

const HEAD_MAX = 64 * 1024;
const BODY_MAX = 16 * 1024 * 1024;
const EMPTY = Buffer.alloc(0);

class ResponseReader {
  /** `onResponse(status, headers, body)`: names in lower case, the body as text. */
  constructor(onResponse) {
    this.onResponse = onResponse;
    this.held = EMPTY; // the beginning of a head
    this.head = null; // a head that was read, while its body is not complete
    this.body = EMPTY;
    this.filled = 0;
  }

  /** `bytes` may be reused by the caller afterwards. */
  push(bytes) {
    if (this.head) bytes = this.fillBody(bytes);
    if (bytes.length === 0) return;
    if (this.held.length) bytes = Buffer.concat([this.held, bytes]);
    this.held = EMPTY;
    while (bytes.length) bytes = this.readOne(bytes);
  }

  /** Reads a head and as much of its body as is there; returns what comes after. */
  readOne(bytes) {
    const end = bytes.indexOf('\r\n\r\n');

    if (end < 0) {
      if (bytes.length > HEAD_MAX) throw new Error('its head is too long');
      this.held = Buffer.from(bytes);
      return EMPTY;
    }
    const head = parseHead(bytes.toString('utf8', 0, end));
    const after = end + 4 + head.length;
    if (after > bytes.length) {
      this.head = head;
      this.body = Buffer.allocUnsafe(head.length);
      this.filled = 0;
      return this.fillBody(bytes.subarray(end + 4));
    }
    this.onResponse(head.status, head.headers, bytes.toString('utf8', end + 4, after));
    return bytes.subarray(after);
  }

  fillBody(bytes) {
    const n = Math.min(bytes.length, this.body.length - this.filled);

    bytes.copy(this.body, this.filled, 0, n);
    this.filled += n;
    if (this.filled === this.body.length) {
      const { head, body } = this;
      this.head = null;
      this.body = EMPTY;
      this.onResponse(head.status, head.headers, body.toString('utf8'));
    }
    return bytes.subarray(n);
  }
}

function parseHead(text) {
  const lines = text.split('\r\n');
  const match = /^HTTP\/1\.1 (\d{3})(?: |$)/.exec(lines[0]);
  const headers = { __proto__: null };

  if (!match) throw new Error('it does not speak HTTP/1.1');
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i];
    const colon = line.indexOf(':');
    if (colon < 1) throw new Error('a header has no name');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(match[1]), headers, length: bodyLength(headers) };
}

function bodyLength(headers) {
  const text = headers['content-length'];

  if (headers['transfer-encoding'] !== undefined || !/^\d{1,8}$/.test(text))
    throw new Error('a response has no Content-Length');
  const length = Number(text);
  if (length > BODY_MAX) throw new Error('a response is too long');
  return length;
}

module.exports = { ResponseReader };
