// Fails the build when the first page grows over its budget: 250 kB compressed of what index.html asks for and the largest catalogue of words.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budget = 250_000;
const html = readFileSync('dist/index.html', 'utf8');
if (/<style|<script(?![^>]*\ssrc=)/.test(html)) throw new Error('dist/index.html has an inline script or style; the page policy refuses it.');
const files = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(match => match[1]);
const sizes = files.map(file => [file, gzipSync(readFileSync(`dist/${file}`)).length]);
const catalogues = readdirSync('dist/assets').filter(file => /^(en|de|fr)-.*\.js$/.test(file)).map(file => [`assets/${file}`, gzipSync(readFileSync(`dist/assets/${file}`)).length]);
if (catalogues.length !== 3) throw new Error('Each language has a catalogue of its own, beside the first page.');
sizes.push(catalogues.sort((one, other) => other[1] - one[1])[0]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
for (const [file, size] of sizes) process.stdout.write(`${file}  ${(size / 1000).toFixed(1)} kB gzip\n`);
process.stdout.write(`sw.js  ${(statSync('dist/sw.js').size / 1000).toFixed(1)} kB\nfirst page ${(total / 1000).toFixed(1)} kB of ${budget / 1000} kB\n`);
if (total > budget) throw new Error('The first page is over its budget: load the new part lazily.');
