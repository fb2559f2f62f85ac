// Every test that README.md names exists. A name that ends in … is the beginning of one.
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const tests = new Set();
for (const name of fs.readdirSync(path.join(here, 'tests'), {recursive: true})) {
  if (!name.endsWith('.t.sol')) continue;
  const source = fs.readFileSync(path.join(here, 'tests', name), 'utf8');
  for (const [, test] of source.matchAll(/function (test\w+)\(/g)) tests.add(test);
}
const page = fs.readFileSync(path.join(here, 'README.md'), 'utf8');
const named = [...page.matchAll(/`((?:testFuzz_)?(?:should|the)[A-Z]\w*)(…?)`/g)];
const lost = named.filter(([, name, open]) => {
  const test = name.startsWith('test') ? name : `test_${name}`;
  return open ? ![...tests].some((one) => one.startsWith(test)) : !tests.has(test);
});
if (named.length < 60) throw new Error(`Expected README.md to name its tests, but it names ${named.length}.`);
if (lost.length > 0) throw new Error(`Expected every test that README.md names to exist, but these do not: ${lost.map(([all]) => all).join(' ')}`);
console.log(`README.md names ${named.length} tests, and all exist`);
