// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// nats.js, unmodified: a request into a stream, its result from another.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { AckPolicy, connect } from 'nats';

import { eventually, freePort, startDaemon } from './daemon.mjs';

const program = ['/usr/sbin/nats-server', '/usr/bin/nats-server'].find((path) => existsSync(path));
const folder = mkdtempSync(join(tmpdir(), 'hailstone-nats-'));
const things = [];

after(async () => {
  for (const thing of things.reverse()) await thing();
  rmSync(folder, { recursive: true, force: true });
});

const open = async (port) => {
  let connection;
  await eventually(async () => {
    connection = await connect({ servers: `127.0.0.1:${port}` }).catch(() => undefined);
    return connection;
  });
  return connection;
};

test('a request is answered under its own id', async (t) => {
  if (!program) return t.skip('nats-server is not installed');
  const port = await freePort();
  const config = join(folder, 'nats.conf');
  writeFileSync(config, `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${folder}/streams" }\n`);
  const server = spawn(program, ['-c', config], { stdio: 'ignore' });
  things.push(() => server.kill());
  const connection = await open(port);
  assert.ok(connection, 'nats-server does not answer');
  things.push(() => connection.close());

  const daemon = await startDaemon({ echo: {} }, [], (home) => {
    mkdirSync(join(home, 'queues.d'));
    writeFileSync(join(home, 'queues.d', 'ask.toml'),
                  `kind = 'nats'\ntask = 'generate'\nmodel = 'echo'\nurl = 'nats://127.0.0.1:${port}'\nsubject = 'ai.ask'\n`);
  });
  things.push(() => daemon.stop());

  const manager = await connection.jetstreamManager();
  assert.ok(await eventually(() => manager.streams.info('ai-ask-dead').then(() => true, () => false), 20_000));
  const stream = connection.jetstream();
  const told = await stream.publish('ai.ask', JSON.stringify({ prompt: 'hello' }), { msgID: 'letter-17' });
  assert.equal(told.stream, 'ai-ask');
  assert.ok((await stream.publish('ai.ask', '{}', { msgID: 'letter-17' })).duplicate);
  await stream.publish('ai.ask', '{"prompt": 5}', { msgID: 'bad' });

  await manager.consumers.add('ai-ask-results', { durable_name: 'reader', ack_policy: AckPolicy.Explicit });
  const reader = await stream.consumers.get('ai-ask-results', 'reader');
  const results = {};
  for (let i = 0; i < 2; ++i) {
    const message = await reader.next({ expires: 20_000 });
    assert.ok(message, 'no result');
    results[message.subject] = message;
    message.ack();
  }
  const good = results['ai.ask.result.letter-17'];
  assert.equal(good.headers.get('Hailstone-Status'), 'succeeded');
  assert.match(good.headers.get('Content-Type'), /^application\/json/);
  assert.equal(good.json().done, true);
  const bad = results['ai.ask.result.bad'];
  assert.equal(bad.headers.get('Hailstone-Status'), 'failed');
  assert.equal(bad.json().error.code, 'bad_request');
  const dead = await manager.streams.getMessage('ai-ask-dead', { last_by_subj: 'ai.ask.dead.bad' });
  assert.deepEqual(dead.json(), { prompt: 5 });
});
