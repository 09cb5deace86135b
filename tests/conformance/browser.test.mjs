// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// WebSockets and server-sent events as a real browser sees them, from a page of another origin on this machine. The other
// end is the server of src/http with routes for tests (src/http/testing).

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { skipWithoutBrowser, startBrowser } from './browser.mjs';

const binary = process.env.HAILSTONE_TEST_SERVER;
const skip = binary ? skipWithoutBrowser : 'HAILSTONE_TEST_SERVER names no program';

let server;
let authority;
let pages;
let browser;

before(async () => {
  if (skip) return;
  server = spawn(binary, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(server.stdout, 'data');
  authority = `127.0.0.1:${/port (\d+)/.exec(line)[1]}`;
  pages = createServer((request, reply) => {
    reply.setHeader('Content-Type', 'text/html; charset=utf-8');
    reply.end('<!doctype html><title>a page</title>');
  }).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  browser = await startBrowser(`http://127.0.0.1:${pages.address().port}/`);
});

after(async () => {
  await browser?.stop();
  pages?.closeAllConnections();
  pages?.close();
  if (!server) return;
  const ended = once(server, 'exit');
  server.stdin.end(); // its end
  await ended;
});

test('a browser\'s WebSocket: what is said comes back, and the end is clean', { skip }, async () => {
  const seen = await browser.tab.run(`new Promise((done) => {
    const socket = new WebSocket('ws://${authority}/socket', ['realtime']);
    socket.binaryType = 'arraybuffer';
    const seen = { messages: [] };
    socket.onopen = () => {
      seen.protocol = socket.protocol;
      socket.send('grüß dich 😀');
      socket.send('x'.repeat(100_000));
      socket.send(new Uint8Array([0, 255, 1]));
    };
    socket.onmessage = ({ data }) => {
      seen.messages.push(typeof data === 'string' ? data : [...new Uint8Array(data)]);
      if (seen.messages.length === 3) socket.close(1000, 'done');
    };
    socket.onclose = ({ code, wasClean }) => done({ ...seen, code, wasClean });
  })`);
  assert.equal(seen.protocol, 'realtime');
  assert.equal(seen.messages[0], 'grüß dich 😀');
  assert.equal(seen.messages[1].length, 100_000);
  assert.deepEqual(seen.messages[2], [0, 255, 1]);
  assert.equal(seen.code, 1000);
  assert.equal(seen.wasClean, true);
});

test('a browser is told why a session ended', { skip }, async () => {
  const seen = await browser.tab.run(`new Promise((done) => {
    const socket = new WebSocket('ws://${authority}/socket');
    socket.onopen = () => socket.send('fail busy');
    socket.onclose = ({ code, reason, wasClean }) => done({ code, reason, wasClean });
  })`);
  assert.deepEqual(seen, { code: 1013, reason: 'it failed', wasClean: true });
});

test('a browser\'s EventSource gets names, ids, lines and the end', { skip }, async () => {
  const seen = await browser.tab.run(`new Promise((done) => {
    const source = new EventSource('http://${authority}/events/named');
    const seen = {};
    source.addEventListener('delta', ({ data, lastEventId }) => { seen.delta = [data, lastEventId]; });
    source.onmessage = ({ data }) => { source.close(); done({ ...seen, last: data }); };
    source.onerror = () => done({ ...seen, failed: true });
  })`);
  assert.deepEqual(seen, { delta: ['one\ntwo', '7'], last: '[DONE]' });
});

test('a browser\'s fetch reads events of a reply as they come', { skip }, async () => {
  const text = await browser.tab.run(`fetch('http://${authority}/v1/broken?begun').then(async (reply) => {
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    let all = '';
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) all += piece.value;
    return reply.status + ' ' + all;
  })`);
  const [first, second] = text.split('\n\n');
  assert.equal(first, '200 data: {"a":1}');
  assert.equal(JSON.parse(second.replace(/^data: /, '')).error.message, 'the engine crashed');
});
