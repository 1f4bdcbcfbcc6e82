// The Ajv of the draft that a schema names, as near to its specification as Ajv can be told to
// be. `format` is not asserted.
'use strict';

const fs = require('fs');

const OLDER = { ignoreKeywordsWithRef: true }; // up to draft 7, $ref hides what stands beside it
const DRAFTS = [
  [/2020-12/, () => require('ajv/dist/2020'), {}],
  [/2019-09/, () => require('ajv/dist/2019'), {}],
  [/draft-04/, () => require('ajv-draft-04'), OLDER],
  [/draft-06/, () => require('ajv'), OLDER, () => require('ajv/dist/refs/json-schema-draft-06.json')],
  [/./, () => require('ajv'), OLDER],
];
const OPTIONS = { strict: false, validateFormats: false, logger: false };

function ajvFor(schema) {
  const uri = typeof schema.$schema === 'string' ? schema.$schema : 'draft-07';
  const [, load, more, meta] = DRAFTS.find(([pattern]) => pattern.test(uri));
  const ajv = new (load())({ ...OPTIONS, ...more });
  if (meta) ajv.addMetaSchema(meta());
  return ajv;
}

const compile = (schema) => ajvFor(schema).compile(schema);
const readSchema = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const readLines = (file) => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean);

module.exports = { ajvFor, compile, readSchema, readLines };
