// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Anthropic's own JavaScript client, unmodified, against the real daemon.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';

import { eventually, startDaemon } from './daemon.mjs';
import { leases, picture, scripted, user, weather } from './scripted.mjs';

let daemon;
let client;

before(async () => {
  daemon = await startDaemon(scripted);
  client = new Anthropic({ baseURL: daemon.url, apiKey: 'any' });
});

after(async () => assert.equal(await daemon.stop(), 0));

const request = (model, more = {}) =>
  ({ model, max_tokens: 100, messages: user('one two three'), ...more });
const ask = (model, more) => client.messages.create(request(model, more));
const tools = [{ name: 'weather', input_schema: weather.function.parameters }];

test('a message, whole', async () => {
  const reply = await ask('echo', { system: 'be brief' });
  assert.match(reply.id, /^msg_/);
  assert.equal(reply.content[0].text.trim(), 'one two three');
  assert.equal(reply.stop_reason, 'end_turn');
  assert.equal(reply.usage.output_tokens, 3);
  assert.equal(reply.usage.cache_read_input_tokens, 2);
});

test('a message, streamed, with what was thought', async () => {
  const stream = client.messages.stream(request('thinker', {
    thinking: { type: 'enabled', budget_tokens: 1024 },
  }));
  const types = new Set();
  stream.on('streamEvent', (event) => types.add(event.type));
  const reply = await stream.finalMessage();
  assert.deepEqual(reply.content.map((block) => block.type), ['thinking', 'text']);
  assert.equal(reply.content[0].thinking, 'hm hm');
  assert.equal(reply.content[1].text.trim(), 'one two three');
  assert.equal(reply.usage.output_tokens, 5);
  assert.ok(['message_start', 'content_block_delta', 'message_delta', 'message_stop']
    .every((type) => types.has(type)));
});

test('tools in two rounds', async () => {
  const messages = user('how is it?');
  const first = await client.messages.stream(request('caller', { messages, tools })).finalMessage();
  assert.equal(first.stop_reason, 'tool_use');
  assert.deepEqual(first.content.map((block) => block.type), ['text', 'tool_use']);
  const call = first.content[1];
  assert.deepEqual(call.input, { city: 'Ulm', days: 2 });
  messages.push({ role: 'assistant', content: first.content }, ...user([
    { type: 'tool_result', tool_use_id: call.id, content: [{ type: 'text', text: 'rain' }] },
  ]));
  const second = await ask('caller', { messages, tools });
  assert.equal(second.content[0].text, 'it rains');
  const none = await ask('caller', { tools, tool_choice: { type: 'none' } });
  assert.equal(none.stop_reason, 'end_turn');
  const any = await ask('echo', { tools, tool_choice: { type: 'any' } });
  assert.equal(any.content[0].name, 'weather');
});

test('why it stopped', async () => {
  assert.equal((await ask('echo', { max_tokens: 2 })).stop_reason, 'max_tokens');
  const stopped = await ask('echo', { stop_sequences: [' three', ' two'] });
  assert.equal(stopped.stop_reason, 'stop_sequence');
  assert.equal(stopped.stop_sequence, ' two');
  assert.equal(stopped.content[0].text, 'one');
});

test('pictures and structured output', async () => {
  const source = { type: 'base64', media_type: 'image/png', data: picture };
  const content = [{ type: 'image', source }, { type: 'text', text: ' what is it?' }];
  const reply = await ask('seer', { messages: user(content) });
  assert.match(reply.content[0].text, /^\[image of \d+ bytes\] what is it\?$/);
  const far = [{ type: 'image', source: { type: 'url', url: 'http://10.0.0.1/x.png' } }];
  await assert.rejects(ask('seer', { messages: user(far) }), (error) => error.status === 400);
  const schema = { type: 'object', properties: { a: { type: 'integer' } } };
  const made = await ask('structured', {
    output_config: { format: { type: 'json_schema', schema } },
  });
  assert.deepEqual(JSON.parse(made.content[0].text), { a: 1 });
});

test('tokens are counted', async () => {
  const { input_tokens } = await client.messages.countTokens({
    model: 'echo', messages: user('a b c'), tools,
  });
  assert.ok(input_tokens >= 3);
});

test('errors', async () => {
  await assert.rejects(ask('nobody'), (error) => {
    assert.ok(error instanceof Anthropic.NotFoundError);
    assert.equal(error.error.error.type, 'not_found_error');
    return true;
  });
  await assert.rejects(ask('echo', { max_tokens: undefined }), /max_tokens/);
  await assert.rejects(client.messages.stream(request('mortal')).finalMessage(), /failed after/);
});

test('an abort stops the engine', async () => {
  const stream = client.messages.stream(request('slow', { max_tokens: 2000 }));
  const ended = assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
  await new Promise((begun) => { stream.once('text', begun); });
  stream.abort();
  await ended;
  assert.ok(await eventually(async () => (await leases(daemon)) === 0));
});
