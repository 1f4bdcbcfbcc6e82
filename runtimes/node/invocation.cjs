// invocation: one event on its way through the handler, and the context that the handler sees.
'use strict';

const { describe, logError } = require('./errors.cjs');

const {
  AWS_LAMBDA_FUNCTION_VERSION: functionVersion,
  AWS_LAMBDA_FUNCTION_NAME: functionName,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memoryLimitInMB,
  AWS_LAMBDA_LOG_GROUP_NAME: logGroupName,
  AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
} = process.env;

const TRACE = '_X_AMZN_TRACE_ID';
let trace; // of the invocation under way

/**
 * Shows the trace id in process.env without writing it there: the C library keeps every value
 * that a variable has had, and one that changes with each invocation would fill the memory.
 */
process.env = new Proxy(process.env, {
  get: (env, name) => (name === TRACE ? trace : env[name]),
  has: (env, name) => (name === TRACE ? trace !== undefined : name in env),
  set(env, name, value) {
    if (name === TRACE) trace = String(value);
    else env[name] = value;
    return true;
  },
  deleteProperty(env, name) {
    if (name === TRACE) trace = undefined;
    return delete env[name];
  },
  ownKeys: (env) => (trace === undefined ? Object.keys(env) : [...Object.keys(env), TRACE]),
  getOwnPropertyDescriptor(env, name) {
    if (name !== TRACE) return Object.getOwnPropertyDescriptor(env, name);
    if (trace === undefined) return undefined;
    return { value: trace, writable: true, enumerable: true, configurable: true };
  },
});

function parseHeader(text, name) {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot parse ${name} as json: ${error}`);
  }
}

/** JSON text of a result; what has none (undefined, a function) is null. */
function serialise(result) {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

class Invocation {
  constructor(api, headers, onFinished) {
    this.api = api;
    this.headers = headers;
    this.id = headers['lambda-runtime-aws-request-id'];
    this.onFinished = onFinished;
    this.settled = false; // the handler has spoken: what it says later is ignored
    this.finished = false; // ... and it was posted
    this.waits = true; // callbackWaitsForEmptyEventLoop
    this.result = undefined; // of a callback that waits
  }

  async run(handler, body) {
    await null; // off the reader's stack, so that a trace shows the function's frames, not ours
    try {
      trace = this.headers['lambda-runtime-trace-id'];
      const result = handler(JSON.parse(body), this.context(), (error, value) =>
        this.called(error, value),
      );
      if (result && typeof result.then === 'function')
        result.then(
          (value) => this.succeed(value),
          (error) => this.fail(error),
        );
    } catch (error) {
      this.fail(error);
    }
  }

  /** Own properties, as AWS makes them: people spread, print and serialise their context. */
  context() {
    const { headers } = this;
    const invocation = this;
    return {
      get callbackWaitsForEmptyEventLoop() {
        return invocation.waits;
      },
      set callbackWaitsForEmptyEventLoop(value) {
        invocation.waits = value;
      },
      succeed: (value) => this.succeed(value),
      fail: (error) => this.fail(error),
      done: (error, value) => (error == null ? this.succeed(value) : this.fail(error)),
      functionVersion,
      functionName,
      memoryLimitInMB,
      logGroupName,
      logStreamName,
      clientContext: parseHeader(headers['lambda-runtime-client-context'], 'ClientContext'),
      identity: parseHeader(headers['lambda-runtime-cognito-identity'], 'CognitoIdentity'),
      invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
      awsRequestId: this.id,
      tenantId: headers['lambda-runtime-aws-tenant-id'],
      getRemainingTimeInMillis: () => headers['lambda-runtime-deadline-ms'] - Date.now(),
    };
  }

  called(error, value) {
    if (error != null) return this.fail(error);
    if (!this.waits) return this.succeed(value);
    if (this.settled) return;
    this.settled = true;
    this.result = value;
  }

  /** Nothing is left that could call back: the answer is what was said, or null. */
  loopIsEmpty() {
    if (!this.finished) this.finish(this.result);
  }

  succeed(value) {
    if (this.settled) return;
    this.settled = true;
    this.finish(value);
  }

  fail(error) {
    if (this.settled) return;
    this.settled = true;
    this.finishWithError(error ?? 'handled');
  }

  finish(value) {
    let text;
    try {
      text = serialise(value);
    } catch (error) {
      return this.finishWithError(error);
    }
    this.leave();
    this.api.postResponse(this.id, text);
  }

  finishWithError(error) {
    logError('Invoke Error', error);
    this.leave();
    this.api.postError(this.id, describe(error));
  }

  /** The process is about to end: report, and call back when that was taken. */
  abandon(report, onTaken) {
    this.settled = true;
    this.leave();
    this.api.postLastError(this.id, report, onTaken);
  }

  leave() {
    this.finished = true;
    this.onFinished();
  }
}

module.exports = { Invocation };
