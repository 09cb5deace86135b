// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// WebSockets and server-sent events, as the packages see them that most clients stand on. The
// other end is the server of src/http with routes for tests (src/http/testing).

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { EventSource, WebSocket as UndiciWebSocket, fetch as undiciFetch } from 'undici';
import WebSocket from 'ws';

const binary = process.env.HAILSTONE_TEST_SERVER;
const skip = binary ? false : 'HAILSTONE_TEST_SERVER names no program';

let server;
let authority;

before(async () => {
  if (skip) return;
  server = spawn(binary, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(server.stdout, 'data');
  authority = `127.0.0.1:${/port (\d+)/.exec(line)[1]}`;
});

after(async () => {
  if (!server) return;
  const ended = once(server, 'exit');
  server.stdin.end(); // its end
  await ended;
});

/** The next message of a socket of the package ws. */
async function next(socket) {
  const [data, isBinary] = await once(socket, 'message');
  return isBinary ? data : data.toString();
}

test('ws: text, binary and a large message come back', { skip }, async () => {
  const socket = new WebSocket(`ws://${authority}/socket`);
  await once(socket, 'open');
  for (const text of ['', 'grüß dich 😀', 'x'.repeat(100_000)]) {
    socket.send(text);
    assert.equal(await next(socket), text);
  }
  const bytes = Buffer.from([0, 255, 1, 254]);
  socket.send(bytes);
  assert.deepEqual(await next(socket), bytes);
  socket.close(1000, 'done');
  const [code] = await once(socket, 'close');
  assert.equal(code, 1000);
});

test('ws: fragments are put together, pings are answered', { skip }, async () => {
  const socket = new WebSocket(`ws://${authority}/socket`);
  await once(socket, 'open');
  socket.send('one ', { fin: false });
  socket.ping('are you there');
  socket.send('two', { fin: true });
  const [[pong], said] = await Promise.all([once(socket, 'pong'), next(socket)]);
  assert.equal(pong.toString(), 'are you there');
  assert.equal(said, 'one two');
  socket.terminate();
});

test('ws: a message over the limit ends the session with 1009', { skip }, async () => {
  const socket = new WebSocket(`ws://${authority}/socket`);
  await once(socket, 'open');
  socket.on('error', () => {}); // the server hangs up before all is written
  socket.send('x'.repeat(200_000));
  const [code] = await once(socket, 'close');
  assert.equal(code, 1009);
});

test('ws: what fails in the handler is said in the close frame', { skip }, async () => {
  const socket = new WebSocket(`ws://${authority}/socket`);
  await once(socket, 'open');
  socket.send('fail busy');
  const [code, reason] = await once(socket, 'close');
  assert.equal(code, 1013);
  assert.equal(reason.toString(), 'it failed');
});

test('ws: a foreign page is refused with the real status', { skip }, async () => {
  const socket = new WebSocket(`ws://${authority}/socket`, { origin: 'http://evil.example' });
  const [, response] = await once(socket, 'unexpected-response');
  assert.equal(response.statusCode, 403);
  socket.on('error', () => {});
  socket.terminate();
});

test('ws: OpenAI\'s subprotocols', { skip }, async () => {
  const socket = new WebSocket(`ws://${authority}/socket`,
                               ['realtime', 'openai-insecure-api-key.any', 'openai-beta.realtime-v1']);
  await once(socket, 'open');
  assert.equal(socket.protocol, 'realtime');
  socket.close();
  await once(socket, 'close');
});

test('undici: a browser\'s WebSocket', { skip }, async () => {
  const socket = new UndiciWebSocket(`ws://${authority}/socket`, ['realtime']);
  socket.binaryType = 'arraybuffer';
  await once(socket, 'open');
  assert.equal(socket.protocol, 'realtime');
  socket.send('hello');
  assert.equal((await once(socket, 'message'))[0].data, 'hello');
  socket.send(new Uint8Array([1, 2, 3]));
  assert.deepEqual(new Uint8Array((await once(socket, 'message'))[0].data), new Uint8Array([1, 2, 3]));
  socket.close(1000);
  const [closed] = await once(socket, 'close');
  assert.equal(closed.code, 1000);
  assert.equal(closed.wasClean, true);
});

test('undici: EventSource gets names, ids and lines', { skip }, async () => {
  const source = new EventSource(`http://${authority}/events/named`);
  const [[named], [plain]] = await Promise.all([once(source, 'delta'), once(source, 'message')]);
  assert.equal(named.data, 'one\ntwo');
  assert.equal(named.lastEventId, '7');
  assert.equal(plain.data, '[DONE]');
  source.close();
});

for (const [name, get] of [['undici', undiciFetch], ['node', fetch]]) {
  test(`${name}: fetch reads events as they come, and an error as the last one`, { skip }, async () => {
    const reply = await get(`http://${authority}/v1/broken?begun`);
    assert.equal(reply.status, 200);
    assert.match(reply.headers.get('content-type'), /^text\/event-stream/);
    const events = (await reply.text()).split('\n\n').filter(Boolean);
    assert.equal(events[0], 'data: {"a":1}');
    assert.equal(JSON.parse(events[1].replace(/^data: /, '')).error.message, 'the engine crashed');
  });
}
