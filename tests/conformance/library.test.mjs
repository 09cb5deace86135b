// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What changes the models that are there, by Ollama's own JavaScript client.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
  assert.equal((await upload(starter)).status, 201);
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
  await assert.rejects(client.create({ model: 'x', from: 'absent', stream: false }),
                       /model 'absent' not found/);
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
