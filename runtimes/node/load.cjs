// load: finds the function that _HANDLER names, by the rules of AWS's Node runtime.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const {
  HandlerNotFound,
  ImportModuleError,
  MalformedHandlerName,
  StreamingNotSupported,
  UserCodeSyntaxError,
} = require('./errors.cjs');

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/** "src/app.api.handler" is the export `api.handler` of "src/app". */
function splitHandler(text) {
  if (text.includes('..'))
    throw new MalformedHandlerName(
      `'${text}' is not a valid handler name. ` +
        'Use absolute paths when specifying root directories in handler names.',
    );
  const match = /^(.*\/)?([^./]*)\.(.+)$/.exec(text);
  if (!match) throw new MalformedHandlerName('Bad handler');
  return { file: (match[1] || '') + match[2], names: match[3].split('.') };
}

/** Whether the package.json that governs `folder` says "type": "module". */
function isModuleFolder(folder) {
  if (folder.endsWith('/node_modules')) return false;
  try {
    return (
      JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).type === 'module'
    );
  } catch (error) {
    if (error instanceof SyntaxError) return false;
  }
  const above = path.dirname(folder);
  return above !== folder && isModuleFolder(above);
}

const importFile = (file) => import(require('node:url').pathToFileURL(file).href);

/** What stands in `file`, tried with each ending in AWS's order; undefined when none exists. */
async function loadFile(file) {
  const exists = (ending) => fs.existsSync(file + ending);

  if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return require(file);
  if (exists('.js'))
    return isModuleFolder(path.dirname(file))
      ? importFile(file + '.js')
      : require(file + '.js');
  if (exists('.mjs')) return importFile(file + '.mjs');
  if (exists('.cjs')) return require(file + '.cjs');
  return undefined;
}

async function loadModule(root, name) {
  try {
    return (
      (await loadFile(path.resolve(root, name))) ??
      require(require.resolve(name, { paths: [root, path.dirname(path.resolve(root, name))] }))
    );
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserCodeSyntaxError(error);
    if (error && error.code === 'MODULE_NOT_FOUND') throw new ImportModuleError(error);
    throw error;
  }
}

/** AWS gives every function this global. It marks what it wraps, so that we can refuse it. */
function offerStreaming() {
  globalThis.awslambda = {
    streamifyResponse: (handler) => Object.assign(handler, { [STREAMING]: 'response' }),
  };
}

async function loadHandler(root, text) {
  const { file, names } = splitHandler(text);

  offerStreaming();
  const handler = names.reduce(
    (value, name) => value && value[name],
    await loadModule(root, file),
  );
  if (!handler) throw new HandlerNotFound(`${text} is undefined or not exported`);
  if (typeof handler !== 'function') throw new HandlerNotFound(`${text} is not a function`);
  if (handler[STREAMING])
    throw new StreamingNotSupported(
      `${text} streams its response, which fnward does not support ` +
        'yet: return the whole response instead of wrapping the handler in streamifyResponse',
    );
  return handler;
}

module.exports = { loadHandler };
