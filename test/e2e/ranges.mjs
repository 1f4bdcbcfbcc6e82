// Random npm ranges and versions, each with what npm's own semver says of them:
// "RANGE<tab>VERSION<tab>yes|no|unknown".
//
// Usage: ranges.mjs SEMVER COUNT SEED
import {createRequire} from 'node:module';

const semver = createRequire(import.meta.url)(process.argv[2]);
const [count, seed] = process.argv.slice(3).map(Number);

// mulberry32
let state = seed;
const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const of = (list) => list[Math.floor(random() * list.length)];

const number = () => of(['0', '0', '1', '1', '2', '3', '10']);
const pre = () => of(['', '', '', '', '-0', '-a', '-a.1', '-rc.2', '-b+x.1', '+y', '-1.a-b']);
const version = () => `${number()}.${number()}.${number()}${pre()}`;
const place = () => of([number, number, number, () => of(['x', 'X', '*'])])();
const partial = () => {
    const places = [place(), place(), place()].slice(0, of([1, 2, 3, 3, 3]));
    const x = places.findIndex((one) => 'xX*'.includes(one));
    places.fill('x', x < 0 ? places.length : x);
    return of(['', '', '', '', '', 'v']) + places.join('.') + (places.length === 3 ? pre() : '');
};
const simple = () => of(['', '', '^', '^', '~', '~', '>', '>=', '<', '<=', '=', '~>', '^ ', '>= ', '< ']) + partial();
const comparators = () => of([
    simple, simple, () => `${simple()} ${simple()}`, () => `${partial()} - ${partial()}`, () => `${simple()}  ${simple()} `,
    () => '', () => '*', () => of(['latest', '1.2.3.4', '01.2.3', '>', '1.2.3-01', '1.2.3 -2', '>=1.2.3<2', '1..2',
        'x.1', '1.x.2', '==1.2.3', '>=v1', '=v1.2.x', 'vv1.0.0', '^=1.2.3', 'v 1']),
])();
const range = () => of([comparators, comparators, comparators, () => `${comparators()}||${comparators()}`,
    () => `${comparators()} || ${comparators()}`])();

for (let i = 0; i < count; i++) {
    const [r, v] = [range(), version()];
    const known = semver.validRange(r) !== null;
    console.log([r, v, known ? (semver.satisfies(v, r) ? 'yes' : 'no') : 'unknown'].join('\t'));
}
