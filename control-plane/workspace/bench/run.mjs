// Measures the renderer in a real Chromium: builds the page, serves it on loopback, prints what it measured; fails over the budget.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';

const budgetMilliseconds = 20;
const browser = process.env.HYBRID_CHROMIUM ?? '/usr/bin/chromium';
const count = process.argv[2] ?? '5000';
const folder = await mkdtemp(join(tmpdir(), 'hybrid-bench-'));
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

await build({ configFile: false, root: 'bench', logLevel: 'error', build: { outDir: join(folder, 'page'), emptyOutDir: true, target: 'chrome123' } });
let arrived;
const result = new Promise(resolve => { arrived = resolve; });
const server = createServer(async (request, response) => {
  if (request.method === 'POST') {
    let body = '';
    for await (const part of request) body += part;
    response.end();
    arrived(JSON.parse(body));
    return;
  }
  const path = normalize(new URL(request.url, 'http://localhost').pathname);
  try {
    const file = join(folder, 'page', path === '/' ? 'index.html' : path);
    const bytes = await readFile(file);
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    response.end(bytes);
  } catch {
    response.statusCode = 404;
    response.end();
  }
}).listen(0, '127.0.0.1');
await new Promise(resolve => server.once('listening', resolve));

const chromium = spawn(browser, ['--headless=new', '--no-sandbox', '--window-size=1440,900', '--hide-scrollbars', '--no-first-run', `--user-data-dir=${join(folder, 'profile')}`,
  `http://127.0.0.1:${server.address().port}/?count=${count}`], { stdio: 'ignore' });
const late = setTimeout(() => arrived({ error: 'the page did not answer within two minutes' }), 120_000);
const figures = await result;
clearTimeout(late);
chromium.kill();
server.close();
await new Promise(resolve => chromium.once('exit', resolve));
await rm(folder, { recursive: true, force: true, maxRetries: 5 });
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
if (figures.error || figures.path !== 'select.moving' || figures.drag.median > budgetMilliseconds) {
  process.stderr.write(`The renderer is over its budget of ${budgetMilliseconds} ms a frame (median, one polygon dragged), or did not run.\n`);
  process.exitCode = 1;
}
