// Random CVSS vectors of every version, each with the scores that two other implementations give it:
// "VECTOR BASE TEMPORAL ENVIRONMENTAL", in tenths.
//
// Each of the two is asked where it keeps to the specification: js-cvss rounds the temporal scores of
// version 3 up to the next hundredth, takes the unmodified scope for the modified privileges, and
// weighs a high requirement of version 2 with 0.51; ae-cvss-calculator does not round version 2's
// environmental score at every step. Where both do, they must agree.
//
// Usage: cvss_vectors.mjs COUNT SEED
import {createRequire, register} from 'node:module';

// The package imports its own files without their endings, which Node does not look for.
const endings = `export const resolve = (name, context, next) => next(
    name.startsWith('./') && !name.endsWith('.js') ? name + '.js' : name, context);`;

register(`data:text/javascript,${encodeURIComponent(endings)}`);
const {CVSS20, CVSS30, CVSS31, CVSS40} = await import('@pandatix/js-cvss');
const {Cvss2, Cvss3P0, Cvss3P1, Cvss4P0} = createRequire(import.meta.url)('ae-cvss-calculator');
const [count, seed] = process.argv.slice(2).map(Number);

const requirements = {CR: 'XHML', IR: 'XHML', AR: 'XHML'};
const three = {
    base: {AV: 'NALP', AC: 'LH', PR: 'NLH', UI: 'NR', S: 'UC', C: 'HLN', I: 'HLN', A: 'HLN'},
    more: {E: 'XHFPU', RL: 'XUWTO', RC: 'XCRU', ...requirements, MAV: 'XNALP', MAC: 'XLH',
        MPR: 'XNLH', MUI: 'XNR', MS: 'XUC', MC: 'XHLN', MI: 'XHLN', MA: 'XHLN'},
    scores: (one, other) => [both(one.BaseScore(), other.base), other.temporal ?? other.base,
        other.environmental ?? other.temporal ?? other.base],
};
const needs = ['ND', 'L', 'M', 'H'];
const versions = [
    {
        prefix: '', one: CVSS20, other: Cvss2,
        base: {AV: 'LAN', AC: 'HML', Au: 'MSN', C: 'NPC', I: 'NPC', A: 'NPC'},
        groups: [
            {E: ['ND', 'U', 'POC', 'F', 'H'], RL: ['ND', 'OF', 'TF', 'W', 'U'],
                RC: ['ND', 'UC', 'UR', 'C']},
            {CDP: ['ND', 'N', 'L', 'LM', 'MH', 'H'], TD: ['ND', 'N', 'L', 'M', 'H'],
                CR: needs.slice(0, 3), IR: needs.slice(0, 3), AR: needs.slice(0, 3)},
        ],
        scores: (one, other) => [both(one.BaseScore(), other.base),
            both(one.TemporalScore(), other.temporal ?? other.base),
            other.environmental === undefined ? one.TemporalScore() : one.EnvironmentalScore()],
    },
    {prefix: 'CVSS:3.0/', one: CVSS30, other: Cvss3P0, ...three},
    {prefix: 'CVSS:3.1/', one: CVSS31, other: Cvss3P1, ...three},
    {
        prefix: 'CVSS:4.0/', one: CVSS40, other: Cvss4P0,
        base: {AV: 'NALP', AC: 'LH', AT: 'NP', PR: 'NLH', UI: 'NPA', VC: 'HLN', VI: 'HLN', VA: 'HLN',
            SC: 'HLN', SI: 'HLN', SA: 'HLN'},
        more: {E: 'XAPU', ...requirements, MAV: 'XNALP', MAC: 'XLH', MAT: 'XNP', MPR: 'XNLH',
            MUI: 'XNPA', MVC: 'XHLN', MVI: 'XHLN', MVA: 'XHLN', MSC: 'XHLN', MSI: 'XSHLN',
            MSA: 'XSHLN'},
        scores: (one, other) => Array(3).fill(near(one.Score(), other.overall)),
    },
];

function both(one, other) {
    if (Math.round(one * 10) !== Math.round(other * 10))
        throw new Error(`the two disagree: ${one} and ${other}`);
    return one;
}

// Of version 4.0 js-cvss lets the noise of binary fractions decide how a half is rounded.
function near(one, other) {
    if (Math.abs(one - other) > 0.11)
        throw new Error(`the two disagree: ${one} and ${other}`);
    return other;
}

let state = BigInt(seed);

function random(below) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((state >> 33n) % BigInt(below));
}

function pick(metrics) {
    return Object.entries(metrics).map(([name, values]) => `${name}:${values[random(values.length)]}`);
}

// Version 2.0 has its optional metrics by whole groups or not at all.
function vector(version) {
    const parts = pick(version.base);

    for (const group of version.groups ?? [])
        if (random(2))
            parts.push(...pick(group));
    for (const part of pick(version.more ?? {}))
        if (random(2))
            parts.push(part);
    return version.prefix + parts.join('/');
}

const lines = [];
for (let i = 0; i < count; i++) {
    const version = versions[random(versions.length)];
    const text = vector(version);
    const scores = version.scores(new version.one(text), new version.other(text).calculateScores());

    lines.push([text, ...scores.map((score) => Math.max(0, Math.round(score * 10)))].join(' '));
}
console.log(lines.join('\n'));
