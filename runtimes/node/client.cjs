// client: runs a Lambda function under Node. Started as `node /var/runtime/client.cjs`.
//
// It is CommonJS, and reads the Runtime API from a bare socket, because both are what starts
// soonest: the ES module loader and the http module cost milliseconds at every cold start.
'use strict';

const { Api } = require('./api.cjs');
const { ResponseReader } = require('./http.cjs');
const { Invocation } = require('./invocation.cjs');
const { UnhandledPromiseRejection, describe, logError } = require('./errors.cjs');
const { synchronousOutput } = require('./output.cjs');
const { loadHandler } = require('./load.cjs');

const EXIT_UNHANDLED_REJECTION = 128; // both as AWS's runtime exits
const EXIT_UNCAUGHT_EXCEPTION = 129;

let current = null; // the invocation under way
let handler = null;
let dying = false;

const api = new Api(process.env.AWS_LAMBDA_RUNTIME_API || '127.0.0.1:9001', {
  onEvent(headers, body) {
    current = new Invocation(api, headers, finished);
    current.run(handler, body);
  },
  onGone(reason) {
    if (dying) return;
    if (reason) process.stderr.write(`fnward: the Runtime API is gone: ${reason}\n`);
    process.exit(reason ? 1 : 0);
  },
});

function finished() {
  current = null;
}

/** Tells what went wrong, waits until that was taken, and ends the process. */
function die(label, error, code) {
  if (dying) return;
  dying = true;
  logError(label, error);
  const exit = () => process.exit(code);
  if (current) current.abandon(describe(error), exit);
  else if (!handler) api.postInitError(describe(error), exit);
  else exit(); // between two events there is nobody to tell
  setTimeout(exit, 2000); // whether or not anybody listens
}

/**
 * Goes through an invocation of nothing while the first event is awaited, so that what Node
 * compiles when it is first called has been called when somebody waits.
 */
function rehearse() {
  const nobody = { postResponse: (id, text) => api.post(`/${id}/response`, '', text.length) };
  const reader = new ResponseReader((_status, headers, body) =>
    new Invocation(nobody, headers, () => {}).run(async (event) => event, body),
  );

  reader.push(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'));
}

async function main() {
  synchronousOutput(process);
  process.on('uncaughtException', (error) =>
    die('Uncaught Exception', error, EXIT_UNCAUGHT_EXCEPTION),
  );
  process.on('unhandledRejection', (reason) =>
    die(
      'Unhandled Promise Rejection',
      new UnhandledPromiseRejection(reason),
      EXIT_UNHANDLED_REJECTION,
    ),
  );
  // The loop runs empty while a handler waits for nothing that could still happen.
  process.on('beforeExit', () => current && current.loopIsEmpty());
  try {
    const { LAMBDA_TASK_ROOT: root = process.cwd(), _HANDLER: name = '' } = process.env;
    handler = await loadHandler(root, name);
  } catch (error) {
    return die('Uncaught Exception', error, EXIT_UNCAUGHT_EXCEPTION);
  }
  api.next();
  rehearse();
}

main();
