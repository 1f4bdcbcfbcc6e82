// Each document with one member made wrong, as lines: node spoil.cjs SCHEMA DOCUMENTS
// What is changed depends on a seed and nothing else. Documents that stay valid whatever is
// tried, because their schema allows nearly everything, are left out.
'use strict';

const { compile, readSchema, readLines } = require('./judge.cjs');

const TRIES = 20;
const WRONG = [4711, -0.5, true, null, 'not this', [], ['not this'], {}, { unexpected: 1 }];
const validate = compile(readSchema(process.argv[2]));

// xorshift32
let state = 0x5eed;
function random(n) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % n;
}

// Every [container, key] below `value`.
function places(value) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => [[value, key], ...places(value[key])]);
}

function spoil(line) {
  for (let i = 0; i < TRIES; i++) {
    const root = { document: JSON.parse(line) };
    const all = places(root).slice(1);
    if (!all.length) return null;
    const [container, key] = all[random(all.length)];
    if (!Array.isArray(container) && random(4) === 0) container.unexpected = 1;
    else container[key] = WRONG[random(WRONG.length)];
    if (!validate(root.document)) return JSON.stringify(root.document);
  }
  return null;
}

const spoiled = readLines(process.argv[3]).map(spoil).filter(Boolean);
process.stdout.write(spoiled.map((line) => `${line}\n`).join(''));
