// What Ajv needs for a schema's documents, as JSON: node ajv.cjs SCHEMA DOCUMENTS LOOP
'use strict';

const { compile, readSchema, readLines } = require('./judge.cjs');

const CALLS = 20000; // at least, so that everything is compiled that will be
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
const source = readSchema(schemaFile);
const rounds = Math.max(20, Math.ceil(CALLS / documents.length));
const compileNs = best(3, () => compile(source));
const validate = compile(source);
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
