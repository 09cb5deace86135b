// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// WebSocket frames as no library would send them: what RFC 6455 says of fragments, UTF-8, control frames and closing, as a
// table. The cases are those that the Autobahn test suite asks, as far as they can break a server; the numbers are its
// chapters. The other end echoes (src/http/testing).

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';

import { eventually } from './daemon.mjs';

const binary = process.env.HAILSTONE_TEST_SERVER;
const skip = binary ? false : 'HAILSTONE_TEST_SERVER names no program';
const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;
const limit = 100 * 1024; // of the server's messages

let server;
let port;

before(async () => {
  if (skip) return;
  server = spawn(binary, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(server.stdout, 'data');
  port = Number(/port (\d+)/.exec(line)[1]);
});

after(async () => {
  if (!server) return;
  const ended = once(server, 'exit');
  server.stdin.end(); // its end
  await ended;
});

/** One frame of a client. */
function frame(opcode, data = '', { fin = true, masked = true, reserved = 0, wide = false } = {}) {
  const payload = Buffer.isBuffer(data) ? data : Buffer.from(data);
  const size = payload.length;
  const head = [(fin ? 0x80 : 0) | reserved << 4 | opcode];
  const mask = masked ? 0x80 : 0;
  if (size < 126 && !wide) head.push(mask | size);
  else if (size < 65536) head.push(mask | 126, size >> 8, size & 255);
  else head.push(mask | 127, 0, 0, 0, 0, size >>> 24, size >> 16 & 255, size >> 8 & 255, size & 255);
  if (!masked) return Buffer.concat([Buffer.from(head), payload]);
  const key = randomBytes(4);
  return Buffer.concat([Buffer.from(head), key, payload.map((byte, i) => byte ^ key[i % 4])]);
}

const first = (opcode, data) => frame(opcode, data, { fin: false });
const middle = (data, opcode = 0) => frame(opcode, data, { fin: false });
const last = (data) => frame(0, data);
const close = (code, reason = '') =>
  frame(CLOSE, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]));

/** Frames of the server, taken off the bytes; what is left of these stays. */
function* takeFrames(state) {
  while (state.bytes.length >= 2) {
    let size = state.bytes[1] & 0x7f;
    let begin = 2;
    if (size === 126) { if (state.bytes.length < 4) return; size = state.bytes.readUInt16BE(2); begin = 4; }
    else if (size === 127) { if (state.bytes.length < 10) return; size = Number(state.bytes.readBigUInt64BE(2)); begin = 10; }
    if (state.bytes.length < begin + size) return;
    assert.equal(state.bytes[1] & 0x80, 0, 'a server masks nothing');
    yield { opcode: state.bytes[0] & 15, fin: state.bytes[0] >= 0x80, data: state.bytes.subarray(begin, begin + size) };
    state.bytes = state.bytes.subarray(begin + size);
  }
}

/** What comes back for the bytes, until the connection ends: messages, pongs, and the code of the close frame. Before the
 * client says bye it waits for so many messages. */
async function talk(pieces, awaited) {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay();
  socket.write('GET /socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
    + 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
  const seen = { messages: [], pongs: [], code: null };
  const state = { bytes: Buffer.alloc(0), open: false, parts: [] };
  const failed = setTimeout(() => socket.destroy(new Error('no end within the time')), 20_000);
  let opened;
  const open = new Promise((done) => { opened = done; });
  socket.on('data', (data) => {
    state.bytes = Buffer.concat([state.bytes, data]);
    if (!state.open) {
      const end = state.bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      assert.match(state.bytes.subarray(0, end).toString(), /^HTTP\/1.1 101 /);
      state.bytes = state.bytes.subarray(end + 4);
      state.open = true;
      opened();
    }
    for (const { opcode, fin, data: payload } of takeFrames(state)) {
      if (opcode === PONG) seen.pongs.push(payload.toString());
      else if (opcode === CLOSE) seen.code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
      else if (opcode !== PING) {
        state.parts.push(Buffer.from(payload));
        if (fin) seen.messages.push(Buffer.concat(state.parts.splice(0)));
      }
    }
  });
  socket.on('error', () => {}); // a server that hangs up before all is read
  await Promise.race([open, once(socket, 'close')]);
  for (const piece of pieces) {
    if (piece === bye) await eventually(() => socket.destroyed || seen.messages.length >= awaited, 10_000);
    if (socket.destroyed) break;
    socket.write(piece);
    await new Promise((done) => { setImmediate(done); });
  }
  if (!socket.destroyed) await once(socket, 'close');
  clearTimeout(failed);
  return seen;
}

const bytewise = (bytes) => [...bytes].map((byte) => Buffer.from([byte]));
const bye = close(1000);
const good = 'κόσμε 😀';
const cut = Buffer.from(good);
const invalid = (name, hex) => [name, [frame(TEXT, Buffer.from(hex, 'hex'))], { code: 1007 }];

// name, what is sent, what is expected. An ending without a close frame is as good where the protocol was broken.
const cases = [
  ['1.1 an empty text', [frame(TEXT), bye], { messages: [''], code: 1000 }],
  ...[125, 126, 127, 65535, 65536].map((size) =>
    [`1.1 a text of ${size}`, [frame(TEXT, 'x'.repeat(size)), bye], { messages: ['x'.repeat(size)], code: 1000 }]),
  ['1.1 byte by byte', [...bytewise(frame(TEXT, 'x'.repeat(200))), bye], { messages: ['x'.repeat(200)], code: 1000 }],
  ['1.2 binary', [frame(BINARY, Buffer.from([0, 255, 254])), bye], { messages: [Buffer.from([0, 255, 254])], code: 1000 }],
  ['2.1 a ping', [frame(PING), bye], { pongs: [''], code: 1000 }],
  ['2.4 a ping with as much as it may have', [frame(PING, 'p'.repeat(125)), bye], { pongs: ['p'.repeat(125)], code: 1000 }],
  ['2.5 a ping with more', [frame(PING, 'p'.repeat(126))], { code: 1002 }],
  ['2.7 a pong that nobody asked for', [frame(PONG, 'so'), frame(TEXT, 'still here'), bye], { messages: ['still here'], code: 1000 }],
  ['2.10 ten pings', [...Array.from({ length: 10 }, (_, i) => frame(PING, `${i}`)), bye], { lastPong: '9', code: 1000 }],
  ...[1, 2, 3, 4, 7].map((reserved) => [`3 reserved bits ${reserved}`, [frame(TEXT, 'x', { reserved })], { code: 1002 }]),
  ['3.7 reserved bits of a control frame', [frame(PING, '', { reserved: 1 })], { code: 1002 }],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => [`4 the opcode ${opcode}`, [frame(opcode, 'x')], { code: 1002 }]),
  ['5.1 a ping in two fragments', [first(PING, 'a'), last('b')], { code: 1002 }],
  ['5.2 a close in two fragments', [first(CLOSE), last('')], { code: 1002 }],
  ['5.3 a text in two fragments', [first(TEXT, 'one '), last('two'), bye], { messages: ['one two'], code: 1000 }],
  ['5.5 the same, byte by byte', [...bytewise(first(TEXT, 'one ')), ...bytewise(last('two')), bye], { messages: ['one two'], code: 1000 }],
  ['5.6 a ping between fragments', [first(TEXT, 'one '), frame(PING, 'p'), last('two'), bye], { messages: ['one two'], pongs: ['p'], code: 1000 }],
  ['5.9 a continuation of nothing', [middle('x'), frame(TEXT, 'y')], { messages: [], code: 1002 }],
  ['5.10 the end of nothing', [last('x')], { messages: [], code: 1002 }],
  ['5.15 the end of what has ended', [first(TEXT, 'a'), last('b'), middle('c')], { code: 1002 }],
  ['5.18 a text within a text', [first(TEXT, 'a'), frame(TEXT, 'b')], { messages: [], code: 1002 }],
  ['5.19 many fragments and pings', [first(TEXT, 'a'), ...Array.from({ length: 50 }, () => [middle('b'), frame(PING, 'p')]).flat(), last('c'), bye],
   { messages: [`a${'b'.repeat(50)}c`], code: 1000 }],
  ['5.20 empty fragments', [first(TEXT), middle(''), last(''), bye], { messages: [''], code: 1000 }],
  ['6.1 UTF-8 cut within a letter', [first(TEXT, cut.subarray(0, 3)), middle(cut.subarray(3, 14)), last(cut.subarray(14)), bye], { messages: [good], code: 1000 }],
  ['6.2 UTF-8 cut everywhere', [first(TEXT), ...[...cut].map((byte) => middle(Buffer.from([byte]))), last(''), bye], { messages: [good], code: 1000 }],
  invalid('6.3 a surrogate within a text', 'cebae1bdb9cf83cebcceb5eda080656469746564'),
  ['6.4 what can no longer become UTF-8, in fragments', [first(TEXT, Buffer.from('cebae1bdb9cf83cebcceb5f4', 'hex')), middle(Buffer.from('908080', 'hex')), last('edited')], { messages: [], code: 1007 }],
  ['6.4 a text that ends within a letter', [frame(TEXT, cut.subarray(0, cut.length - 1))], { messages: [], code: 1007 }],
  ['6.5 the ends of Unicode', [frame(TEXT, '\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}\u{feff}'), bye],
   { messages: ['\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}\u{feff}'], code: 1000 }],
  invalid('6.6 half of a letter', 'ce'),
  invalid('6.10 beyond Unicode', 'f4908080'),
  invalid('6.10 five bytes', 'f888808080'),
  invalid('6.12 a byte that begins nothing', '80'),
  invalid('6.14 lonely beginnings', 'c020c120'),
  invalid('6.18 a slash, too long', 'c0af'),
  invalid('6.18 a slash, much too long', 'f08080af'),
  invalid('6.19 a nought, too long', 'e08080'),
  invalid('6.20 half of a pair', 'eda080'),
  invalid('6.21 a pair', 'eda080edb080'),
  ['7.1 a message, then the end', [frame(TEXT, 'hello'), bye], { messages: ['hello'], code: 1000 }],
  ['7.1 two ends', [bye, bye], { code: 1000 }],
  ['7.1 a ping after the end', [bye, frame(PING, 'p')], { pongs: [], code: 1000 }],
  ['7.1 a text after the end', [bye, frame(TEXT, 'late')], { messages: [], code: 1000 }],
  ['7.3 an end without a code', [frame(CLOSE)], { codes: [1000, 1005] }],
  ['7.3 an end with half a code', [frame(CLOSE, Buffer.from([3]))], { code: 1002 }],
  ['7.3 an end with as long a reason as may be', [close(1000, 'r'.repeat(123))], { code: 1000 }],
  ['7.3 an end with a longer one', [close(1000, 'r'.repeat(124))], { code: 1002 }],
  ['7.5 a reason that is no UTF-8', [frame(CLOSE, Buffer.from('03e8cebae1bdb9cf83cebcceb5eda080', 'hex'))], { codes: [1007, 1002] }],
  ...[1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code) => [`7.7 the code ${code}`, [close(code)], { code }]),
  ...[0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999].map((code) => [`7.9 the code ${code}`, [close(code)], { code: 1002 }]),
  ['9.1 a message as long as it may be', [frame(TEXT, 'x'.repeat(limit)), bye], { lengths: [limit], code: 1000 }],
  ['9.1 a longer one', [frame(TEXT, 'x'.repeat(limit + 1))], { messages: [], code: 1009 }],
  ['9.3 a longer one, in fragments', [first(TEXT, 'x'.repeat(60_000)), last('x'.repeat(60_000))], { messages: [], code: 1009 }],
  ['10.1 a frame that is not masked', [frame(TEXT, 'x', { masked: false })], { messages: [], code: 1002 }],
];

for (const [name, pieces, expected] of cases) {
  test(`frames: ${name}`, { skip }, async () => {
    const seen = await talk(pieces, (expected.messages ?? expected.lengths ?? []).length);
    if (expected.messages) assert.deepEqual(seen.messages.map(String), expected.messages.map(String));
    if (expected.lengths) assert.deepEqual(seen.messages.map((one) => one.length), expected.lengths);
    if (expected.pongs) assert.deepEqual(seen.pongs, expected.pongs);
    if (expected.lastPong) assert.equal(seen.pongs.at(-1), expected.lastPong);
    const codes = expected.codes ?? [expected.code];
    const isFault = codes.every((code) => code === 1002 || code === 1007 || code === 1009);
    assert.ok(codes.includes(seen.code) || (isFault && seen.code === null && pieces.length > 0), `code ${seen.code}`);
  });
}
