// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Frameworks on top of the APIs, unmodified, against the real daemon: AI SDK with four providers,
// LangChain with two, OpenAI's agents. Skipped where this Node.js is too old for one of them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startDaemon } from './daemon.mjs';
import { scripted, weather } from './scripted.mjs';

const nodeIsOld = Number(process.versions.node.split('.')[0]) < 20
  ? 'this package needs Node.js 20' : false;

let daemon;

before(async () => {
  daemon = await startDaemon(scripted);
  process.env.OPENAI_API_KEY = 'any';
});

after(async () => assert.equal(await daemon.stop(), 0));

const providers = {
  'openai, responses': async () =>
    (await import('@ai-sdk/openai')).createOpenAI({ baseURL: `${daemon.url}/v1`, apiKey: 'any' }),
  'openai, chat': async () => {
    const { createOpenAI } = await import('@ai-sdk/openai');
    return createOpenAI({ baseURL: `${daemon.url}/v1`, apiKey: 'any' }).chat;
  },
  'openai-compatible': async () => {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    return createOpenAICompatible({
      name: 'hailstone', baseURL: `${daemon.url}/v1`, supportsStructuredOutputs: true,
    });
  },
  anthropic: async () => {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    return createAnthropic({ baseURL: `${daemon.url}/v1`, apiKey: 'any' });
  },
  ollama: async () => {
    const { createOllama } = await import('ollama-ai-provider-v2');
    return createOllama({ baseURL: `${daemon.url}/api` });
  },
};

for (const [name, makeProvider] of Object.entries(providers)) {
  test(`AI SDK: ${name}`, async (t) => {
    const ai = await import('ai');
    const { z } = await import('zod');
    const provider = await makeProvider();
    const tools = {
      weather: ai.tool({
        description: 'tells the weather',
        inputSchema: z.object({ city: z.string(), days: z.number().optional() }),
        execute: async ({ city }) => `rain in ${city}`,
      }),
    };

    await t.test('plain', async () => {
      const { text, finishReason, usage } =
        await ai.generateText({ model: provider('echo'), prompt: 'one two three' });
      assert.equal(text.trim(), 'one two three');
      assert.equal(finishReason, 'stop');
      assert.equal(usage.outputTokens, 3);
    });

    await t.test('streamed', async () => {
      const stream = ai.streamText({ model: provider('echo'), prompt: 'one two three' });
      let text = '';
      for await (const piece of stream.textStream) text += piece;
      assert.equal(text.trim(), 'one two three');
    });

    await t.test('tools in two rounds', async () => {
      const { text, steps } = await ai.generateText({
        model: provider('caller'), prompt: 'how is it?', tools, stopWhen: ai.stepCountIs(3),
      });
      assert.equal(steps.length, 2);
      assert.deepEqual(steps[0].toolCalls[0].input, { city: 'Ulm', days: 2 });
      assert.equal(text, 'it rains');
    });

    await t.test('structured output', async () => {
      const { object } = await ai.generateObject({
        model: provider('structured'), prompt: 'x', schema: z.object({ a: z.number() }),
      });
      assert.deepEqual(object, { a: 1 });
    });

    await t.test('an abort', async () => {
      const controller = new AbortController();
      const stream = ai.streamText({
        model: provider('slow'), prompt: 'x', abortSignal: controller.signal, onError: () => {},
      });
      for await (const _ of stream.textStream) controller.abort();
    });
  });
}

test('LangChain: @langchain/openai', { skip: nodeIsOld }, async () => {
  const { ChatOpenAI, OpenAIEmbeddings } = await import('@langchain/openai');
  const configuration = { baseURL: `${daemon.url}/v1` };
  const chat = new ChatOpenAI({ model: 'echo', configuration });
  assert.equal((await chat.invoke('one two three')).content.trim(), 'one two three');
  let text = '';
  for await (const chunk of await chat.stream('one two three')) text += chunk.content;
  assert.equal(text.trim(), 'one two three');
  const caller = new ChatOpenAI({ model: 'caller', configuration }).bindTools([weather]);
  const reply = await caller.invoke('how is it?');
  assert.deepEqual(reply.tool_calls[0].args, { city: 'Ulm', days: 2 });
  const embeddings = new OpenAIEmbeddings({ model: 'echo', configuration });
  assert.equal((await embeddings.embedQuery('hi')).length, 8);
});

test('LangChain: @langchain/ollama', { skip: nodeIsOld }, async () => {
  const { ChatOllama } = await import('@langchain/ollama');
  const chat = new ChatOllama({ model: 'echo', baseUrl: daemon.url });
  assert.equal((await chat.invoke('one two three')).content.trim(), 'one two three');
  const caller = new ChatOllama({ model: 'caller', baseUrl: daemon.url }).bindTools([weather]);
  const reply = await caller.invoke('how is it?');
  assert.deepEqual(reply.tool_calls[0].args, { city: 'Ulm', days: 2 });
});

for (const kind of ['responses', 'chat_completions']) {
  test(`OpenAI's agents: ${kind}`, { skip: nodeIsOld }, async () => {
    const agents = await import('@openai/agents');
    const { z } = await import('zod');
    const { default: OpenAI } = await import('openai');
    agents.setTracingDisabled(true);
    agents.setOpenAIAPI(kind);
    agents.setDefaultOpenAIClient(new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: 'any' }));
    const tool = agents.tool({
      name: 'weather', description: 'tells the weather',
      parameters: z.object({ city: z.string(), days: z.number() }),
      execute: async ({ city }) => `rain in ${city}`,
    });
    const agent = new agents.Agent({ name: 'a', model: 'caller', instructions: 'help', tools: [tool] });
    const result = await agents.run(agent, 'how is it?');
    assert.equal(result.finalOutput, 'it rains');
    const streamed = await agents.run(agent, 'how is it?', { stream: true });
    for await (const _ of streamed) { /* to its end */ }
    await streamed.completed;
    assert.equal(streamed.finalOutput, 'it rains');
  });
}
