// Ajv's verdicts. Of each line, {"schema": ..., "documents": [...]}, a line: a "v" or "i" for
// each document, or "!" and why the schema was refused.
'use strict';

const readline = require('readline');
const { ajvFor } = require('./dialects.cjs');

const AGE_MAX = 500; // schemas for one Ajv, which forgets none of them
let made = {};

function ajvOf(schema) {
  if (schema.$id) return ajvFor(schema); // what is named inside is not forgotten either
  const key = schema.$schema;
  if (!made[key] || made[key].age++ > AGE_MAX) made[key] = { ajv: ajvFor(schema), age: 0 };
  return made[key].ajv;
}

function judge({ schema, documents }) {
  const ajv = ajvOf(schema);
  try {
    const validate = ajv.compile(schema);
    ajv.removeSchema(schema);
    return documents.map((document) => (validate(document) ? 'v' : 'i')).join('');
  } catch (problem) {
    ajv.removeSchema(schema);
    return `!${problem.message.replaceAll('\n', ' ')}`;
  }
}

readline.createInterface({ input: process.stdin })
  .on('line', (line) => console.log(judge(JSON.parse(line))));
