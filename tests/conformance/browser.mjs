// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// A headless Chromium, and as much of its own protocol as tests need.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';

import { eventually } from './daemon.mjs';

const names = ['chromium-headless-shell', 'chromium'];
const program = process.env.HAILSTONE_TEST_BROWSER
  ?? names.map((name) => join('/usr/bin', name)).find((path) => existsSync(path));

/** For tests: false, or why there is no browser. */
export const skipWithoutBrowser = program ? false : `no browser: apt-get install ${names[0]}`;

class Tab {
  #last = 0;
  constructor(socket) { this.socket = socket; }

  static async open(url) { // of the debugger
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new Tab(socket);
  }
  async call(method, params = {}) {
    const id = ++this.#last;
    const reply = new Promise((done) => {
      const listen = (data) => {
        const message = JSON.parse(data);
        if (message.id !== id) return;
        this.socket.off('message', listen);
        done(message.result);
      };
      this.socket.on('message', listen);
    });
    this.socket.send(JSON.stringify({ id, method, params }));
    return reply;
  }
  /** The value of an expression, or of what it promises. */
  async run(expression) {
    const { result, exceptionDetails } =
      await this.call('Runtime.evaluate', { expression, awaitPromise: true, userGesture: true, returnByValue: true });
    assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
    return result.value;
  }
}

/** Opens the page. Gives its tab; stop() ends the browser. */
export async function startBrowser(page, args = []) {
  const folder = mkdtempSync(join(tmpdir(), 'hailstone-browser-'));
  const child = spawn(program, ['--headless', '--no-sandbox', '--remote-debugging-port=0', `--user-data-dir=${folder}`,
                                ...args, page],
                      { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const ended = once(child, 'exit');
  const stop = async () => {
    // A browser is a group of processes; those that outlive the first would keep its pipe, and the test.
    process.kill(-child.pid, 'SIGKILL');
    await ended;
    child.stderr.destroy();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    let log = '';
    child.stderr.on('data', (data) => { log += data; });
    assert.ok(await eventually(() => /DevTools listening on \S+/.test(log), 30_000), log);
    const { port } = new URL(/DevTools listening on (\S+)/.exec(log)[1]);
    let target;
    assert.ok(await eventually(async () => {
      const targets = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
      target = targets.find((one) => one.type === 'page' && one.url.startsWith(page));
      return target !== undefined;
    }, 30_000));
    const tab = await Tab.open(target.webSocketDebuggerUrl);
    // What runs in a page that is still on its way is gone when it comes.
    const isThere = { expression: `location.href.startsWith('${page}') && document.readyState === 'complete'` };
    assert.ok(await eventually(async () => (await tab.call('Runtime.evaluate', isThere))?.result?.value === true, 30_000));
    return { tab, stop: async () => { tab.socket.terminate(); await stop(); } };
  } catch (error) {
    await stop();
    throw error;
  }
}
