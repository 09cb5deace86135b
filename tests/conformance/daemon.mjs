// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The real daemon with a home and scripted models of its own.

import { File } from 'node:buffer';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Node.js 18 has it, but not where OpenAI's client looks.
globalThis.File ??= File;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const binary = process.env.HAILSTONE_BINARY ?? join(root, 'build/release/bin/hailstone');

function addBlob(store, mediaType, data) {
  const hex = createHash('sha256').update(data).digest('hex');
  mkdirSync(join(store, 'blobs'), { recursive: true });
  writeFileSync(join(store, 'blobs', `sha256-${hex}`), data);
  return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(data) };
}

function addModel(store, name, { task = 'chat', ...settings }) {
  const config = {
    model_format: 'fake', model_family: 'fake', model_families: ['fake'], model_type: '1M',
    file_type: 'F32', hailstone: { task, engine: 'fake', settings },
  };
  const image = 'application/vnd.ollama.image.';
  const manifest = {
    schemaVersion: 2,
    config: addBlob(store, 'application/vnd.docker.container.image.v1+json', JSON.stringify(config)),
    layers: [addBlob(store, `${image}model`, `weights of ${name}`)],
  };
  const folder = join(store, 'manifests/registry.ollama.ai/library', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'latest'), JSON.stringify(manifest));
}

/** models: name -> settings of the fake engine, and the task if it is not chat. prepare(home): before it starts. Gives {url, tlsUrl, home, stop()}. */
export async function startDaemon(models, args = [], prepare = () => {}) {
  const home = mkdtempSync(join(tmpdir(), 'hailstone-conformance-'));
  for (const [name, settings] of Object.entries(models)) {
    addModel(join(home, 'models'), name, settings);
  }
  prepare(home);
  const child = spawn(binary, ['serve', '--listen', '127.0.0.1:0', '--home', home,
                               '--log-level', 'error', ...args],
                      { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url, tlsUrl] = await new Promise((found, failed) => {
    let seen = '';
    child.stdout.on('data', (piece) => {
      seen += piece;
      const lines = ['http', 'https'].map((scheme) => new RegExp(`listening on (${scheme}://\\S+)`).exec(seen)?.[1]);
      if (/^models/m.test(seen)) found(lines); // behind all of them
    });
    child.on('exit', (code) => failed(new Error(`the daemon ended with ${code}`)));
    setTimeout(() => failed(new Error('the daemon does not listen')), 30_000).unref();
  });
  return {
    url,
    tlsUrl,
    home,
    async stop() {
      const ended = new Promise((done) => child.on('exit', done));
      child.kill('SIGTERM');
      const code = await ended;
      rmSync(home, { recursive: true, force: true });
      return code;
    },
  };
}

/** Waits, with a bound, until the condition holds. */
export async function eventually(condition, patience = 10_000) {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    if (await condition()) return true;
    await new Promise((wake) => setTimeout(wake, 20));
  }
  return false;
}

/** On loopback. */
export const freePort = () => new Promise((found) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => found(port));
  });
});
