const sleep = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

exports.echo = async (event) => event;
exports.callback = (event, _context, callback) => callback(null, event);
exports.callbackError = (_event, _context, callback) => callback(new TypeError('called back'));
exports.callbackText = (_event, _context, callback) => callback('only text');
exports.callbackTwice = (_event, _context, callback) => {
  callback(null, 'first');
  callback(null, 'second');
};
exports.callbackWaits = (_event, _context, callback) => {
  setTimeout(() => console.log('the loop was not empty'), 30);
  callback(null, 'after the loop is empty');
};
exports.callbackDoesNotWait = (_event, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = false;
  setTimeout(() => console.log('too late'), 5000);
  callback(null, 'at once');
};
exports.succeed = (_event, context) => context.succeed({ by: 'succeed' });
exports.fail = (_event, context) => context.fail(new Error('by fail'));
exports.failEmpty = (_event, context) => context.fail();
exports.done = (event, context) => context.done(null, { by: 'done', event });
exports.neverSettles = () => new Promise(() => {});
exports.never = () => {};
exports.throws = () => {
  throw new SyntaxError('thrown at once');
};
exports.context = async (_event, context) => {
  const left = context.getRemainingTimeInMillis();
  return {
    ...JSON.parse(JSON.stringify(context)),
    left: left > 2000 && left <= 3000,
    keys: Object.keys(context),
  };
};
exports.trace = async () => process.env._X_AMZN_TRACE_ID ?? 'none';
exports.traceEverywhere = async () => {
  const { execFileSync } = require('node:child_process');
  process.env.OTHER = 1;
  return {
    copied: { ...process.env }._X_AMZN_TRACE_ID,
    known: '_X_AMZN_TRACE_ID' in process.env,
    inherited: execFileSync('/bin/sh', ['-c', 'echo $_X_AMZN_TRACE_ID $OTHER']).toString(),
  };
};
exports.circular = async () => {
  const value = {};
  value.self = value;
  return value;
};
exports.big = async ({ size }) => 'x'.repeat(size);
exports.custom = async () => {
  throw Object.assign(new Error('with more', { cause: new Error('the cause') }), {
    name: 'PaymentError',
    code: 'E42',
    detail: { a: 1 },
  });
};
exports.throwsText = async () => {
  throw 'just text';
};
exports.throwsNull = async () => {
  throw null;
};
exports.throwsHostile = async () => {
  throw {
    toString() {
      throw new Error('no');
    },
  };
};
exports.uncaught = async () => {
  setTimeout(() => {
    throw new RangeError('nobody caught this');
  }, 5);
  await sleep(3000);
};
exports.unhandled = async () => {
  Promise.reject(new Error('nobody handled this'));
  await sleep(3000);
};
exports.between = async () => {
  setTimeout(() => {
    throw new Error('between two events');
  }, 20);
  return 'fine so far';
};
exports.exits = async () => process.exit(7);
exports.exitsCleanly = async () => process.exit(0);
exports.logs = async () => {
  console.log('one\ntwo');
  console.error('three %d', 3);
  process.stdout.write('four');
};
exports.floods = async ({ size }) => {
  process.stdout.write('y'.repeat(size));
  process.stdout.write('end\n');
};
exports.unicode = async (event) => ({ ...event, own: '\u{1f600}\ud800' });
exports.notAFunction = 1;
