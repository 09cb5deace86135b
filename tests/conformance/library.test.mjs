// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What changes the models that are there, by Ollama's own JavaScript client.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Ollama } from 'ollama';

import { startDaemon } from './daemon.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const starter = readFileSync(join(root, 'models/starter/starter-chat.gguf'));
const digestOf = (data) => `sha256:${createHash('sha256').update(data).digest('hex')}`;

let daemon;
let client;

before(async () => {
  daemon = await startDaemon({ echo: { capabilities: 'completion' } });
  client = new Ollama({ host: daemon.url });
});

after(async () => assert.equal(await daemon.stop(), 0));

const names = async () => (await client.list()).models.map((model) => model.name);
const collect = async (stream) => {
  const statuses = [];
  for await (const part of await stream) statuses.push(part.status);
  return statuses;
};
const upload = (data, digest = digestOf(data)) =>
  fetch(`${daemon.url}/api/blobs/${digest}`, { method: 'POST', body: data });

test('blobs: absent, created, there, refused', async () => {
  const url = `${daemon.url}/api/blobs/${digestOf('some bytes')}`;
  assert.equal((await fetch(url, { method: 'HEAD' })).status, 404);
  assert.equal((await upload('some bytes')).status, 201);
  assert.equal((await upload('some bytes')).status, 200);
  assert.equal((await fetch(url, { method: 'HEAD' })).status, 200);
  const refused = await upload('other bytes', `sha256:${'0'.repeat(64)}`);
  assert.equal(refused.status, 400);
  assert.match((await refused.json()).error, /^digest mismatch, expected sha256:0{64} got sha256:/);
  const illegal = await fetch(`${daemon.url}/api/blobs/sha256:abc`, { method: 'HEAD' });
  assert.equal(illegal.status, 400);
});

test('create from a model', async () => {
  const statuses = await collect(client.create({
    model: 'me/child:v1', from: 'echo', system: 'Be brief.', license: ['MIT', 'other'],
    parameters: { temperature: 0.5, stop: ['x'] },
    messages: [{ role: 'user', content: 'hi' }], stream: true,
  }));
  assert.equal(statuses.at(-1), 'success');
  assert.ok(statuses.includes('writing manifest'));
  const shown = await client.show({ model: 'me/child:v1' });
  assert.equal(shown.system, 'Be brief.');
  assert.match(shown.parameters, /temperature +0\.5/);
  assert.equal(shown.license, 'MIT\nother');
  assert.deepEqual(shown.messages, [{ role: 'user', content: 'hi' }]);
  const reply = await client.chat({ model: 'me/child:v1',
                                    messages: [{ role: 'user', content: 'one two' }] });
  assert.equal(reply.message.content.trim(), 'one two');
});

test('create from a file, whole', async () => {
  assert.ok([200, 201].includes((await upload(starter)).status));  // it may come with the program
  const reply = await client.create({
    model: 'filed', files: { 'starter.gguf': digestOf(starter) }, stream: false,
  });
  assert.deepEqual(reply, { status: 'success' });
  const shown = await client.show({ model: 'filed' });
  assert.equal(shown.details.format, 'gguf');
  assert.equal(shown.details.family, 'llama');
  assert.ok(shown.capabilities.includes('completion'));
});

test('create says what is wrong', async () => {
  await assert.rejects(client.create({ model: 'x', stream: false }),
                       { message: "neither 'from' or 'files' was specified" });
  await assert.rejects(client.create({ model: '../x', from: 'echo', stream: false }),
                       /invalid model name/);
});

test('copy, delete and ps', async () => {
  assert.deepEqual(await client.copy({ source: 'echo', destination: 'twin' }),
                   { status: 'success' });
  await client.generate({ model: 'twin', prompt: 'hi' });
  const running = async () => (await client.ps()).models.map((model) => model.name);
  assert.ok((await running()).includes('twin:latest'));
  assert.deepEqual(await client.delete({ model: 'twin' }), { status: 'success' });
  assert.ok(!(await running()).includes('twin:latest'));
  assert.ok(!(await names()).includes('twin:latest'));
  assert.ok((await names()).includes('echo:latest'));
  await assert.rejects(client.delete({ model: 'twin' }), /not found/);
  await assert.rejects(client.copy({ source: 'absent', destination: 'y' }),
                       /model "absent(:latest)?" not found/);
});

/** tests/support/registry_double.py with a folder of its own. */
async function startRegistry() {
  const folder = mkdtempSync(join(tmpdir(), 'hailstone-registry-'));
  const child = spawn('python3', ['-B', join(root, 'tests/support/registry_double.py'), folder],
                      { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((found, failed) => {
    let seen = '';  // a line may come in pieces
    child.stdout.on('data', (piece) => {
      seen += piece;
      const line = /port (\d+)\n/.exec(seen);
      if (line) found(line[1]);
    });
    child.once('exit', () => failed(new Error('the registry does not start')));
  });
  const host = `127.0.0.1:${port}`;
  return {
    folder, host,
    control: (switches) => fetch(`http://${host}/_control`,
                                 { method: 'POST', body: JSON.stringify(switches) }),
    stats: async () => (await fetch(`http://${host}/_stats`)).json(),
    async stop() {
      const ended = new Promise((done) => child.on('exit', done));
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

test('push, then pull it back', async () => {
  const registry = await startRegistry();
  try {
    const model = `${registry.host}/me/twin:v1`;
    await client.copy({ source: 'echo', destination: model });
    const pushed = await collect(client.push({ model, stream: true, insecure: true }));
    assert.equal(pushed[0], 'retrieving manifest');
    assert.ok(pushed.some((status) => /^pushing [0-9a-f]{12}$/.test(status)), pushed.join());
    assert.equal(pushed.at(-1), 'success');

    await client.delete({ model });
    const pulled = await collect(client.pull({ model, stream: true, insecure: true }));
    assert.equal(pulled[0], 'pulling manifest');
    assert.deepEqual(pulled.slice(-2), ['writing manifest', 'success']);
    assert.ok((await names()).includes(model));
    const reply = await client.generate({ model, prompt: 'one two', stream: false });
    assert.equal(reply.response.trim(), 'one two');

    assert.deepEqual(await client.pull({ model, stream: false, insecure: true }),
                     { status: 'success' });
  } finally {
    await registry.stop();
  }
});

test('create from a model that has to be pulled first', async () => {
  const registry = await startRegistry();
  try {
    const model = `${registry.host}/me/base`;
    await client.copy({ source: 'echo', destination: model });
    await collect(client.push({ model, stream: true, insecure: true }));
    await client.delete({ model });
    const statuses = await collect(client.create({ model: 'grandchild', from: model,
                                                   system: 'Be brief.', stream: true }));
    assert.equal(statuses[0], 'pulling manifest');
    assert.equal(statuses.at(-1), 'success');
    assert.ok((await names()).includes('grandchild:latest'));
    const absent = `${registry.host}/me/absent`;
    await assert.rejects(client.create({ model: 'x', from: absent, stream: false }),
                         /pull model manifest: file does not exist/);
  } finally {
    await registry.stop();
  }
});

test('a pull that fails says so, and the model is not there', async () => {
  const registry = await startRegistry();
  try {
    const absent = `${registry.host}/me/absent`;
    await assert.rejects(collect(client.pull({ model: absent, stream: true, insecure: true })));
    await assert.rejects(client.pull({ model: absent, stream: false, insecure: true }),
                         /not found|does not exist|manifest/);
    const model = `${registry.host}/me/bad`;
    await client.copy({ source: 'filed', destination: model });
    await collect(client.push({ model, stream: true, insecure: true }));
    await client.delete({ model });
    await client.delete({ model: 'filed' });
    await registry.control({ wrong_digest: true });
    await assert.rejects(collect(client.pull({ model, stream: true, insecure: true })), /digest/);
    assert.ok(!(await names()).includes(`${model}:latest`));
  } finally {
    await registry.stop();
  }
});

test('a file of the catalogue that is no network is not installed', async () => {
  const registry = await startRegistry();
  try {
    mkdirSync(join(registry.folder, 'files'));
    const weights = 'not a real network';
    writeFileSync(join(registry.folder, 'files/spots.onnx'), weights);
    mkdirSync(join(daemon.home, 'catalog'), { recursive: true });
    writeFileSync(join(daemon.home, 'catalog/mine.toml'), `
[[model]]
name = "spots"
task = "detect"
licence = "Apache-2.0"
description = "finds spots"
labels = "coco80"
[[model.variant]]
engine = "onnx"
format = "onnx"
decoder = "yolox"
input = { width = 64, height = 64, layout = "nchw", color = "bgr", resize = "letterbox", pad = 114 }
[[model.variant.file]]
url = "http://${registry.host}/files/spots.onnx"
sha256 = "${digestOf(weights).slice('sha256:'.length)}"
`);
    await assert.rejects(collect(client.pull({ model: 'spots', stream: true })), /the file is broken/);
    assert.ok(!(await names()).includes('spots:latest'));
    const catalogue = await (await fetch(`${daemon.url}/api/catalog?task=detect`)).json();
    assert.ok(!catalogue.models.find((model) => model.name === 'spots').installed);
  } finally {
    await registry.stop();
  }
});
