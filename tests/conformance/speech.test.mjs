// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// OpenAI's own JavaScript client, unmodified: speech in and out.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import OpenAI, { toFile } from 'openai';

import { startDaemon } from './daemon.mjs';

let daemon;
let client;
let hasStarters;

before(async () => {
  daemon = await startDaemon({});
  client = new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: 'any', maxRetries: 0 });
  const { models } = await (await fetch(`${daemon.url}/api/tags`)).json();
  const names = models.map((model) => model.name);
  hasStarters = ['starter-speak:latest', 'starter-transcribe:latest'].every((n) => names.includes(n));
});

after(async () => assert.equal(await daemon.stop(), 0));

const speak = async (more = {}) =>
  Buffer.from(await (await client.audio.speech.create(
    { model: 'tts-1', voice: 'alloy', input: 'One two three.', ...more })).arrayBuffer());

const begins = { wav: 'RIFF', flac: 'fLaC', opus: 'OggS' };

test('speech in each format', async (t) => {
  if (!hasStarters) return t.skip('built without the starter models for speech');
  for (const format of ['mp3', 'opus', 'flac', 'wav', 'pcm']) {
    const sound = await speak({ response_format: format });
    assert.ok(sound.length > 2000, format);
    if (begins[format]) assert.equal(sound.subarray(0, 4).toString(), begins[format]);
  }
  await assert.rejects(speak({ response_format: 'aac' }), OpenAI.BadRequestError);
  await assert.rejects(speak({ input: 'x'.repeat(4097) }), OpenAI.BadRequestError);
  await assert.rejects(speak({ model: 'no-such-voice' }), OpenAI.NotFoundError);
});

test('transcriptions in each format, and translations', async (t) => {
  if (!hasStarters) return t.skip('built without the starter models for speech');
  const sound = await speak({ response_format: 'wav' });
  const ask = async (more = {}) => client.audio.transcriptions.create(
    { model: 'whisper-1', file: await toFile(sound, 'talk.wav'), ...more });
  const { text } = await ask();
  assert.match(text, /\w/);
  assert.equal(await ask({ response_format: 'text' }), `${text}\n`);
  assert.match(await ask({ response_format: 'srt' }), /^1\n00:00:0\d,\d{3} --> /);
  assert.match(await ask({ response_format: 'vtt' }), /^WEBVTT\n\n/);
  const verbose = await ask({ response_format: 'verbose_json',
                              timestamp_granularities: ['word', 'segment'] });
  assert.equal(verbose.language, 'english');
  assert.equal(verbose.segments[0].text.trim(), text);
  assert.equal(verbose.words.map((word) => word.word).join(' '), text);
  await assert.rejects(ask({ response_format: 'diarized_json' }), OpenAI.BadRequestError);
  await assert.rejects(ask({ timestamp_granularities: ['word'] }), OpenAI.BadRequestError);

  let told = '';
  let last;
  for await (const event of await ask({ stream: true })) {
    if (event.type === 'transcript.text.delta') told += event.delta;
    last = event;
  }
  assert.equal(last.type, 'transcript.text.done');
  assert.equal(told.trim(), last.text);

  // The starter model does not translate, and says what does.
  await assert.rejects(client.audio.translations.create(
    { model: 'whisper-1', file: await toFile(sound, 'talk.wav') }), /translate/);
});
