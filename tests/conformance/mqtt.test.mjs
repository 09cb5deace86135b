// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// MQTT.js, unmodified: a request on a topic, its answer on the topic that it names.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import mqtt from 'mqtt';

import { eventually, freePort, startDaemon } from './daemon.mjs';

const program = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto'].find((path) => existsSync(path));
const folder = mkdtempSync(join(tmpdir(), 'hailstone-mqtt-'));
const things = [];

after(async () => {
  for (const thing of things.reverse()) await thing();
  rmSync(folder, { recursive: true, force: true });
});

const answers = (port) => new Promise((told) => {
  const probe = connectTo(port, '127.0.0.1', () => { probe.destroy(); told(true); });
  probe.on('error', () => told(false));
});

test('a request is answered where it says', async (t) => {
  if (!program) return t.skip('mosquitto is not installed');
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const broker = spawn(program, ['-c', config], { stdio: 'ignore' });
  things.push(() => broker.kill());
  assert.ok(await eventually(() => answers(port)));

  const daemon = await startDaemon({ echo: {} }, [], (home) => {
    mkdirSync(join(home, 'queues.d'));
    writeFileSync(join(home, 'queues.d', 'house.toml'),
                  `kind = 'mqtt'\ntask = 'generate'\nmodel = 'echo'\nport = ${port}\ntopic = 'ai/ask'\n`);
  });
  things.push(() => daemon.stop());

  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5 });
  things.push(() => client.endAsync());
  const told = [];
  client.on('message', (topic, payload, packet) => told.push({ topic, payload, packet }));
  await client.subscribeAsync('my/answers', { qos: 1 });
  const correlationData = Buffer.from([0, 1, 255]);
  // The queue may not have subscribed yet.
  assert.ok(await eventually(async () => {
    await client.publishAsync('ai/ask', JSON.stringify({ prompt: 'hello' }),
                              { qos: 1, properties: { responseTopic: 'my/answers', correlationData } });
    return eventually(() => told.length > 0, 1000);
  }, 20_000));
  assert.equal(JSON.parse(told[0].payload).done, true);
  assert.deepEqual(Buffer.from(told[0].packet.properties.correlationData), correlationData);
  assert.match(told[0].packet.properties.contentType, /^application\/json/);
});
