// A bare Node server that does the function's work: no checks, no cage, no record.
'use strict';

const http = require('node:http');
const { price } = require(process.argv[2]);

const server = http.createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (piece) => {
    body += piece;
  });
  request.on('end', () => {
    const text = JSON.stringify(price(JSON.parse(body)));
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(text),
    });
    response.end(text);
  });
});

server.listen(0, '127.0.0.1', () => console.log(`:${server.address().port}`));
