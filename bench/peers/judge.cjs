// A schema compiled by the Ajv of the draft that it names; `format` is not asserted.
'use strict';

const fs = require('fs');

const DRAFTS = [
  [/2020-12/, () => require('ajv/dist/2020')],
  [/2019-09/, () => require('ajv/dist/2019')],
  [/draft-04/, () => require('ajv-draft-04')],
  [/./, () => require('ajv')],
];

function compile(schema) {
  const uri = typeof schema.$schema === 'string' ? schema.$schema : 'draft-07';
  const Ajv = DRAFTS.find(([pattern]) => pattern.test(uri))[1]();
  return new Ajv({ strict: false, validateFormats: false, logger: false }).compile(schema);
}

const readSchema = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const readLines = (file) => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean);

module.exports = { compile, readSchema, readLines };
