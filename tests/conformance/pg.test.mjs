// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// node-postgres, unmodified: a row that is a request, the row that is its result.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import pg from 'pg';

import { eventually, freePort, startDaemon } from './daemon.mjs';

const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
const programs = versions.map((version) => `/usr/lib/postgresql/${version}/bin`)
  .find((path) => existsSync(join(path, 'postgres')));
const folder = mkdtempSync(join(tmpdir(), 'hailstone-pg-'));
const things = [];

after(async () => {
  for (const thing of things.reverse()) await thing();
  rmSync(folder, { recursive: true, force: true });
});

/** PostgreSQL does not run as root. */
const run = (program, ...args) => {
  const command = [join(programs, program), ...args];
  return process.getuid() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command] : command;
};

const open = async (port) => {
  let client;
  await eventually(async () => {
    client = new pg.Client({ host: '127.0.0.1', port, user: 'tester', database: 'postgres' });
    return client.connect().then(() => true, () => false);
  }, 20_000);
  return client;
};

test('a row is answered by a row', async (t) => {
  if (!programs) return t.skip('postgresql is not installed');
  const port = await freePort();
  if (process.getuid() === 0) spawnSync('chown', ['postgres', folder]);
  const [init, ...initArgs] = run('initdb', '-D', join(folder, 'data'), '-U', 'tester', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C');
  const made = spawnSync(init, initArgs, { cwd: '/' });
  assert.equal(made.status, 0, String(made.stderr));
  const [start, ...startArgs] = run('postgres', '-D', join(folder, 'data'), '-p', String(port), '-k', folder,
                                    '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off');
  const server = spawn(start, startArgs, { stdio: 'ignore', cwd: '/' });
  things.push(() => new Promise((ended) => { server.on('exit', ended); server.kill('SIGQUIT'); }));
  const client = await open(port);
  things.push(() => client.end());

  const daemon = await startDaemon({ echo: {} }, [], (home) => {
    mkdirSync(join(home, 'queues.d'));
    writeFileSync(join(home, 'queues.d', 'ask.toml'),
                  `kind = 'postgres'\ntask = 'generate'\nmodel = 'echo'\nconnection = 'host=127.0.0.1 port=${port} user=tester dbname=postgres'\n`);
  });
  things.push(() => daemon.stop());

  const has = async (sql, values) => (await client.query(sql, values)).rows;
  assert.ok(await eventually(async () => (await has("SELECT to_regclass('hailstone_results') AS it"))[0].it, 20_000));
  await client.query('INSERT INTO hailstone_jobs (id, request) VALUES ($1, $2), ($3, $4)',
                     ['letter-17', { prompt: 'hello' }, 'bad', { prompt: 5 }]);
  assert.ok(await eventually(async () => (await has('SELECT 1 FROM hailstone_results')).length === 2, 20_000));
  const [bad, good] = await has('SELECT * FROM hailstone_results ORDER BY job_id');
  assert.equal(good.job_id, 'letter-17');
  assert.equal(good.status, 'succeeded');
  assert.equal(good.result.done, true);
  assert.equal(bad.status, 'failed');
  assert.equal(bad.error.error.code, 'bad_request');
  assert.deepEqual((await has('SELECT id, state FROM hailstone_jobs ORDER BY id')).map((row) => [row.id, row.state]),
                   [['bad', 'dead'], ['letter-17', 'done']]);
});
