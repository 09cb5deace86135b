// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// OpenAI's Realtime API, as its own clients see it, unmodified: the socket of `openai` (which only
// speaks TLS) and the session of `@openai/agents-realtime`.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import WebSocket from 'ws';
import { z } from 'zod';

import { eventually, startDaemon } from './daemon.mjs';

const isOld = Number(process.versions.node.split('.')[0]) < 20;
const skipAgents = isOld ? 'needs Node.js 20' : false;
const { RealtimeAgent, RealtimeSession, tool } = isOld ? {} : await import('@openai/agents-realtime');

const rate = 24_000;
let daemon;
let folder;
let client;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hailstone-tls-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                           '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost'], { stdio: 'ignore' });
  daemon = await startDaemon({
    listener: { task: 'transcribe', reply: 'what is the weather' },
    speaker: { task: 'speak' },
    talker: { capabilities: 'completion,tools', reply: 'It rains, my friend. Take a coat. ' },
    caller: { capabilities: 'completion,tools', calls: 'weather {"city": "Ulm"}', reply: 'It rains in Ulm. ',
              tokens: '300', token_ms: '10', fragment: '5' },
    endless: { capabilities: 'completion', reply: 'One two three four five six. ', tokens: '2000', token_ms: '10' },
  }, ['--tls-listen', '127.0.0.1:0', '--tls-cert', cert, '--tls-key', key]);
  client = new OpenAI({ baseURL: `${daemon.tlsUrl}/v1`, apiKey: 'any' });
});

after(async () => {
  rmSync(folder, { recursive: true, force: true });
  assert.equal(await daemon.stop(), 0);
});

/** PCM of 16 bits: a tone that swells and fades as syllables do, speech to the voice detector, or silence. */
function sound(seconds, level) {
  const wave = (i, hertz) => Math.sin(i * 2 * Math.PI * hertz / rate);
  const samples = Int16Array.from({ length: seconds * rate }, (_, i) => level * wave(i, 2) ** 2 * wave(i, 400));
  return Buffer.from(samples.buffer);
}

const speech = (seconds) => sound(seconds, 15_000);
const silence = (seconds) => sound(seconds, 0);

class Talk {
  events = [];

  constructor(model, more = {}) {
    this.socket = new OpenAIRealtimeWS({ ...(model ? { model } : { intent: 'transcription' }),
                                         options: { rejectUnauthorized: false, ...more } }, client);
    this.socket.on('event', (event) => this.events.push(event));
    this.socket.on('error', () => {}); // is among the events
  }

  async next(type, since = 0) {
    const found = () => this.events.slice(since).find((event) => event.type === type);
    assert.ok(await eventually(() => found() !== undefined, 20_000),
              `${type} does not come: ${this.events.slice(since).map((event) => event.type)}`);
    return found();
  }

  say(pcm) {
    for (let at = 0; at < pcm.length; at += 4800) {
      this.socket.send({ type: 'input_audio_buffer.append', audio: pcm.subarray(at, at + 4800).toString('base64') });
    }
  }

  update(session) {
    this.socket.send({ type: 'session.update', session: { type: 'realtime', ...session } });
  }

  close() { this.socket.close(); }
}

/** The types as they came, each once where it came several times in a row. */
const order = (events) => events.map((event) => event.type).filter((type, i, all) => type !== all[i - 1]);

test('a turn has all events in order, with all that clients need', async () => {
  const talk = new Talk('talker');
  const { session } = await talk.next('session.created');
  assert.equal(session.type, 'realtime');
  assert.equal(session.audio.input.turn_detection.type, 'server_vad');
  talk.update({ audio: { input: { transcription: { model: 'gpt-4o-mini-transcribe', language: 'en' } } } });
  assert.equal((await talk.next('session.updated')).session.audio.input.transcription.language, 'en');
  const since = talk.events.length;
  talk.say(Buffer.concat([silence(0.5), speech(1), silence(1)]));
  const { response } = await talk.next('response.done', since);
  const events = talk.events.slice(since);
  assert.deepEqual(order(events).filter((type) => !type.endsWith('.delta')), [
    'input_audio_buffer.speech_started', 'input_audio_buffer.speech_stopped', 'input_audio_buffer.committed',
    'conversation.item.added', 'conversation.item.done', 'conversation.item.input_audio_transcription.completed',
    'response.created', 'response.output_item.added', 'conversation.item.added', 'response.content_part.added',
    'response.output_audio.done', 'response.output_audio_transcript.done', 'response.content_part.done',
    'response.output_item.done', 'conversation.item.done', 'response.done',
  ]);
  assert.equal(new Set(events.map((event) => event.event_id)).size, events.length);
  const started = events[0];
  assert.ok(started.audio_start_ms >= 400 && started.audio_start_ms <= 600, started.audio_start_ms);
  const heard = events.find((event) => event.type.endsWith('transcription.completed'));
  assert.equal(heard.item_id, started.item_id);
  assert.match(heard.transcript, /^what/);
  assert.equal(heard.usage.type, 'duration');
  const deltas = events.filter((event) => event.type === 'response.output_audio_transcript.delta');
  assert.equal(deltas.map((event) => event.delta).join(''), 'It rains, my friend. Take a coat. ');
  const audio = events.filter((event) => event.type === 'response.output_audio.delta');
  for (const event of [...deltas, ...audio]) {
    assert.deepEqual([event.response_id, event.item_id, event.output_index, event.content_index],
                     [response.id, response.output[0].id, 0, 0]);
  }
  const bytes = audio.reduce((sum, event) => sum + Buffer.from(event.delta, 'base64').length, 0);
  assert.ok(Math.abs(bytes / 2 / rate - 7 * 0.2) < 0.1, `${bytes}`); // a fifth of a second a word
  assert.equal(response.status, 'completed');
  assert.equal(response.output[0].content[0].transcript, 'It rains, my friend. Take a coat. ');
  assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);

  // What the client did not play is cut, here as well.
  const id = response.output[0].id;
  talk.socket.send({ type: 'conversation.item.truncate', item_id: id, content_index: 0, audio_end_ms: 700 });
  assert.equal((await talk.next('conversation.item.truncated')).audio_end_ms, 700);
  talk.socket.send({ type: 'conversation.item.retrieve', item_id: id });
  assert.equal((await talk.next('conversation.item.retrieved')).item.content[0].transcript, 'It rains, my');
  talk.socket.send({ type: 'conversation.item.truncate', item_id: id, content_index: 0, audio_end_ms: 99_000, event_id: 'mine' });
  const { error } = await talk.next('error');
  assert.equal(error.event_id, 'mine');
  assert.match(error.message, /already shorter/);
  talk.socket.send({ type: 'conversation.item.delete', item_id: id });
  assert.equal((await talk.next('conversation.item.deleted')).item_id, id);
  talk.close();
});

test('push to talk, text, and a response apart', async () => {
  const talk = new Talk('talker');
  await talk.next('session.created');
  talk.update({ output_modalities: ['text'], audio: { input: { turn_detection: null } } });
  await talk.next('session.updated');
  talk.say(speech(0.05));
  talk.socket.send({ type: 'input_audio_buffer.commit' });
  assert.equal((await talk.next('error')).error.code, 'input_audio_buffer_commit_empty');
  talk.say(speech(1));
  talk.socket.send({ type: 'input_audio_buffer.commit' });
  talk.socket.send({ type: 'response.create' });
  const { response } = await talk.next('response.done');
  assert.deepEqual(response.output[0].content, [{ type: 'output_text', text: 'It rains, my friend. Take a coat. ' }]);
  assert.ok(!talk.events.some((event) => event.type.startsWith('input_audio_buffer.speech')));
  let since = talk.events.length;
  talk.socket.send({ type: 'response.create', response: {
    conversation: 'none', metadata: { topic: 'apart' },
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }] } });
  const apart = (await talk.next('response.done', since)).response;
  assert.deepEqual(apart.metadata, { topic: 'apart' });
  assert.equal(apart.conversation_id, null);
  assert.ok(!talk.events.slice(since).some((event) => event.type === 'conversation.item.added'));
  since = talk.events.length;
  talk.socket.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'x' }] } });
  assert.equal((await talk.next('conversation.item.added', since)).item.content[0].text, 'x');
  talk.socket.send({ type: 'input_audio_buffer.clear' });
  await talk.next('input_audio_buffer.cleared', since);
  talk.close();
});

test('speech and response.cancel stop an answer', async () => {
  const talk = new Talk('endless');
  await talk.next('session.created');
  talk.say(Buffer.concat([speech(1), silence(1)]));
  await talk.next('response.output_audio.delta');
  talk.socket.send({ type: 'response.create', event_id: 'second' });
  assert.equal((await talk.next('error')).error.code, 'conversation_already_has_active_response');
  talk.say(Buffer.concat([speech(1), silence(1)]));
  const first = (await talk.next('response.done')).response;
  assert.equal(first.status, 'cancelled');
  assert.equal(first.status_details.reason, 'turn_detected');
  const since = talk.events.length;
  await talk.next('response.output_audio.delta', since);
  talk.socket.send({ type: 'response.cancel' });
  assert.equal((await talk.next('response.done', since)).response.status_details.reason, 'client_cancelled');
  talk.close();
});

test('functions are called and their results answered', async () => {
  const talk = new Talk('caller');
  await talk.next('session.created');
  talk.update({ tools: [{ type: 'function', name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } }],
                max_output_tokens: 50 });
  await talk.next('session.updated');
  talk.say(Buffer.concat([speech(1), silence(1)]));
  const { response } = await talk.next('response.done');
  const call = response.output.at(-1);
  assert.deepEqual([call.type, call.name, JSON.parse(call.arguments).city], ['function_call', 'weather', 'Ulm']);
  const deltas = talk.events.filter((event) => event.type === 'response.function_call_arguments.delta');
  assert.equal(deltas.map((event) => event.delta).join(''), call.arguments);
  const done = await talk.next('response.function_call_arguments.done');
  assert.deepEqual([done.call_id, done.name, done.item_id], [call.call_id, 'weather', call.id]);
  const since = talk.events.length;
  talk.socket.send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: call.call_id, output: '{"rain":true}' } });
  talk.socket.send({ type: 'response.create' });
  const answer = (await talk.next('response.done', since)).response;
  assert.match(answer.output[0].content[0].transcript, /^It rains in Ulm/);
  assert.ok(['completed', 'incomplete'].includes(answer.status));
  talk.close();
});

test('a transcription session answers nothing', async () => {
  const talk = new Talk(null);
  assert.equal((await talk.next('session.created')).session.type, 'transcription');
  talk.say(Buffer.concat([speech(1), silence(1)]));
  assert.match((await talk.next('conversation.item.input_audio_transcription.completed')).transcript, /^what/);
  talk.socket.send({ type: 'response.create' });
  assert.match((await talk.next('error')).error.message, /transcription session/);
  talk.close();
});

test('the beta\'s names by its header', async () => {
  const talk = new Talk('talker', { headers: { 'OpenAI-Beta': 'realtime=v1' } });
  const { session } = await talk.next('session.created');
  assert.equal(session.input_audio_format, 'pcm16');
  assert.deepEqual(session.modalities, ['audio', 'text']);
  talk.socket.send({ type: 'session.update', session: { input_audio_transcription: { model: 'whisper-1' } } });
  await talk.next('session.updated');
  talk.say(Buffer.concat([speech(1), silence(1)]));
  await talk.next('response.done');
  const types = new Set(talk.events.map((event) => event.type));
  for (const type of ['conversation.item.created', 'response.audio.delta', 'response.audio_transcript.done', 'response.content_part.done']) {
    assert.ok(types.has(type), type);
  }
  assert.ok(!types.has('conversation.item.added'));
  talk.close();
});

test('client secrets open sessions with their settings', async () => {
  const plain = new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: 'any' });
  const secret = await plain.realtime.clientSecrets.create({
    expires_after: { anchor: 'created_at', seconds: 60 },
    session: { type: 'realtime', model: 'talker', instructions: 'Be kind.' } });
  assert.match(secret.value, /^ek_/);
  const socket = new WebSocket(`${daemon.url.replace('http', 'ws')}/v1/realtime`, ['realtime', `openai-insecure-api-key.${secret.value}`]);
  const event = JSON.parse(await new Promise((done) => socket.once('message', done)));
  assert.equal(event.session.instructions, 'Be kind.');
  assert.equal(socket.protocol, 'realtime');
  socket.terminate();
});

test('agents-realtime: a talk of two turns with a function call and a barge-in', { skip: skipAgents }, async () => {
  const asked = [];
  const weather = tool({
    name: 'weather', description: 'tells the weather', parameters: z.object({ city: z.string() }),
    execute: async ({ city }) => { asked.push(city); return 'rain'; },
  });
  const agent = new RealtimeAgent({ name: 'helper', instructions: 'Help.', tools: [weather] });
  const session = new RealtimeSession(agent, { transport: 'websocket', model: 'caller', tracingDisabled: true });
  const events = [];
  let bytes = 0;
  let interrupted = 0;
  session.on('transport_event', (event) => events.push(event));
  session.on('audio', (event) => { bytes += event.data.byteLength; });
  session.on('audio_interrupted', () => { interrupted += 1; });
  const errors = [];
  session.on('error', (error) => errors.push(error));
  await session.connect({ apiKey: 'any', url: `${daemon.url.replace('http', 'ws')}/v1/realtime?model=caller` });
  const say = (pcm) => session.sendAudio(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.byteLength));
  const settled = Buffer.concat([speech(1), silence(5)]); // its turns end by semantic_vad
  say(settled);
  assert.ok(await eventually(() => bytes > 20_000, 20_000), `${events.map((event) => event.type)} ${errors.map((e) => JSON.stringify(e))}`);
  assert.deepEqual(asked, ['Ulm']);
  say(settled);
  assert.ok(await eventually(() => interrupted > 0, 20_000));
  const before = bytes;
  assert.ok(await eventually(() => asked.length === 2 && bytes > before + 10_000, 20_000));
  assert.ok(events.some((event) => event.type === 'conversation.item.truncated'));
  assert.ok(events.some((event) => event.type === 'response.done' && event.response.status_details?.reason === 'turn_detected'));
  const spoken = session.history.filter((item) => item.type === 'message' && item.role === 'user');
  assert.ok(spoken.length >= 2 && /^what/.test(spoken[0].content[0].transcript), JSON.stringify(session.history));
  assert.deepEqual(errors, []);
  session.close();
});
