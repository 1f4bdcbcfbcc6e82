// Asks Node's RegExp and fnward the same about random patterns and texts, with the u flag, and
// without it where fnward reads loosely; prints TAP. Usage: pattern.mjs JUDGE [PATTERNS] [SEED]
import { spawnSync } from 'node:child_process';

const [judge, patterns = '400', seed = '1'] = process.argv.slice(2);

let state = Number(seed) >>> 0 || 1;
function random(n) {
  state ^= state << 13; state >>>= 0;
  state ^= state >>> 17;
  state ^= state << 5; state >>>= 0;
  return state % n;
}
const pick = (list) => list[random(list.length)];

// A small alphabet, so that texts often almost match.
const characters = ['a', 'b', 'c', '0', '_', '-', ' ', '\n', 'é', 'ß', 'α', '\u2028', '中', '😀', '\u{10ffff}', '\0'];
const escapes = ['\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\n', '\\x61', '\\u0062', '\\u{1f600}',
  '\\ud83d\\ude00', '\\cA', '\\0', '\\-', '\\/', '\\^', '\\p{L}', '\\P{Lu}', '\\p{Script=Greek}',
  '\\p{gc=Nd}', '\\p{Letter}', '\\p{scx=Han}', '\\p{Any}', '\\p{ASCII}', '\\p{Alphabetic}', '\\ud800'];
const classes = ['[abc]', '[^a]', '[a-c0]', '[^\\d]', '[\\w-]', '[]', '[^]', '[é-ß]', '[^\\n]', '[\\b]',
  '[😀-\u{10ffff}]', '[\\u{80}-\\u{10ffff}]', '[\\s\\S]', '[^\\s\\d]', '[\\p{L}\\d_]', '[^\\p{L}]', '[a\\-c]', '[-a]', '[a-]'];

function atom(depth, groups) {
  const n = random(depth > 0 ? 20 : 13);
  if (n < 7) return pick(['a', 'b', 'c', '0', 'é', '😀', '-']);
  if (n === 7) return '.';
  if (n < 10) return pick(classes);
  if (n < 12) return pick(escapes);
  if (n === 12) return groups.count && groups.refer && random(2) ? `\\${1 + random(groups.count)}` : 'a';
  if (n < 17) return `(?:${alternatives(depth - 1, groups)})`;
  groups.count += 1;
  return `(${alternatives(depth - 1, groups)})`;
}

function term(depth, groups) {
  const n = random(24);
  if (n === 0) return '^';
  if (n === 1) return '$';
  if (n === 2) return pick(['\\b', '\\B']);
  if (n === 3 && depth > 0) return `(?${pick(['=', '!', '<=', '<!'])}${alternatives(depth - 1, groups)})`;
  return atom(depth, groups) +
    (random(3) ? '' : pick(['*', '+', '?', '{2}', '{1,2}', '{0}', '{2,}', '{0,3}']) + (random(5) ? '' : '?'));
}

function sequence(depth, groups) {
  return Array.from({ length: random(4) + (depth > 1 ? 1 : 0) }, () => term(depth, groups)).join('');
}

function alternatives(depth, groups) {
  return Array.from({ length: random(4) ? 1 : 2 }, () => sequence(depth, groups)).join('|');
}

function mutated(pattern) {
  const at = random(pattern.length + 1);
  return pattern.slice(0, at) + pick(['(', ')', '[', ']', '{', '}', '*', '\\', '\\k<a>', '(?<a>', '{,2}', '\\e', '\\u', '\\1'])
    + pattern.slice(at + random(2));
}

const text = () => Array.from({ length: random(8) }, () => (random(2) ? pick(['a', 'b', 'c', '0']) : pick(characters))).join('');

const rows = [];
const add = (kind, pattern, subject) => rows.push([kind, pattern, subject]);

for (let i = 0; i < Number(patterns); i++) {
  const groups = { count: 0, refer: random(4) === 0 };
  let pattern = alternatives(3, groups);
  if (random(3) === 0) pattern = `^${pattern}`;
  if (random(3) === 0) pattern = `${pattern}$`;
  if (random(10) === 0) pattern = mutated(pattern);
  // Cut in the middle of a surrogate pair, it is no text.
  if (Buffer.from(pattern).toString() !== pattern) continue;
  for (let k = 0; k < 8; k++) {
    const subject = text();
    // V8 finds \B between the two halves of a surrogate pair, where no character ends.
    if (!(pattern.includes('\\B') && /[^\0-\uffff]/u.test(subject))) add('pattern', pattern, subject);
  }
}

// What the flag forbids. A code unit is not a code point then, so the texts are ASCII.
const loose = ['a', 'b', '\\-', '\\_', '\\@', '\\Z', '\\a', '{', '}', ']', '{2}', '{,2}', '{2,', '+', '*',
  '[\\w-.]', '[\\d-a-z]', '[a-\\d]', '[\\-\\.]', '[a\\_]', '[\\s-x]', '\\d', '.', '^', '$', '(?:', ')', '|'];
for (let i = 0; i < Number(patterns); i++) {
  const pattern = Array.from({ length: 1 + random(6) }, () => pick(loose)).join('');
  for (let k = 0; k < 3; k++)
    add('loose', pattern, Array.from({ length: random(6) }, () => pick([...'ab-_@Z{}]2,.z7 '])).join(''));
}

function expected([kind, pattern, subject]) {
  try {
    return new RegExp(pattern, kind === 'loose' ? '' : 'u').test(subject) ? 'holds' : 'fails';
  } catch {
    return 'refused';
  }
}

const { stdout, status } = spawnSync(judge, {
  input: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  maxBuffer: 1 << 28,
});
const answers = stdout.toString().trimEnd().split('\n');
const wrong = rows.map((row, i) => [row, answers[i], expected(row)]).filter(([, ours, theirs]) => ours !== theirs);
const count = (word) => answers.filter((a) => a === word).length;

console.log(`${status === 0 && answers.length === rows.length ? 'ok' : 'not ok'} 1 - every question is answered`);
console.log(`${wrong.length === 0 ? 'ok' : 'not ok'} 2 - ${rows.length} answers are RegExp's: `
  + `${count('holds')} hold, ${count('fails')} fail, ${count('refused')} are refused`);
for (const [row, ours, theirs] of wrong.slice(0, 40))
  console.log(`#   ${JSON.stringify(row)}: ${ours}, but RegExp: ${theirs}`);
console.log('1..2');
process.exit(wrong.length ? 1 : 0);
