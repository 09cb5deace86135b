// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Ollama's own JavaScript client, unmodified, against the real daemon.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Ollama } from 'ollama';

import { eventually, startDaemon } from './daemon.mjs';

let daemon;
let client;

before(async () => {
  daemon = await startDaemon({
    echo: { capabilities: 'completion,tools,embedding' },
    slow: { capabilities: 'completion', token_ms: '20', tokens: '2000' },
    mortal: { crash_after: '2', tokens: '10' },
    thinker: { capabilities: 'completion,thinking' },
  });
  client = new Ollama({ host: daemon.url });
});

after(async () => assert.equal(await daemon.stop(), 0));

const user = (content) => [{ role: 'user', content }];

const leases = async () => {
  const reply = await fetch(`${daemon.url}/api/list-resources`);
  return (await reply.json()).models.reduce((sum, model) => sum + model.leases, 0);
};

test('version', async () => {
  assert.match((await client.version()).version, /^0\.\d+\.\d+$/);
});

test('list, show and ps', async () => {
  await client.chat({ model: 'echo', messages: user('hi') });
  const { models } = await client.list();
  const echo = models.find((model) => model.name === 'echo:latest');
  assert.ok(echo.size > 0);
  assert.equal(echo.digest.length, 64);
  assert.ok(!Number.isNaN(Date.parse(echo.modified_at)));
  const shown = await client.show({ model: 'echo' });
  assert.ok(shown.capabilities.includes('completion'));
  assert.equal(typeof shown.model_info, 'object');
  assert.equal(typeof shown.details.family, 'string');
  const running = (await client.ps()).models.map((model) => model.name);
  assert.ok(running.includes('echo:latest'));
});

test('chat, whole', async () => {
  const reply = await client.chat({ model: 'echo', messages: user('one two three') });
  assert.equal(reply.message.role, 'assistant');
  assert.equal(reply.message.content.trim(), 'one two three');
  assert.equal(reply.done, true);
  assert.equal(reply.done_reason, 'stop');
  assert.ok(reply.total_duration > 0 && reply.eval_count > 0 && reply.prompt_eval_count > 0);
});

test('chat, streamed', async () => {
  const parts = [];
  for await (const part of await client.chat({
    model: 'echo', messages: user('one two three'), stream: true,
  })) parts.push(part);
  assert.ok(parts.length > 2);
  assert.equal(parts.map((part) => part.message.content).join('').trim(), 'one two three');
  assert.equal(parts.at(-1).done, true);
});

test('a conversation keeps its history', async () => {
  const messages = [{ role: 'system', content: 'Be brief.' }, ...user('first')];
  const first = await client.chat({ model: 'echo', messages });
  messages.push(first.message, ...user('second'));
  const second = await client.chat({ model: 'echo', messages });
  assert.equal(second.message.content.trim(), 'second');
  assert.ok(second.prompt_eval_count > first.prompt_eval_count);
});

test('generate, whole and streamed, with options', async () => {
  const reply = await client.generate({
    model: 'echo', prompt: 'a b c d e', options: { num_predict: 2, temperature: 0, seed: 7 },
  });
  assert.equal(reply.done_reason, 'length');
  assert.equal(reply.eval_count, 2);
  let text = '';
  for await (const part of await client.generate({ model: 'echo', prompt: 'x y', stream: true })) {
    text += part.response;
  }
  assert.equal(text.trim(), 'x y');
});

test('stop texts are not emitted', async () => {
  const reply = await client.generate({
    model: 'echo', prompt: 'keep this STOP not this', options: { stop: ['STOP'] },
  });
  assert.ok(reply.response.includes('keep this'));
  assert.ok(!reply.response.includes('STOP'));
});

test('format: json', async () => {
  const reply = await client.chat({ model: 'echo', messages: user('x'), format: 'json' });
  assert.doesNotThrow(() => JSON.parse(reply.message.content));
});

test('tools come whole, in an object', async () => {
  const tools = [{
    type: 'function',
    function: { name: 'weather', description: 'tells', parameters: { type: 'object', properties: {} } },
  }];
  const messages = user('call:weather {"city":"Bern"}');
  const calls = [];
  for await (const part of await client.chat({ model: 'echo', messages, tools, stream: true })) {
    calls.push(...(part.message.tool_calls ?? []));
  }
  assert.equal(calls.length, 1);
  assert.equal(calls[0].function.name, 'weather');
  assert.deepEqual(calls[0].function.arguments, { city: 'Bern' });
});

test('what a model cannot do is refused', async () => {
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
  await assert.rejects(client.chat({ model: 'slow', messages: user('x'), tools }), (error) => {
    assert.equal(error.status_code, 400);
    assert.match(error.message, /does not support tools/);
    return true;
  });
  await assert.rejects(client.chat({ model: 'slow', messages: user('x'), think: true }),
                       /does not support thinking/);
});

test('embed: one, many, normalised', async () => {
  const { embeddings } = await client.embed({ model: 'echo', input: ['a', 'b'] });
  assert.equal(embeddings.length, 2);
  const length = Math.hypot(...embeddings[0]);
  assert.ok(Math.abs(length - 1) < 1e-3);
  const old = await client.embeddings({ model: 'echo', prompt: 'a' });
  assert.equal(old.embedding.length, embeddings[0].length);
});

test('keep_alive in all its forms', async () => {
  for (const keep_alive of ['5m', '1h30m', 300, 1.5, '300', -1, '-1m']) {
    const reply = await client.generate({ model: 'echo', prompt: 'x', keep_alive });
    assert.equal(reply.done, true);
  }
  await client.generate({ model: 'echo', prompt: '', keep_alive: 0 });
  const names = (await client.ps()).models.map((model) => model.name);
  assert.ok(!names.includes('echo:latest'));
});

test('an empty conversation loads the model', async () => {
  const parts = [];
  for await (const part of await client.chat({ model: 'echo', messages: [], stream: true })) {
    parts.push(part);
  }
  assert.equal(parts.length, 1);
  assert.equal(parts[0].done_reason, 'load');
});

test('an unknown model is 404 with the text of the contract', async () => {
  for (const call of [
    () => client.chat({ model: 'nope', messages: user('x') }),
    () => client.generate({ model: 'nope', prompt: 'x' }),
    () => client.show({ model: 'nope' }),
    () => client.embed({ model: 'nope', input: 'x' }),
  ]) {
    await assert.rejects(call(), (error) => {
      assert.equal(error.name, 'ResponseError');
      assert.equal(error.status_code, 404);
      assert.match(error.message, /nope.*not found/);
      return true;
    });
  }
});

test('abort in mid-stream stops the generation', async () => {
  for (let round = 0; round < 20; ++round) {
    const stream = await client.chat({ model: 'slow', messages: user('go'), stream: true });
    const reading = (async () => { for await (const part of stream) assert.ok(part); })();
    setTimeout(() => stream.abort(), 30);
    await assert.rejects(reading, { name: 'AbortError' });
  }
  assert.ok(await eventually(async () => (await leases()) === 0), 'a generation still runs');
});

test('an engine that dies in mid-stream is an error in the stream', async () => {
  await assert.rejects(async () => {
    const stream = await client.chat({ model: 'mortal', messages: user('a b c d e'), stream: true });
    for await (const part of stream) assert.ok(part);
  }, /crash|died|kill/);
});

test('twenty clients at once', async () => {
  const replies = await Promise.all(Array.from({ length: 20 }, (_, i) =>
    client.chat({ model: 'echo', messages: user(`client ${i}`) })));
  replies.forEach((reply, i) => assert.equal(reply.message.content.trim(), `client ${i}`));
});
