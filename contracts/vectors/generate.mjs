// Writes the protocol's test vectors with viem and @openzeppelin/merkle-tree only: nothing of this project's own code
// takes part, so Java, Solidity and any other implementation can be checked against them.
//
//   node vectors/generate.mjs [directory]      default: ../protocol/src/test/resources/vectors
import {createHmac, createHash} from 'node:crypto';
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {StandardMerkleTree} from '@openzeppelin/merkle-tree';
import {
  concat, encodeAbiParameters, encodePacked, hashDomain, hashStruct, hashTypedData, hexToBytes, keccak256, numberToHex,
  recoverTypedDataAddress, stringToHex,
} from 'viem';
import {privateKeyToAccount} from 'viem/accounts';
import {SIGNER, TYPES, typeString, typedFields} from './messages.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, '../../protocol/src/test/resources/vectors'));
mkdirSync(target, {recursive: true});
const write = (name, value) => writeFileSync(join(target, name), JSON.stringify(value, null, 2) + '\n');

const word = (text) => keccak256(stringToHex(text));
const sha256 = (text) => '0x' + createHash('sha256').update(text).digest('hex');
const MAX = {uint8: 2n ** 8n - 1n, uint32: 2n ** 32n - 1n, uint64: 2n ** 64n - 1n, uint256: 2n ** 256n - 1n};
const ZERO_ADDRESS = '0x0000000000000000000000000000000000000000';
const ZERO_WORD = '0x' + '00'.repeat(32);
const ONES_ADDRESS = '0xFFfFfFffFFfffFFfFFfFFFFFffFFFffffFfFFFfF';
const ONES_WORD = '0x' + 'ff'.repeat(32);

// ---- keys: worthless, made from public words -----------------------------------------------------------------------
const party = (name) => {
  const privateKey = word(`perigee.test.${name}`);
  return {privateKey, address: privateKeyToAccount(privateKey).address};
};
const PARTIES = Object.fromEntries(
  ['builder', 'hub', 'owner', 'session', 'owner2', 'session2', 'owner3', 'session3', 'stranger'].map((n) => [n, party(n)]));

// ---- domains -------------------------------------------------------------------------------------------------------
const DOMAINS = {
  local: {name: 'Perigee', version: '1', chainId: 31337, verifyingContract: '0x5FbDB2315678afecb367f032d93F642f64180aa3'},
  otherChain: {name: 'Perigee', version: '1', chainId: 1, verifyingContract: '0x5FbDB2315678afecb367f032d93F642f64180aa3'},
  otherEscrow: {name: 'Perigee', version: '1', chainId: 31337, verifyingContract: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'},
};
const DOMAIN_TYPE = [
  {name: 'name', type: 'string'}, {name: 'version', type: 'string'}, {name: 'chainId', type: 'uint256'},
  {name: 'verifyingContract', type: 'address'},
];
const DOMAIN_STRING = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';
const separators = Object.fromEntries(Object.entries(DOMAINS).map(([name, domain]) => [name, {
  ...domain, chainId: String(domain.chainId),
  separator: hashDomain({domain: {...domain, chainId: BigInt(domain.chainId)}, types: {EIP712Domain: DOMAIN_TYPE}}),
}]));

// ---- messages ------------------------------------------------------------------------------------------------------
// A UUIDv7's sixteen bytes, then sixteen zero bytes.
const JOB_ID = '0x0198f3a1b2c47d8e9fa0b1c2d3e4f506' + '00'.repeat(16);
const T0 = 1_790_000_000n;
const typical = {
  JobOrder: {
    builder: PARTIES.builder.address, hub: PARTIES.hub.address, jobId: JOB_ID, specHash: word('spec'),
    token: '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0', maxPayment: 2_500_000n, segments: 30n, quorum: 2n, direct: true,
    validAfter: T0, deadline: T0 + 86_400n,
  },
  Acceptance: {assignmentHash: word('assignment')},
  Commitment: {assignmentHash: word('assignment'), toBorder: 30n, seal: word('seal')},
  Receipt: {commitmentHash: word('commitment'), receivedAt: T0 + 600n, drawBlock: 1234n},
  Verdict: {
    assignmentHash: word('audit'), commitmentHash: word('commitment'), root: word('root'), outputDigest: sha256('output'),
    verifiedTo: 30n,
  },
  Release: {
    orderHash: word('order'), assignmentHash: word('assignment'), payee: PARTIES.owner.address, amount: 1_250_000n,
  },
  SessionKey: {
    owner: PARTIES.owner.address, provider: word('provider'), key: PARTIES.session.address, hub: PARTIES.hub.address,
    serial: 1n, notBefore: T0 - 3600n, expiresAt: T0 + 2_592_000n,
  },
};
typical.Assignment = {
  orderHash: word('order'), attempt: 1n, provider: word('provider'), owner: PARTIES.owner.address, role: 0n, fromBorder: 0n,
  toBorder: 30n, numericClass: word('perigee.class.strict.v1'), price: 1_000_000n, bond: 500_000n, secretHash: word('secret'),
  issuedAt: T0 + 5n, leaseUntil: T0 + 7_200n,
};

const extreme = (name, pick) => Object.fromEntries(TYPES[name].map(([type, field]) => [field, pick(type)]));
const zero = (type) => ({address: ZERO_ADDRESS, bytes32: ZERO_WORD, bool: false}[type] ?? 0n);
const most = (type) => ({address: ONES_ADDRESS, bytes32: ONES_WORD, bool: true}[type] ?? MAX[type]);
const mixed = (name) => extreme(name, (type) => {
  // one bit high, one bit low: finds a sign extension or a swapped byte order
  return {address: '0x8000000000000000000000000000000000000001', bytes32: '0x80' + '00'.repeat(30) + '01', bool: true}[type]
    ?? (MAX[type] + 1n) / 2n + 1n;
});
const extras = {
  JobOrder: [['without segments, quorum 1, not direct', {...typical.JobOrder, segments: 0n, quorum: 1n, direct: false}]],
  Assignment: [
    ['an auditor of one segment', {...typical.Assignment, role: 1n, fromBorder: 11n, toBorder: 12n, attempt: 2n}],
    ['a class of no name', {...typical.Assignment, numericClass: ZERO_WORD}],
  ],
  Commitment: [['of a prefix', {...typical.Commitment, toBorder: 7n}]],
};

const asJson = (fields) => Object.fromEntries(
  Object.entries(fields).map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : value]));

async function vector(name, label, fields, domainName, signerName) {
  const domain = DOMAINS[domainName];
  const types = {[name]: typedFields(name)};
  const {privateKey, address} = PARTIES[signerName];
  const account = privateKeyToAccount(privateKey);
  const signature = await account.signTypedData({domain, types, primaryType: name, message: fields});
  const recovered = await recoverTypedDataAddress({domain, types, primaryType: name, message: fields, signature});
  if (recovered !== address) throw new Error(`Expected to recover ${address}, but got ${recovered}`);
  return {
    label, domain: domainName, fields: asJson(fields),
    structHash: hashStruct({data: fields, primaryType: name, types}),
    digest: hashTypedData({domain, types, primaryType: name, message: fields}),
    signer: signerName, signature,
  };
}

const messages = {};
for (const name of Object.keys(TYPES)) {
  const cases = [
    await vector(name, 'typical', typical[name], 'local', SIGNER[name]),
    await vector(name, 'every field zero', extreme(name, zero), 'local', SIGNER[name]),
    await vector(name, 'every field at its most', extreme(name, most), 'local', SIGNER[name]),
    await vector(name, 'highest and lowest bit', mixed(name), 'local', SIGNER[name]),
    await vector(name, 'typical on another chain', typical[name], 'otherChain', SIGNER[name]),
    await vector(name, 'typical for another escrow', typical[name], 'otherEscrow', SIGNER[name]),
  ];
  for (const [label, fields] of extras[name] ?? []) cases.push(await vector(name, label, fields, 'local', SIGNER[name]));
  messages[name] = {typeString: typeString(name), typeHash: keccak256(stringToHex(typeString(name))), cases};
}
write('eip712.json', {
  about: 'EIP-712 digests of every message. Integers are decimal strings. A signature is r || s || v, v 27 or 28, low s, RFC 6979.',
  domainType: DOMAIN_STRING, domainTypeHash: keccak256(stringToHex(DOMAIN_STRING)), domains: separators, parties: PARTIES,
  messages,
});

// ---- merkle --------------------------------------------------------------------------------------------------------
const LEAF = ['bytes32', 'uint32', 'bytes32', 'bytes32', 'bytes32', 'bytes32'];
const orderHash = messages.JobOrder.cases[0].digest;
function tree(label, fromBorder, size) {
  const rows = Array.from({length: size}, (_, k) => {
    const i = fromBorder + 1 + k;
    return {
      i, adapter: sha256(`adapter ${label} ${i}`), optimizer: sha256(`optimizer ${label} ${i}`),
      state: sha256(`state ${label} ${i}`), metrics: sha256(`metrics ${label} ${i}`),
    };
  });
  const values = rows.map((row) => [orderHash, row.i, row.adapter, row.optimizer, row.state, row.metrics]);
  const made = StandardMerkleTree.of(values, LEAF);
  const leaves = rows.map((row, k) => {
    const encoded = encodeAbiParameters(LEAF.map((type) => ({type})), values[k]);
    const leaf = keccak256(keccak256(encoded));
    if (leaf !== made.leafHash(values[k])) throw new Error('Expected the tree leaf to be our leaf, but it is not');
    return {...row, encoded, leaf, proof: made.getProof(k)};
  });
  return {label, fromBorder, toBorder: fromBorder + size, leafCount: size, root: made.root, nodes: made.dump().tree, leaves};
}
const trees = [1, 2, 3, 5, 8, 33].map((size) => tree(`size ${size}`, 0, size));
trees.push(tree('resumed at border 10', 10, 4));
write('merkle.json', {
  about: 'OpenZeppelin StandardMerkleTree of the borders that a run wrote, fromBorder+1 to toBorder. leaf = keccak256(keccak256(abi.encode('
    + 'orderHash, i, adapter, optimizer, state, metrics))). Leaves are sorted by hash; nodes is the whole tree, root first: children of k are '
    + '2k+1 and 2k+2, the sorted leaves stand at the end in reverse, a parent is keccak256 of its two children, the smaller first.',
  leafTypes: LEAF, orderHash, trees,
});

// ---- seals ---------------------------------------------------------------------------------------------------------
const SEAL = ['bytes32', 'uint32', 'bytes32', 'uint32', 'bytes32', 'bytes32'];
function seal(label, sessionKey, assignmentHash, border, root, leafCount, outputDigest) {
  const saltInput = concat([assignmentHash, numberToHex(border, {size: 4})]);
  const salt = '0x' + createHmac('sha256', hexToBytes(sessionKey)).update(hexToBytes(saltInput)).digest('hex');
  const encoded = encodeAbiParameters(SEAL.map((type) => ({type})), [assignmentHash, border, root, leafCount, outputDigest, salt]);
  return {
    label, sessionKey, assignmentHash, border, root, leafCount, outputDigest, saltInput, salt, encoded, seal: keccak256(encoded),
  };
}
const assignmentHash = messages.Assignment.cases[0].digest;
const [one, , three, , , thirtyThree] = trees;
write('seal.json', {
  about: 'salt = HMAC-SHA256(key: the session private key, 32 bytes big-endian; message: assignmentHash || uint32 border, big-endian). '
    + 'seal = keccak256(abi.encode(assignmentHash, border, root, leafCount, outputDigest, salt)). outputDigest is 0 for a prefix; a job '
    + 'without segments has root 0 and leafCount 0.',
  types: SEAL,
  seals: [
    seal('the whole run', PARTIES.session.privateKey, assignmentHash, 33, thirtyThree.root, 33, sha256('output')),
    seal('a prefix', PARTIES.session.privateKey, assignmentHash, 3, three.root, 3, ZERO_WORD),
    seal('the first border', PARTIES.session.privateKey, assignmentHash, 1, one.root, 1, ZERO_WORD),
    seal('another provider, same work', PARTIES.session2.privateKey, messages.Assignment.cases[2].digest, 33, thirtyThree.root, 33, sha256('output')),
    seal('without segments', PARTIES.session.privateKey, assignmentHash, 1, ZERO_WORD, 0, sha256('output')),
    seal('extremes', PARTIES.session3.privateKey, ONES_WORD, 4294967295, ONES_WORD, 4294967295, ONES_WORD),
  ],
});

// ---- epochs --------------------------------------------------------------------------------------------------------
const LINE = ['address', 'bytes32', 'bytes32', 'address', 'uint120', 'uint128'];
const DEBITS = {type: 'tuple[]', components: [{name: 'builder', type: 'address'}, {name: 'lines', type: 'uint32'}, {name: 'amount', type: 'uint128'}]};
const CREDITS = {type: 'tuple[]', components: [{name: 'owner', type: 'address'}, {name: 'amount', type: 'uint128'}]};
const sum = (amounts) => amounts.reduce((a, b) => a + b, 0n);
const smaller = (a, b) => (a < b ? -1 : Number(a > b));
const ascending = (rows) => [...new Set(rows)].sort(smaller);
function epoch(label, size, amount) {
  const builders = ['builder', 'stranger', 'hub'].map((name) => PARTIES[name].address.toLowerCase());
  const owners = ['owner', 'owner2', 'owner3'].map((name) => PARTIES[name].address.toLowerCase());
  const given = Array.from({length: size}, (_, k) => ({
    builder: builders[Math.floor(k / 2) % 3], orderHash: word(`order ${label} ${Math.floor(k / 2)}`),
    assignmentHash: word(`assignment ${label} ${k}`), owner: owners[k % 3], amount: amount(k),
  }));
  const key = (line) => line.builder + line.orderHash + line.assignmentHash;
  const lines = [...given].sort((a, b) => smaller(key(a), key(b)));
  lines.forEach((line, k) => {
    line.sum = line.amount + (k > 0 && lines[k - 1].builder === line.builder ? lines[k - 1].sum : 0n);
  });
  const levels = [lines.map((line) => keccak256(encodePacked(LINE, Object.values(line))))];
  while (levels[0].length & (levels[0].length - 1)) levels[0].push(ZERO_WORD);
  for (let below = levels[0]; below.length > 1; below = levels.at(-1)) {
    levels.push(Array.from({length: below.length / 2}, (_, k) => keccak256(concat([below[2 * k], below[2 * k + 1]]))));
  }
  const account = (field, who) => lines.filter((line) => line[field] === who);
  const debits = ascending(lines.map((line) => line.builder)).map((builder) => {
    const theirs = account('builder', builder);
    return {builder, lines: theirs.length, amount: sum(theirs.map((line) => line.amount))};
  });
  const credits = ascending(lines.map((line) => line.owner)).map((owner) => (
    {owner, amount: sum(account('owner', owner).map((line) => line.amount))}));
  const encoded = encodeAbiParameters([DEBITS, CREDITS], [debits, credits]);
  return {
    label, given: given.map(({sum: _, ...line}) => asJson(line)), depth: levels.length - 1, root: levels.at(-1)[0],
    lines: lines.map((line, k) => ({
      ...asJson(line), leaf: levels[0][k], proof: levels.slice(0, -1).map((level, depth) => level[(k >> depth) ^ 1]),
    })),
    debits: debits.map(asJson), credits: credits.map(asJson), accounts: keccak256(encoded), encoded,
  };
}
write('epoch.json', {
  about: 'Epochs. Lines stand by (builder, order, assignment); sum is what their builder pays by them so far. A leaf is keccak256(abi.encodePacked(line)), '
    + 'leaves stand at their places, all equally deep, zero after the last; a parent is keccak256 of its two children, left first. accounts is '
    + 'keccak256(abi.encode(debits, credits)).',
  lineTypes: LINE,
  epochs: [
    epoch('one line', 1, () => 1n), epoch('two lines', 2, (k) => 5n + BigInt(k)), epoch('three lines', 3, () => 7n),
    epoch('six lines', 6, (k) => 10n ** BigInt(3 * k)), epoch('33 lines', 33, (k) => BigInt(k * k + 1)),
    epoch('the most that fits', 6, () => 2n ** 120n - 1n),
  ],
});
