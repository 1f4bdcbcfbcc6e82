"""functions: the project that is served while everything around it fails.

Each function answers {"n": its own number, "pad": what it was given}, after it did as it was told.
"""

NODE = """
const { setTimeout: sleep } = require('node:timers/promises');
const held = [];

const deeds = {
  echo: () => {},
  sleep: (asked) => sleep(asked.n % 50),
  print: (asked) => console.log(`n is ${asked.n}`, '\\u001b[31m', '"quoted"'),
  flood: () => { for (let i = 0; i < 3000; i++) console.log(`line ${i} of a flood`); },
  fail: (asked) => { throw new RangeError(`failed ${asked.n}`); },
  exit: (asked) => process.exit(asked.n % 3),
  crash: () => process.abort(),
  hang: () => { for (;;); },
  hold: () => { held.push(Buffer.alloc(1 << 20, 1)); held.splice(0, held.length - 8); },
};

exports.handler = async (event) => {
  const asked = event.requestContext ? JSON.parse(event.body) : event;
  await deeds[asked.do](asked);
  return { n: asked.n, pad: asked.pad };
};
"""

PYTHON = """
import json
import os
import time


def fail(asked):
    raise ValueError(f"failed {asked['n']}")


def hang(asked):
    while True:
        pass


DEEDS = {
    "echo": lambda asked: None,
    "sleep": lambda asked: time.sleep(asked["n"] % 50 / 1000),
    "print": lambda asked: print(f"n is {asked['n']}", "\\x1b[31m", '"quoted"'),
    "flood": lambda asked: [print(f"line {i} of a flood") for i in range(3000)],
    "fail": fail,
    "exit": lambda asked: os._exit(asked["n"] % 3),
    "crash": lambda asked: os.abort(),
    "hang": hang,
    "hold": lambda asked: bytearray(8 << 20) and None,
}


def handler(event, context):
    asked = json.loads(event["body"]) if "requestContext" in event else event
    DEEDS[asked["do"]](asked)
    return {"n": asked["n"], "pad": asked["pad"]}
"""

# Runs the same deeds, with a client of its own: one request at a time, by Node's http module.
BOOTSTRAP = """#!/bin/sh
exec /usr/bin/node loop.cjs
"""
LOOP = """
const http = require('node:http');
const { handler } = require('./app.cjs');
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true });

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const options = { host, port, agent, method, path: `/2018-06-01/runtime/invocation/${path}` };
    const request = http.request(options, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('end', () => resolve([answer.headers, Buffer.concat(pieces).toString()]));
    });
    request.on('error', reject);
    request.end(body);
  });
}

(async () => {
  for (;;) {
    const [headers, body] = await call('GET', 'next');
    const id = headers['lambda-runtime-aws-request-id'];
    try {
      await call('POST', `${id}/response`, JSON.stringify(await handler(JSON.parse(body))));
    } catch (error) {
      const report = { errorType: error.name, errorMessage: error.message };
      await call('POST', `${id}/error`, JSON.stringify(report));
    }
  }
})();
"""

CONTRACT = """
version: 1
functions:
"""
FUNCTION = """
  {name}:
    code: {name}
    runtime: {runtime}
    handler: app.handler
    on:
      - http: POST /{name}
        body: event.json
      - invoke: event.json
    limits: {{timeout: 2s, memory: 192MB, concurrency: 3, queue: 16, body: 64KB}}
"""
RUN_NODE = """
    may: {run: [/usr/bin/node]}
"""
SCHEMA = """{
  "type": "object",
  "properties": {
    "n": {"type": "integer", "minimum": 0},
    "do": {"enum": ["echo", "sleep", "print", "flood", "fail", "exit", "crash", "hang", "hold"]},
    "pad": {"type": "string", "maxLength": 20000}
  },
  "required": ["n", "do", "pad"],
  "additionalProperties": false
}
"""

NAMES = ("node", "python", "provided")
COMMANDS = ("client.cjs", "client.py", "loop.cjs")  # what their processes are called
FILES = {
    "event.json": SCHEMA,
    "node/app.cjs": NODE,
    "python/app.py": PYTHON,
    "provided/app.cjs": NODE,
    "provided/loop.cjs": LOOP,
    "provided/bootstrap": BOOTSTRAP,
}


def contract():
    rows = zip(NAMES, ("nodejs", "python", "provided"), ("", "", RUN_NODE))
    return CONTRACT + "".join(FUNCTION.format(name=name, runtime=runtime) + more
                              for name, runtime, more in rows)
