// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The page of docs/voice.md in a real browser, whose microphone plays a WAV file: two questions, of which the second
// interrupts the answer to the first one.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { skipWithoutBrowser as skip, startBrowser } from './browser.mjs';
import { eventually, startDaemon } from './daemon.mjs';

const rate = 48_000;

/** The page as the manual has it. */
function readPage(authority) {
  const manual = readFileSync(resolve(dirname(fileURLToPath(import.meta.url)), '../../docs/voice.md'), 'utf8');
  const page = /```html\n([^]*?)```/.exec(manual)[1];
  assert.ok(page.trim().split('\n').length <= 40);
  return `<!doctype html>${page.replace('${location.host}', authority)}`;
}

/** Silence, speech, silence to end it, speech in the answer's midst, and silence to the end. */
function makeTalk(path) {
  const parts = [[1, 0], [1, 1], [3, 0], [1, 1], [30, 0]];
  const samples = parts.flatMap(([seconds, level]) => Array.from({ length: seconds * rate }, (_, i) =>
    Math.round(level * 15_000 * Math.sin(i * 2 * Math.PI * 400 / rate))));
  const head = Buffer.alloc(44);
  head.write('RIFF', 0); head.writeUInt32LE(36 + samples.length * 2, 4); head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16); head.writeUInt16LE(1, 20); head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24); head.writeUInt32LE(rate * 2, 28); head.writeUInt16LE(2, 32); head.writeUInt16LE(16, 34);
  head.write('data', 36); head.writeUInt32LE(samples.length * 2, 40);
  writeFileSync(path, Buffer.concat([head, Buffer.from(Int16Array.from(samples).buffer)]));
}

test('the page of the manual holds a talk in a browser', { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hailstone-page-'));
  const wav = join(folder, 'talk.wav');
  makeTalk(wav);
  const daemon = await startDaemon({
    listener: { task: 'transcribe', reply: 'tell me a story' },
    speaker: { task: 'speak' },
    talker: { reply: 'Once upon a time there was a machine. ', tokens: '100' },
  });
  const server = createServer((request, reply) => {
    reply.setHeader('Content-Type', 'text/html; charset=utf-8');
    reply.end(readPage(new URL(daemon.url).host));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { tab, stop } = await startBrowser(`http://127.0.0.1:${server.address().port}/`, [
    '--autoplay-policy=no-user-gesture-required', '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${wav}%noloop`]);
  try {
    const log = () => tab.run("document.querySelector('#log')?.textContent ?? ''");
    assert.ok(await eventually(() => tab.run("document.querySelector('#talk')?.onclick !== undefined && document.readyState === 'complete'")));
    await tab.run("document.querySelector('#talk').click()");
    assert.ok(await eventually(async () => (await log()).split('you: ').length > 2, 40_000), await log());
    assert.match(await log(), /^you: tell/);
    assert.match(await log(), /it: Once upon a time/);
  } finally {
    await stop();
    server.closeAllConnections();
    server.close();
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
