// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The models that the suites of all dialects talk to, and what they say to them.

export const scripted = {
  echo: { capabilities: 'completion,tools,embedding', cached_tokens: '2' },
  caller: {
    capabilities: 'completion,tools', preface: 'let me look', reply: 'it rains', fragment: '5',
    calls: 'weather {"city": "Ulm", "days": 2}',
  },
  // Some clients ask for structure by a tool of that name.
  structured: { capabilities: 'completion,tools', reply: '{"a": 1}', calls: 'json {"a": 1}' },
  thinker: { capabilities: 'completion,thinking,tools', thinking: 'hm hm' },
  seer: { capabilities: 'completion,vision' },
  slow: { capabilities: 'completion', token_ms: '20', tokens: '2000' },
  brief: { capabilities: 'completion', token_ms: '20', tokens: '20' },
  mortal: { capabilities: 'completion', fail_after: '2', tokens: '10' },
};

export const user = (content) => [{ role: 'user', content }];

export const weather = {
  type: 'function',
  function: {
    name: 'weather', description: 'tells the weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer' } },
      required: ['city'],
    },
  },
};

/** A PNG of one pixel. */
export const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==';

export const leases = async (daemon) => {
  const reply = await fetch(`${daemon.url}/api/list-resources`);
  return (await reply.json()).models.reduce((sum, model) => sum + model.leases, 0);
};
