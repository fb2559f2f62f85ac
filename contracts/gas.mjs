// Writes docs/gas.md out of snapshots/Gas.json (which the tests hold to what they measure) and gas.json: goals, peers, floors.
//
//   node gas.mjs            writes
//   node gas.mjs --check    fails when what is committed is something else
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const read = (name) => JSON.parse(fs.readFileSync(path.join(here, name), 'utf8'));
const measured = read('snapshots/Gas.json');
const {ours, peers, floors} = read('gas.json');
const page = path.join(here, '../docs/gas.md');

function gas(name) {
  if (!(name in measured)) throw new Error(`Expected '${name}' in snapshots/Gas.json, but it is not there.`);
  return Number(measured[name]);
}

const post = () => gas('epoch: post, 10 builders and 10 owners');
const settle = () => gas('epoch: settle, 10 builders and 10 owners');
const formulas = {
  // an account of each kind costs a ninth of what nine more of each cost
  bare: () => gas('epoch: post, 1 builder and 1 owner') - (post() - gas('epoch: post, 1 builder and 1 owner')) / 9,
  account: () => (post() - gas('epoch: post, 1 builder and 1 owner')) / 18,
  post,
  settle,
  '(post + epoch: claim * 10) / 1000': () => (post() + 10 * gas('epoch: claim')) / 1000,
  '(post + settle + epoch: claim * 10) / 1000': () => (post() + settle() + 10 * gas('epoch: claim')) / 1000,
  'releaseAll, 100 / 100': () => gas('releaseAll, 100') / 100,
  'directAll, 10 with a quorum of 2 / 10': () => gas('directAll, 10 with a quorum of 2') / 10,
  signature: () => (gas('101 signatures, checked') - gas('1 signature, checked')) / 100,
  evidence: () => (gas('evidence of 5 runs') - gas('evidence of 2 runs')) / 3,
  court: () => gas('court: accuse') + gas('court: draw five') + 5 * formulas['court: commit + court: reveal']() + gas('court: close'),
  'court: commit + court: reveal': () => gas('court: commit') + gas('court: reveal'),
};

const number = (value) => (value === null ? '' : Math.round(value).toLocaleString('en-US'));
const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const values = ours.map((one) => ({...one, gas: (formulas[one.formula] ?? (() => gas(one.formula)))()}));
const missed = values.filter((one) => one.goal !== null && one.gas > one.goal);

const text = `# What settling costs

Whole transactions, from cold storage, with their 21,000 and their calldata, hard fork Prague. \`contracts/snapshots/Gas.json\` holds what \`contracts/tests/gas\` measures; \`contracts/check\` fails
when a number changes, and when this page is not what \`node contracts/gas.mjs\` writes.

${table(['', 'gas', 'goal', ''], values.map((one) => [one.what, number(one.gas), number(one.goal), one.goal === null ? '' : one.gas <= one.goal ? 'reached' : 'missed']))}

## Missed, and why

${missed.map((one) => `- **${one.what}**: ${number(one.gas)}, goal ${number(one.goal)}. ${one.note[0].toUpperCase()}${one.note.slice(1)}.`).join('\n')}

## Peers, for one job

Until a job's client has paid its provider under that protocol; the work differs (PoCo matches four signed orders and pays four parties; Prime pays nobody).

${table(['', 'gas', 'times ours by epoch', 'what', 'source'], peers.map((one) => [one.who, number(one.gas), number(one.gas / formulas['(post + settle + epoch: claim * 10) / 1000']()), one.what, one.source]))}

"Ours by epoch" is with debits, accounts and settling.

## Floors

What the simplest contract that does only this costs.

${table(['', 'gas', 'source'], floors.map((one) => [one.what, number(one.gas), one.source]))}
`;

if (process.argv[2] === '--check') {
  if (fs.readFileSync(page, 'utf8') !== text) throw new Error('Expected docs/gas.md to be what contracts/gas.mjs writes, but it differs. Run: node contracts/gas.mjs');
} else {
  fs.writeFileSync(page, text);
}
