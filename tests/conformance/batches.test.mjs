// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// OpenAI's own JavaScript client, unmodified: files, and batches of requests in them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import OpenAI, { toFile } from 'openai';

import { eventually, startDaemon } from './daemon.mjs';

let daemon;
let client;

before(async () => {
  daemon = await startDaemon({ echo: {}, slow: { token_ms: '100', tokens: '600' } });
  client = new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: 'any', maxRetries: 0 });
});

after(async () => assert.equal(await daemon.stop(), 0));

const line = (id, body, url = '/v1/chat/completions') =>
  JSON.stringify({ custom_id: id, method: 'POST', url, body });
const ask = (id, text, model = 'echo') =>
  line(id, { model, messages: [{ role: 'user', content: text }] });

const upload = async (lines) => client.files.create(
  { file: await toFile(Buffer.from(lines.join('\n')), 'work.jsonl'), purpose: 'batch' });

const begin = async (lines) => client.batches.create({
  input_file_id: (await upload(lines)).id, endpoint: '/v1/chat/completions', completion_window: '24h',
  metadata: { who: 'test' },
});

const ended = ['completed', 'failed', 'cancelled', 'expired'];

async function finish(batch) {
  let now = batch;
  assert.ok(await eventually(async () => {
    now = await client.batches.retrieve(batch.id);
    return ended.includes(now.status);
  }, 30_000), now.status);
  return now;
}

const read = async (id) => (await (await client.files.content(id)).text())
  .trim().split('\n').map((text) => JSON.parse(text));

test('files are kept, listed, read and deleted', async () => {
  const file = await upload([ask('a', 'hello')]);
  assert.equal(file.purpose, 'batch');
  assert.equal(file.bytes, Buffer.byteLength(ask('a', 'hello')));
  assert.equal((await client.files.retrieve(file.id)).filename, 'work.jsonl');
  const listed = [];
  for await (const each of client.files.list()) listed.push(each.id);
  assert.ok(listed.includes(file.id));
  assert.equal((await read(file.id))[0].custom_id, 'a');
  assert.equal((await client.files.delete(file.id)).deleted, true);
  await assert.rejects(client.files.retrieve(file.id), OpenAI.NotFoundError);
});

test('a batch answers every line, and names those that fail', async () => {
  const batch = await finish(await begin([ask('good', 'hello'), ask('bad', 'hello', 'nobody')]));
  assert.equal(batch.status, 'completed');
  assert.deepEqual(batch.request_counts, { total: 2, completed: 1, failed: 1 });
  assert.equal(batch.metadata.who, 'test');
  const [good] = await read(batch.output_file_id);
  assert.equal(good.custom_id, 'good');
  assert.equal(good.response.status_code, 200);
  assert.equal(good.response.body.object, 'chat.completion');
  const [bad] = await read(batch.error_file_id);
  assert.equal(bad.custom_id, 'bad');
  const listed = [];
  for await (const each of client.batches.list()) listed.push(each.id);
  assert.ok(listed.includes(batch.id));
});

test('a file that is wrong anywhere runs nowhere', async () => {
  const batch = await finish(await begin([ask('a', 'hello'), 'no json', ask('a', 'again')]));
  assert.equal(batch.status, 'failed');
  assert.ok(batch.errors.data.some((error) => error.line === 2), JSON.stringify(batch.errors));
  assert.equal(batch.output_file_id ?? null, null);
});

test('a batch that is cancelled delivers what is done', async () => {
  const batch = await begin([ask('quick', 'hello'), ...Array.from({ length: 12 }, (_, i) => ask(`s${i}`, 'x', 'slow'))]);
  assert.ok(await eventually(
    async () => (await client.batches.retrieve(batch.id)).request_counts.completed > 0, 20_000));
  await client.batches.cancel(batch.id);
  const now = await finish(batch);
  assert.equal(now.status, 'cancelled');
  assert.ok((await read(now.output_file_id)).some((done) => done.custom_id === 'quick'));
});
