// Writes abi/<Contract>.json (abi and bytecode, keys in a fixed order) from forge's artifacts, and the two files that
// web3j's generator reads.
//
//   node abi.mjs <directory for the json> <directory for .abi and .bin>
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [jsonDir, plainDir] = process.argv.slice(2);
if (!jsonDir || !plainDir) throw new Error('Expected two directories, but got ' + process.argv.slice(2).join(' '));
mkdirSync(jsonDir, {recursive: true});
mkdirSync(plainDir, {recursive: true});

// forge's order of entries may change with its version
const order = ['constructor', 'function', 'event', 'error', 'receive', 'fallback'];
const key = (entry) => `${order.indexOf(entry.type)} ${entry.name ?? ''} ${(entry.inputs ?? []).map((i) => i.type).join()}`;
const compare = (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);

for (const name of ['Court', 'Epochs', 'Escrow', 'Evidence', 'ProviderRegistry', 'TestToken']) {
  const artifact = JSON.parse(readFileSync(join(here, 'out', `${name}.sol`, `${name}.json`), 'utf8'));
  const abi = [...artifact.abi].sort(compare);
  const bytecode = artifact.bytecode.object;
  writeFileSync(join(jsonDir, `${name}.json`), JSON.stringify({contractName: name, abi, bytecode}, null, 2) + '\n');
  writeFileSync(join(plainDir, `${name}.abi`), JSON.stringify(abi));
  writeFileSync(join(plainDir, `${name}.bin`), bytecode.replace(/^0x/, ''));
}
