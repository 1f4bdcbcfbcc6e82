// errors: a thrown value in the words of the Runtime API, and the runtime's own errors.
'use strict';

const { types } = require('node:util');

/** Names as AWS's runtime gives them: callers match on these. */
function runtimeError(name) {
  const kind = class extends Error {};
  kind.prototype.name = name;
  return kind;
}

const ImportModuleError = runtimeError('Runtime.ImportModuleError');
const HandlerNotFound = runtimeError('Runtime.HandlerNotFound');
const MalformedHandlerName = runtimeError('Runtime.MalformedHandlerName');
const UserCodeSyntaxError = runtimeError('Runtime.UserCodeSyntaxError');
const Rejection = runtimeError('Runtime.UnhandledPromiseRejection');
const StreamingNotSupported = runtimeError('fnward.StreamingNotSupported');

/** Carries what was rejected, whose trace is the one that helps. */
class UnhandledPromiseRejection extends Rejection {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

const isText = (value) => typeof value === 'string' && value !== '';
const looksLikeError = (value) =>
  types.isNativeError(value) ||
  (value && isText(value.name) && isText(value.message) && isText(value.stack));
/** DEL breaks readers of the log; AWS escapes it the same way. */
const clean = (text) => String(text).replace(/\x7F/g, '%7F');

/** The body of an error report. Never throws, whatever was thrown. */
function describe(error) {
  try {
    if (!looksLikeError(error))
      return { errorType: typeof error, errorMessage: String(error), trace: [] };
    return {
      errorType: clean(error.name),
      errorMessage: clean(error.message),
      trace: clean(error.stack).split('\n'),
    };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'the function failed with a value whose name, message or stack cannot be read',
      trace: [],
    };
  }
}

function withOwnProperties(_key, value) {
  if (!(value instanceof Error)) return value;
  const { name: errorType, message: errorMessage, code, cause, stack } = value;
  return { errorType, errorMessage, code, cause, ...value, stack: String(stack).split('\n') };
}

/** One line for the log: a label and the error with everything that it carries. */
function logError(label, error) {
  let text;
  try {
    text = JSON.stringify(error instanceof Error ? error : new Error(error), withOwnProperties);
  } catch {
    text = JSON.stringify(describe(error)); // something circular hangs on it
  }
  console.error(`${label}\t${text}`);
}

module.exports = {
  ImportModuleError,
  HandlerNotFound,
  MalformedHandlerName,
  UserCodeSyntaxError,
  UnhandledPromiseRejection,
  StreamingNotSupported,
  describe,
  logError,
};
