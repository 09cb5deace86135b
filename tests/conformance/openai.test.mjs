// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// OpenAI's own JavaScript client, unmodified, against the real daemon.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import OpenAI from 'openai';

import { eventually, startDaemon } from './daemon.mjs';
import { leases, picture, scripted, user, weather } from './scripted.mjs';

let daemon;
let client;

before(async () => {
  daemon = await startDaemon(scripted);
  client = new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: 'any' });
});

after(async () => assert.equal(await daemon.stop(), 0));

const complete = (model, request = {}) =>
  client.chat.completions.create({ model, messages: user('one two three'), ...request });

const collect = async (stream) => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
};

const textOf = (chunks) => chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');

test('chat, whole', async () => {
  const reply = await complete('echo');
  assert.equal(reply.object, 'chat.completion');
  assert.match(reply.id, /^chatcmpl-/);
  assert.ok(Math.abs(reply.created - Date.now() / 1000) < 60);
  const [choice] = reply.choices;
  assert.deepEqual([choice.message.role, choice.message.content.trim()],
                   ['assistant', 'one two three']);
  assert.equal(choice.finish_reason, 'stop');
  const { usage } = reply;
  assert.equal(usage.completion_tokens, 3);
  assert.equal(usage.total_tokens, usage.prompt_tokens + 3);
  assert.equal(usage.prompt_tokens_details.cached_tokens, 2);
});

test('chat, streamed, with usage', async () => {
  const chunks = await collect(await complete('echo', {
    stream: true, stream_options: { include_usage: true },
  }));
  assert.equal(textOf(chunks).trim(), 'one two three');
  assert.equal(chunks[0].choices[0].delta.role, 'assistant');
  assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1);
  assert.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
  assert.deepEqual(chunks.at(-1).choices, []);
  assert.equal(chunks.at(-1).usage.completion_tokens, 3);
});

test('several choices, more than the engine has slots', async () => {
  const reply = await complete('echo', { n: 6, seed: 1 });
  assert.deepEqual(reply.choices.map((choice) => choice.index), [0, 1, 2, 3, 4, 5]);
  assert.equal(reply.usage.completion_tokens, 18);
  const chunks = await collect(await complete('echo', { n: 2, stream: true }));
  const second = chunks.filter((chunk) => chunk.choices[0].index === 1);
  assert.equal(textOf(second).trim(), 'one two three');
});

test('limits, stop texts, logprobs and a developer', async () => {
  const cut = await complete('echo', { max_completion_tokens: 2, max_tokens: 1 });
  assert.equal(cut.choices[0].finish_reason, 'length');
  assert.equal(cut.usage.completion_tokens, 2);
  assert.equal((await complete('echo', { stop: ' two' })).choices[0].message.content, 'one');
  const { choices: [choice] } = await complete('echo', { logprobs: true, top_logprobs: 2 });
  assert.equal(choice.logprobs.content.length, 3);
  assert.equal(choice.logprobs.content[0].top_logprobs.length, 2);
  assert.deepEqual(choice.logprobs.content[0].bytes, [...Buffer.from('one')]);
  const reply = await complete('echo', {
    messages: [{ role: 'developer', content: 'be brief' }, ...user([{ type: 'text', text: 'hi' }])],
  });
  assert.equal(reply.choices[0].message.content, 'hi');
});

test('tools in two rounds, streamed in fragments', async () => {
  const messages = user('how is it?');
  const stream = client.chat.completions.stream({ model: 'caller', messages, tools: [weather] });
  let text = '';
  stream.on('content', (piece) => { text += piece; });
  const first = await stream.finalChatCompletion();
  assert.equal(text, 'let me look');
  const [choice] = first.choices;
  assert.equal(choice.finish_reason, 'tool_calls');
  const [call] = choice.message.tool_calls;
  assert.equal(call.function.name, 'weather');
  assert.equal(call.function.arguments, '{"city": "Ulm", "days": 2}');
  messages.push(choice.message, { role: 'tool', tool_call_id: call.id, content: 'rain' });
  const second = await complete('caller', { messages, tools: [weather] });
  assert.equal(second.choices[0].message.content, 'it rains');
  assert.equal(second.choices[0].finish_reason, 'stop');
});

test('tool_choice is obeyed', async () => {
  const clock = { type: 'function', function: { name: 'clock', parameters: { type: 'object' } } };
  const ask = async (tool_choice, tools = [weather, clock]) =>
    (await complete('caller', { tools, tool_choice })).choices[0].message.tool_calls
      ?.map((call) => call.function.name);
  assert.equal(await ask('none'), undefined);
  assert.deepEqual(await ask('required', [clock]), ['clock']);
  assert.deepEqual(await ask({ type: 'function', function: { name: 'clock' } }), ['clock']);
  await assert.rejects(ask({ type: 'function', function: { name: 'nobody' } }), /nobody/);
  await assert.rejects(ask('required', []), (error) => error.status === 400);
  assert.equal(await ask('auto', []), undefined);
});

test('structured output', async () => {
  const schema = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] };
  const reply = await client.chat.completions.parse({
    model: 'structured', messages: user('x'),
    response_format: { type: 'json_schema', json_schema: { name: 'n', strict: true, schema } },
  });
  assert.deepEqual(reply.choices[0].message.parsed, { a: 1 });
  const any = await complete('echo', { response_format: { type: 'json_object' } });
  assert.doesNotThrow(() => JSON.parse(any.choices[0].message.content));
});

test('what was thought is beside the answer', async () => {
  const reply = await complete('thinker', { reasoning_effort: 'low' });
  assert.equal(reply.choices[0].message.reasoning_content, 'hm hm');
  assert.equal(reply.usage.completion_tokens_details.reasoning_tokens, 2);
  const quiet = await complete('thinker', { reasoning_effort: 'none' });
  assert.equal(quiet.choices[0].message.reasoning_content, undefined);
  assert.ok(await complete('echo', { reasoning_effort: 'high' }));
});

test('pictures, in the order of the parts', async () => {
  const parts = [
    { type: 'text', text: 'a ' },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${picture}`, detail: 'low' } },
    { type: 'text', text: ' b' },
  ];
  const reply = await complete('seer', { messages: user(parts) });
  assert.match(reply.choices[0].message.content, /^a \[image of \d+ bytes\] b$/);
  await assert.rejects(complete('echo', { messages: user(parts) }), /does not support vision/);
  for (const url of ['http://127.0.0.1/x.png', 'file:///etc/passwd', 'data:image/png;base64,']) {
    const messages = user([{ type: 'image_url', image_url: { url } }]);
    await assert.rejects(complete('seer', { messages }), (error) => {
      assert.equal(error.status, 400);
      assert.match(error.message, /messages\[0\]\.content\[0\]\.image_url\.url/);
      return true;
    });
  }
});

test('completions, with echo, old logprobs, several prompts and tokens', async () => {
  const ask = (request) => client.completions.create({ model: 'echo', prompt: 'a b', ...request });
  const reply = await ask({ echo: true });
  assert.equal(reply.object, 'text_completion');
  assert.equal(reply.choices[0].text, 'a ba b');
  const { logprobs } = (await ask({ logprobs: 1 })).choices[0];
  assert.deepEqual(logprobs.tokens, ['a', ' b']);
  assert.deepEqual(logprobs.text_offset, [0, 1]);
  assert.equal(Object.keys(logprobs.top_logprobs[0]).length, 1);
  const many = await ask({ prompt: ['a', 'b c'], n: 2 });
  assert.deepEqual(many.choices.map((choice) => choice.text), ['a', 'a', 'b c', 'b c']);
  const chunks = await collect(await ask({ stream: true, max_tokens: 1 }));
  assert.equal(chunks.map((chunk) => chunk.choices[0]?.text ?? '').join(''), 'a');
  await assert.rejects(ask({ echo: true, logprobs: 1 }), /echo/);
});

test('embeddings, as base64 and as numbers', async () => {
  const ask = (request) => client.embeddings.create({ model: 'echo', input: 'hi', ...request });
  const packed = (await ask({})).data[0].embedding;  // the client asks for base64
  const plain = (await ask({ encoding_format: 'float' })).data[0].embedding;
  assert.equal(packed.length, 8);
  packed.forEach((value, i) => assert.ok(Math.abs(value - plain[i]) < 1e-6));
  const short = await ask({ input: ['a', 'b'], dimensions: 3, encoding_format: 'float' });
  assert.deepEqual(short.data.map((entry) => entry.embedding.length), [3, 3]);
  assert.equal(short.usage.prompt_tokens, 2);
  await assert.rejects(ask({ input: '' }), /input/);
});

test('models', async () => {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.ok(ids.includes('echo:latest'));
  const model = await client.models.retrieve('echo:latest');
  assert.equal(model.object, 'model');
  assert.equal(model.max_model_len, 2048);
  assert.ok(model.capabilities.includes('tools'));
  await assert.rejects(client.models.retrieve('hf.co/a/b:Q4'), (error) => error.status === 404);
});

test('errors: the class, the code, one try, a request id', async () => {
  await assert.rejects(complete('nobody'), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError);
    assert.equal(error.code, 'model_not_found');
    assert.ok(error.requestID);
    return true;
  });
  let requests = 0;
  const counting = new OpenAI({
    baseURL: `${daemon.url}/v1`, apiKey: 'any',
    fetch: (...args) => { requests += 1; return fetch(...args); },
  });
  await assert.rejects(counting.chat.completions.create({ model: 'mortal', messages: user('x') }));
  assert.equal(requests, 1);
});

test('an error in the midst of a stream is thrown', async () => {
  const stream = await complete('mortal', { stream: true });
  await assert.rejects(collect(stream), /failed after/);
});

test('an abort stops the engine', async () => {
  const stream = await complete('slow', { stream: true });
  for await (const _ of stream) break;  // leaving the loop aborts
  assert.ok(await eventually(async () => (await leases(daemon)) === 0));
});

test('a stream that has a name can be picked up again', async () => {
  const name = `chat-${process.pid}`;
  const controller = new AbortController();
  const reply = await fetch(`${daemon.url}/v1/chat/completions`, {
    method: 'POST', signal: controller.signal,
    headers: { 'content-type': 'application/json', 'x-hailstone-stream': name },
    body: JSON.stringify({ model: 'brief', messages: user('x'), stream: true }),
  });
  const { value: begin } = await reply.body.getReader().read();
  controller.abort();
  const rest = await fetch(`${daemon.url}/api/streams/${name}?from=${begin.length}`);
  assert.match(rest.headers.get('content-type'), /event-stream/);
  const text = new TextDecoder().decode(begin) + await rest.text();
  const chunks = text.split('\n\n').filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice(6)));
  assert.equal(chunks.filter((chunk) => chunk.choices[0].delta.content).length, 20);
  assert.match(text, /data: \[DONE\]/);
  const stopped = await fetch(`${daemon.url}/api/streams/${name}`, { method: 'DELETE' });
  assert.equal(stopped.status, 200);
  assert.equal((await fetch(`${daemon.url}/api/streams/${name}`)).status, 404);
});

test('fields that mean nothing here are ignored, those that would are refused', async () => {
  assert.ok(await complete('echo', {
    user: 'u', metadata: { a: 'b' }, store: true, service_tier: 'flex', verbosity: 'low',
    prompt_cache_key: 'k', safety_identifier: 's', prediction: { type: 'content', content: 'x' },
    modalities: ['text'], logit_bias: { 5: -100 }, tools: [],
  }));
  await assert.rejects(complete('echo', { functions: [{ name: 'f' }] }), /functions/);
});

test('responses: the events in their order, and the text', async () => {
  const stream = client.responses.stream({ model: 'thinker', input: 'one two' });
  const events = [];
  for await (const event of stream) events.push(event);
  assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, i) => i));
  assert.deepEqual([...new Set(events.map((event) => event.type))], [
    'response.created', 'response.in_progress', 'response.output_item.added',
    'response.reasoning_summary_part.added', 'response.reasoning_summary_text.delta',
    'response.reasoning_summary_text.done', 'response.reasoning_summary_part.done',
    'response.output_item.done', 'response.content_part.added', 'response.output_text.delta',
    'response.output_text.done', 'response.content_part.done', 'response.completed',
  ]);
  const final = await stream.finalResponse();
  assert.equal(final.output_text.trim(), 'one two');
  assert.equal(final.status, 'completed');
  assert.equal(final.usage.output_tokens, 4);
});

test('responses: calls, and their results by the previous response', async () => {
  const tool = { type: 'function', ...weather.function, strict: false };
  const first = await client.responses.create({ model: 'caller', input: 'x', tools: [tool] });
  const call = first.output.find((item) => item.type === 'function_call');
  assert.deepEqual(JSON.parse(call.arguments), { city: 'Ulm', days: 2 });
  const second = await client.responses.create({
    model: 'caller', previous_response_id: first.id, tools: [tool],
    input: [{ type: 'function_call_output', call_id: call.call_id, output: 'rain' }],
  });
  assert.equal(second.output_text, 'it rains');
});

test('responses: stored, shown and deleted', async () => {
  const made = await client.responses.create({ model: 'echo', input: 'remember' });
  assert.deepEqual((await client.responses.retrieve(made.id)).output, made.output);
  const items = await client.responses.inputItems.list(made.id);
  assert.equal(items.data[0].content[0].text, 'remember');
  await client.responses.delete(made.id);
  await assert.rejects(client.responses.retrieve(made.id), (error) => error.status === 404);
  const unstored = await client.responses.create({ model: 'echo', input: 'x', store: false });
  await assert.rejects(client.responses.retrieve(unstored.id), (error) => error.status === 404);
  const counted = await client.responses.inputTokens.count({ model: 'echo', input: 'a b c' });
  assert.ok(counted.input_tokens >= 3);
});

test('responses: cut short, failed', async () => {
  const cut = await client.responses.create({ model: 'echo', input: 'a b c', max_output_tokens: 2 });
  assert.equal(cut.status, 'incomplete');
  assert.equal(cut.incomplete_details.reason, 'max_output_tokens');
  const stream = await client.responses.create({ model: 'mortal', input: 'x', stream: true });
  const last = (await collect(stream)).at(-1);
  assert.equal(last.type, 'response.failed');
  assert.match(last.response.error.message, /failed after/);
});
