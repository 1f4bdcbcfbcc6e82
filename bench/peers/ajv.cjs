// What Ajv needs for a schema's documents, as JSON: node ajv.cjs SCHEMA DOCUMENTS LOOP
'use strict';

const { ajvFor, readSchema, readLines } = require('./judge.cjs');

const CALLS = 20000; // at least, so that everything is compiled that will be
const COMPILATIONS = 3;
const now = () => Number(process.hrtime.bigint());
const [, , schemaFile, documentsFile, loop] = process.argv;

// Nanoseconds of one of `n` calls.
function time(n, work) {
  const from = now();
  for (let i = 0; i < n; i++) work();
  return (now() - from) / n;
}

function best(n, work) {
  return Math.min(...Array.from({ length: n }, () => time(1, work)));
}

const lines = readLines(documentsFile);
const documents = lines.map((line) => JSON.parse(line));
const rounds = Math.max(20, Math.ceil(CALLS / documents.length));

// A compiler of its own each time: Ajv keeps what it has compiled.
let compileNs = Infinity;
let validate;
for (let i = 0; i < COMPILATIONS; i++) {
  const schema = readSchema(schemaFile);
  const ajv = ajvFor(schema);
  compileNs = Math.min(compileNs, time(1, () => { validate = ajv.compile(schema); }));
}

const every = (list, judge) => () => { for (const one of list) judge(one); };
const rotating = best(rounds, every(documents, validate)) / documents.length; // warms up, too
const fromBytes = best(rounds, every(lines, (line) => validate(JSON.parse(line)))) / lines.length;

console.log(JSON.stringify({
  compile: compileNs,
  rotating,
  from_bytes: fromBytes,
  documents: documents.map((document) => ({
    valid: validate(document),
    hot: time(Number(loop), () => validate(document)),
  })),
}));
