// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Frameworks that speak Ollama's API, unmodified, against the real daemon: plain, streamed, tools in
// two rounds, structured output in the order of its schema, embeddings.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Ollama as LlamaIndexOllama } from '@llamaindex/ollama';
import { z } from 'zod';

import { startDaemon } from './daemon.mjs';

const answer = '{"reasoning":"six times seven","answer":42}';
const schema = z.object({ reasoning: z.string(), answer: z.number() });
const ask = 'call:weather {"zip":3000,"city":"Bern"}';

/** LangChain and the AI SDK want a newer Node.js than Debian 12's. */
const skip = Number(process.versions.node.split('.')[0]) < 20 ? 'this package needs Node.js 20' : false;

let daemon;
let provider;
let ai;
let langchain;

before(async () => {
  daemon = await startDaemon({
    echo: { capabilities: 'completion,tools,embedding' },
    structured: { capabilities: 'completion,tools', reply: answer },
  });
  if (skip) return;
  langchain = {
    ...await import('@langchain/core/messages'), ...await import('@langchain/core/tools'),
    ...await import('@langchain/ollama'),
  };
  ai = await import('ai');
  const { createOllama } = await import('ollama-ai-provider-v2');
  provider = createOllama({ baseURL: `${daemon.url}/api` });
});

after(async () => assert.equal(await daemon.stop(), 0));

const chat = (model) => new langchain.ChatOllama({ baseUrl: daemon.url, model });

test('LangChain: whole and streamed', { skip }, async () => {
  const reply = await chat('echo').invoke('one two three');
  assert.equal(reply.content.trim(), 'one two three');
  assert.ok(reply.usage_metadata.input_tokens > 0);
  let text = '';
  for await (const part of await chat('echo').stream('one two three')) text += part.content;
  assert.equal(text.trim(), 'one two three');
});

test('LangChain: tools in two rounds', { skip }, async () => {
  const weather = langchain.tool(async () => 'sun', {
    name: 'weather', description: 'tells', schema: z.object({ zip: z.number(), city: z.string() }),
  });
  const model = chat('echo').bindTools([weather]);
  const question = new langchain.HumanMessage(ask);
  const reply = await model.invoke([question]);
  assert.equal(reply.tool_calls.length, 1);
  assert.equal(JSON.stringify(reply.tool_calls[0].args), '{"zip":3000,"city":"Bern"}');
  const second = await model.invoke([question, reply, new langchain.ToolMessage({
    content: 'sun', tool_call_id: reply.tool_calls[0].id,
  }), new langchain.HumanMessage('thanks')]);
  assert.equal(second.content.trim(), 'thanks');
});

test('LangChain: structured output in order', { skip }, async () => {
  const model = chat('structured').withStructuredOutput(schema, { method: 'jsonSchema' });
  assert.equal(JSON.stringify(await model.invoke('what is it?')), answer);
});

test('LangChain: embeddings', { skip }, async () => {
  const embeddings = new langchain.OllamaEmbeddings({ baseUrl: daemon.url, model: 'echo' });
  const vectors = await embeddings.embedDocuments(['a', 'b']);
  assert.equal(vectors.length, 2);
  assert.deepEqual(await embeddings.embedQuery('a'), vectors[0]);
});

test('AI SDK: whole and streamed', { skip }, async () => {
  const reply = await ai.generateText({ model: provider('echo'), prompt: 'one two three' });
  assert.equal(reply.text.trim(), 'one two three');
  assert.equal(reply.finishReason, 'stop');
  let text = '';
  const { textStream } = ai.streamText({ model: provider('echo'), prompt: 'one two three' });
  for await (const piece of textStream) text += piece;
  assert.equal(text.trim(), 'one two three');
});

test('AI SDK: a tool is called with arguments in the order of the model', { skip }, async () => {
  const calls = [];
  await ai.generateText({
    model: provider('echo'),
    prompt: ask,
    stopWhen: ai.stepCountIs(1),
    tools: {
      weather: ai.tool({
        description: 'tells',
        inputSchema: z.object({ zip: z.number(), city: z.string() }),
        execute: async (input) => { calls.push(JSON.stringify(input)); return 'sun'; },
      }),
    },
  });
  assert.deepEqual(calls, ['{"zip":3000,"city":"Bern"}']);
});

test('AI SDK: structured output in order', { skip }, async () => {
  const { object } = await ai.generateObject({
    model: provider('structured'), schema, prompt: 'what is it?',
  });
  assert.equal(JSON.stringify(object), answer);
});

test('LlamaIndex: whole and streamed', async () => {
  const llm = new LlamaIndexOllama({ model: 'echo', config: { host: daemon.url } });
  const messages = [{ role: 'user', content: 'one two three' }];
  const reply = await llm.chat({ messages });
  assert.equal(reply.message.content.trim(), 'one two three');
  let text = '';
  for await (const part of await llm.chat({ messages, stream: true })) text += part.delta;
  assert.equal(text.trim(), 'one two three');
});

test('LlamaIndex: structured output in order', async () => {
  const llm = new LlamaIndexOllama({ model: 'structured', config: { host: daemon.url } });
  const reply = await llm.chat({
    messages: [{ role: 'user', content: 'what is it?' }], responseFormat: schema,
  });
  assert.equal(JSON.stringify(JSON.parse(reply.message.content)), answer);
});
