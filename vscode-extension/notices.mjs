// Writes dist/NOTICES.txt: the licence of every package that is in the bundle, as these licences ask for.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const { inputs } = JSON.parse(readFileSync('dist/meta.json', 'utf8'));
const inPackage = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;
const folders = new Set(Object.keys(inputs).flatMap((path) => path.match(inPackage) ?? []));

const notices = [...folders].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) {
    throw new Error(`${folder} has no licence file`);
  }
  return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
});
writeFileSync('dist/NOTICES.txt', notices.join(`\n${'-'.repeat(80)}\n\n`));
