// Proves that docs/protocol.md suffices: reads nothing but that page, and computes its hashes and signatures again.
//
//   node vectors/check-page.mjs [page]      default: ../docs/protocol.md
import {createHash, createHmac} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {
  concat, encodeAbiParameters, getAddress, hashDomain, hashStruct, hashTypedData, hexToBytes, keccak256, numberToHex,
  recoverMessageAddress, recoverTypedDataAddress, toBytes,
} from 'viem';

const path = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../../docs/protocol.md');
const page = readFileSync(path, 'utf8');

// ---- reading the page
const region = (name) => {
  const found = page.split(`<!-- generated: ${name} -->\n`)[1]?.split('<!-- end -->')[0];
  if (found === undefined) throw new Error(`Expected the page to have a region '${name}', but it has none`);
  return found;
};
const fences = (name, kind) => [...region(name).matchAll(new RegExp('```' + kind + '\\n(.*?)\\n```', 'gs'))].map((m) => m[1]);
const json = (name) => JSON.parse(fences(name, 'json')[0]);
const body = (name, part) => JSON.parse(fences(name, 'http')[part].split('\n\n')[1]);
const row = (name, first) => region(name).match(new RegExp(`^\\| ${first} \\|(.*)\\|$`, 'm'))[1];
const hexes = (text) => text.match(/0x[0-9a-f]+/g);
const cell = (name, first) => hexes(row(name, first)).at(-1);

let checks = 0;
const equal = (what, actual, expected) => {
  checks++;
  const plain = (value) => (typeof value === 'string' && value.startsWith('0x') ? value.toLowerCase() : JSON.stringify(value));
  if (plain(actual) !== plain(expected)) {
    console.error(`check-page: Expected ${what} to be ${plain(expected)}, but the page gives ${plain(actual)}`);
    process.exit(1);
  }
};

// ---- what the page says about bytes
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
};
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const words = (types, values) => encodeAbiParameters(types.map((type) => ({type})), values);
const digestOf = (contentId) => contentId.replace('sha256:', '0x');
const uuid32 = (uuid) => `0x${uuid.replaceAll('-', '')}${'00'.repeat(16)}`;

const domain = json('domain');
const typesOf = (name) => {
  const [, fields] = row(`signed ${name}`, 'type').match(/\((.*)\)/);
  return {[name]: fields.split(',').map((field) => ({type: field.split(' ')[0], name: field.split(' ')[1]}))};
};
const typed = (name, fields) => ({
  domain, types: typesOf(name), primaryType: name,
  message: Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, key === 'jobId' ? uuid32(value) : value])),
});
const digest = (name, fields) => hashTypedData(typed(name, fields));
const signed = async (what, name, fields, signature, signer) =>
  equal(`the signer of ${what}`, await recoverTypedDataAddress({...typed(name, fields), signature}), getAddress(signer));
const leaf = (orderHash, s) => keccak256(keccak256(words(
  ['bytes32', 'uint32', 'bytes32', 'bytes32', 'bytes32', 'bytes32'],
  [orderHash, s.border, ...[s.adapter, s.optimizer, s.state, s.metrics].map(digestOf)])));
const root = (leaves) => {
  const nodes = [...leaves].sort().reverse();
  const tree = [...Array(nodes.length - 1), ...nodes];
  for (let k = nodes.length - 2; k >= 0; k--) tree[k] = keccak256(concat([tree[2 * k + 1], tree[2 * k + 2]].sort()));
  return tree[0];
};
const salt = (key, assignmentHash, border) =>
  '0x' + createHmac('sha256', hexToBytes(key)).update(hexToBytes(concat([assignmentHash, numberToHex(border, {size: 4})]))).digest('hex');
const seal = (assignmentHash, border, o) => keccak256(words(
  ['bytes32', 'uint32', 'bytes32', 'uint32', 'bytes32', 'bytes32'],
  [assignmentHash, border, o.root, o.leafCount, o.outputDigest, o.salt]));

// ---- the job, the domain, the signed messages
const spec = json('job canonical');
equal('the canonical bytes', fences('job canonical bytes', 'text')[0], canonical(spec));
const specHash = keccak256(toBytes(canonical(spec)));
equal('specHash', hexes(region('job hash'))[0], specHash);
const separator = hashDomain({domain, types: {EIP712Domain: [
  {name: 'name', type: 'string'}, {name: 'version', type: 'string'}, {name: 'chainId', type: 'uint256'},
  {name: 'verifyingContract', type: 'address'}]}});
equal('the separator', hexes(region('domain')).at(-1), separator);
const names = [...page.matchAll(/<!-- generated: signed (\w+) -->/g)].map((m) => m[1]);
for (const name of names) {
  const fields = json(`signed ${name}`);
  const {message, types} = typed(name, fields);
  equal(`struct hash of ${name}`, cell(`signed ${name}`, 'struct hash'), hashStruct({data: message, primaryType: name, types}));
  equal(`digest of ${name}`, cell(`signed ${name}`, 'digest'), digest(name, fields));
  await signed(name, name, fields, cell(`signed ${name}`, 'signature'), cell(`signed ${name}`, 'signer'));
}

// ---- the attempt, message by message
const offer = json('hub assignment');
const orderHash = digest('JobOrder', offer.order);
const assignmentHash = digest('Assignment', offer.assignment);
equal('the spec of the order', offer.order.specHash, keccak256(toBytes(canonical(offer.spec))));
equal('the order of the assignment', offer.assignment.orderHash, orderHash);
await signed('the order', 'JobOrder', offer.order, offer.orderSignature, offer.order.builder);
await signed('the assignment', 'Assignment', offer.assignment, offer.hubSignature, offer.order.hub);
const hello = json('agent hello');
const key = hello.sessionKey;
await signed('the session key', 'SessionKey', key, hello.ownerSignature, key.owner);
const challenge = json('hub challenge');
const login = `Perigee agent login\norigin: ${hello.origin}\nhub: ${challenge.hub}\nnonce: ${challenge.nonce}`;
equal('the login text', fences('login text', 'text')[0], login);
equal('the login', await recoverMessageAddress({message: login, signature: hello.nonceSignature}), getAddress(key.key));
const accept = json('agent accept');
equal('the accepted assignment', accept.assignmentHash, assignmentHash);
await signed('the acceptance', 'Acceptance', {assignmentHash}, accept.signature, key.key);
const {commitment, signature} = json('agent commit');
await signed('the commitment', 'Commitment', commitment, signature, key.key);
const receipt = json('hub receipt');
equal('the commitment of the receipt', receipt.receipt.commitmentHash, digest('Commitment', receipt.commitment));
await signed('the receipt', 'Receipt', receipt.receipt, receipt.hubSignature, offer.order.hub);
const reveal = json('agent reveal');
equal('the root', reveal.opening.root, root(reveal.segments.map((segment) => leaf(orderHash, segment))));
for (const segment of reveal.segments) equal(`leaf ${segment.border}`, cell('leaves', segment.border), leaf(orderHash, segment));
equal('a file', reveal.segments[0].state, `sha256:${sha256('state.json of border 1\n')}`);
const secret = cell('parties', 'session');
equal('the salt', reveal.opening.salt, salt(secret, assignmentHash, reveal.border));
equal('the seal', commitment.seal, seal(assignmentHash, reveal.border, reveal.opening));
equal('the outputs', reveal.outputs, `sha256:${sha256(fences('manifest', 'text')[0])}`);
equal('the output digest', reveal.opening.outputDigest, digestOf(reveal.outputs));
equal('the provider id', offer.assignment.provider,
  keccak256(words(['address', 'bytes32'], [cell('provider id', 'owner'), cell('provider id', 'salt')])));

// ---- the builder's side, and the bundle
const session = body('rest session', 2);
const text = `Perigee sign in\norigin: ${session.origin}\nhub: ${challenge.hub}\naddress: ${session.address}\nnonce: ${session.nonce}`;
equal('the sign-in', await recoverMessageAddress({message: text, signature: session.signature}), getAddress(session.address));
const submitted = body('rest submit', 0);
await signed('the submission', 'JobOrder', submitted.order, submitted.orderSignature, submitted.order.builder);
equal('the submitted spec', submitted.order.specHash, keccak256(toBytes(canonical(submitted.spec))));
const bundle = json('bundle');
for (const run of bundle.payable.winners) {
  const hash = digest('Assignment', run.assignment);
  equal('the seal of a winner', run.commitment.seal, seal(hash, run.commitment.toBorder, run.opening));
  equal('the root of a winner', run.opening.root, root(run.segments.map((segment) => leaf(digest('JobOrder', bundle.order), segment))));
  await signed('a winner\'s assignment', 'Assignment', run.assignment, run.hubSignature, bundle.order.hub);
  await signed('a winner\'s key', 'SessionKey', run.sessionKey, run.sessionKeySignature, run.assignment.owner);
  await signed('a winner\'s acceptance', 'Acceptance', {assignmentHash: hash}, run.acceptance, run.sessionKey.key);
  await signed('a winner\'s commitment', 'Commitment', run.commitment, run.commitmentSignature, run.sessionKey.key);
  await signed('a winner\'s receipt', 'Receipt', run.receipt, run.receiptSignature, bundle.order.hub);
}
console.log(`check-page: ${checks} values of docs/protocol.md computed again, all equal`);
