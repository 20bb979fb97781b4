import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FailureError } from '../../src/core/message/failure.ts';
import type { ToHost, ToWebview } from '../../src/protocol/channel.ts';
import { engineRequests } from '../../src/protocol/engine.ts';
import { inspectorNotifications, inspectorRequests } from '../../src/protocol/inspectorRequests.ts';
import { previewRequests } from '../../src/protocol/preview.ts';
import { accept, acceptState, type RequestRow, type Schema } from '../../src/protocol/schema/accept.ts';
import { serverParams } from '../../src/protocol/schema/language.ts';
import { previewNotifications, previewState } from '../../src/protocol/schema/preview.ts';
import { sidebarNotifications } from '../../src/protocol/schema/sidebar.ts';
import { trialNotifications, trialState } from '../../src/protocol/schema/trial.ts';
import { serverRequests } from '../../src/protocol/server.ts';
import { trialRequests } from '../../src/protocol/trial.ts';
import { readInitialization } from '../../src/server/language/initialization.ts';
import { WebviewChannel, type Handlers } from '../../src/extension/webviewChannel.ts';
import { allowed, mutated } from './schemaArbitrary.ts';

// Messages between processes are validated by the receiver: an invalid message is refused and has no effect.
const views = [
  { view: 'inspector', requests: inspectorRequests, notifications: inspectorNotifications },
  { view: 'preview', requests: previewRequests, notifications: previewNotifications },
  { view: 'trial', requests: trialRequests, notifications: trialNotifications },
  { view: 'glance', requests: {}, notifications: sidebarNotifications },
] as const;
const named = (schemas: Readonly<Record<string, Schema>>): (readonly [string, Schema])[] => Object.entries(schemas);
/** The schemas of those that may come from outside of their process. */
const taken = (table: Readonly<Record<string, RequestRow>>): (readonly [string, Schema])[] =>
  Object.entries(table).flatMap(([name, { params }]) => (params === null ? [] : [[name, params]]));
const all = [
  ...views.flatMap(({ requests, notifications }) => [...taken(requests), ...named(notifications)]),
  ...taken(engineRequests),
  // The keys of their records are names of data sets. Valibot drops keys such as `constructor`.
  ...taken(serverRequests).filter(([name]) => name !== 'starter' && name !== 'trial'),
  ...named(serverParams),
  ['state', previewState] as const,
  ['state', trialState] as const,
];

const at = (place: number): readonly [string, Schema] => all[place] ?? assert.fail();
const schemaAt = (place: number): Schema => at(place)[1];

type AnyRequests = Record<string, { params: unknown; result: unknown }>;

/** A host whose handlers only record calls, and the webview at the other end. */
function host({
  view,
  requests,
  notifications,
}: {
  readonly view: string;
  readonly requests: Readonly<Record<string, RequestRow>>;
  readonly notifications: Readonly<Record<string, Schema>>;
}) {
  const acted: unknown[] = [];
  const answers: ToWebview[] = [];
  const logged: string[] = [];
  let send: (message: unknown) => void = () => assert.fail('nobody listens');
  const act = (params: unknown): Promise<null> => {
    acted.push(params);
    return Promise.resolve(null);
  };
  const port = {
    onDidReceiveMessage: (listener: (message: unknown) => void) => {
      send = listener;
      return { dispose: () => undefined };
    },
    postMessage: (message: ToWebview) => {
      answers.push(message);
      return Promise.resolve(true);
    },
  };
  const handlers = Object.fromEntries(Object.keys(requests).map((name) => [name, act])) as Handlers<AnyRequests>;
  const notified = Object.fromEntries(
    Object.keys(notifications).map((name) => [name, (data: unknown) => void act(data)]),
  );
  new WebviewChannel<AnyRequests, object, Record<string, unknown>>(
    port,
    { view, requests, notifications },
    {
      handlers,
      notifications: notified,
      log: {
        warn: (text: string) => {
          logged.push(text);
        },
      },
    },
  );
  return {
    acted,
    answers,
    logged,
    send: (message: unknown) => {
      send(message);
    },
  };
}
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

test('a message that fits its schema arrives unchanged', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...all.keys()).chain((place) => fc.tuple(fc.constant(place), allowed(schemaAt(place)))),
      ([place, message]) => {
        const [name, schema] = at(place);
        assert.deepEqual(accept(schema, name, message), message);
      },
    ),
    { numRuns: 1000 },
  );
});

test('a changed message is accepted unchanged, or refused as bad-request with name and field', () => {
  fc.assert(
    fc.property(
      fc
        .constantFrom(...all.keys())
        .chain((place) => fc.tuple(fc.constant(place), allowed(schemaAt(place)).chain(mutated))),
      ([place, message]) => {
        const [name, schema] = at(place);
        try {
          assert.deepEqual(accept(schema, name, message), message);
        } catch (error) {
          if (!(error instanceof FailureError)) throw error;
          assert.equal(error.failure.code, 'bad-request');
          assert.equal(error.failure.message.args?.[0], name);
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test('a webview acts only on messages that fit; other requests get a bad-request and are logged', async () => {
  const cases = views.flatMap((view) => [
    ...taken(view.requests).map(([method, schema]) => ({
      view,
      schema,
      wrap: (params: unknown): unknown => ({ kind: 'request', id: 'page/1', method, params }),
    })),
    ...named(view.notifications).map(([event, schema]) => ({
      view,
      schema,
      wrap: (data: unknown): unknown => ({ kind: 'notify', event, data }),
    })),
  ]);
  const caseAt = (place: number): (typeof cases)[number] => cases[place] ?? assert.fail();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...cases.keys()).chain((place) =>
        fc.tuple(
          fc.constant(place),
          allowed(caseAt(place).schema).chain((message) => fc.oneof(fc.constant(message), mutated(message))),
        ),
      ),
      async ([place, message]) => {
        const { view, schema, wrap } = caseAt(place);
        const { acted, answers, logged, send } = host(view);
        send(wrap(message));
        await settled();
        const fits = acceptState(schema, message) !== null || message === null;
        if (acted.length > 0) assert.deepEqual(acted, [message]);
        else
          assert.ok(
            logged.some((line) => line.startsWith(`${view.view}: `)),
            'a refusal is logged',
          );
        assert.ok(fits || acted.length === 0, 'a message that does not fit does nothing');
        for (const answer of answers)
          assert.equal(
            answer.kind === 'failure' ? answer.failure.code : answer.kind,
            acted.length > 0 ? 'result' : 'bad-request',
          );
      },
    ),
    { numRuns: 2000 },
  );
});

test('invalid envelopes and names of prototype members do nothing', async () => {
  const { acted, answers, logged, send } = host(views[0]);
  const names = ['toString', 'constructor', '__proto__', 'hasOwnProperty', 'no such request'];
  for (const method of names) send({ kind: 'request', id: 'page/1', method, params: null } satisfies ToHost);
  for (const event of names) send({ kind: 'notify', event, data: null } satisfies ToHost);
  for (const message of [
    null,
    undefined,
    7,
    'request',
    [],
    {},
    { kind: 'request' },
    { kind: 'request', id: 1, method: 'open', params: null },
    { kind: 'cancel', id: null },
    { kind: 'open' },
  ])
    send(message);
  await settled();
  assert.deepEqual(acted, []);
  assert.deepEqual(
    answers.map((answer) => (answer.kind === 'failure' ? answer.failure.code : answer.kind)),
    names.map(() => 'bad-request'),
  );
  assert.equal(logged.length, 20);
});

test('a refusal names the request and the field', () => {
  const view = { filter: { conditions: [{ column: 'a', op: '=', values: ['1', 2] }], expression: '' }, sort: [] };
  assert.throws(
    () => accept(inspectorRequests.count.params, 'count', { view }),
    /count: view\.filter\.conditions\.0\.values\.1 has a value that is not allowed/,
  );
  assert.throws(
    () => accept(inspectorRequests.showLine.params, 'showLine', { path: '/a.csv', line: 0 }),
    /showLine: line has/,
  );
  assert.throws(
    () => accept(inspectorRequests.facts.params, 'facts', { ref: { id: 'a', path: '/etc/passwd' } }),
    /facts: ref has/,
  );
});

test('initialization options of a wrong type are ignored and named; a wrong trust means untrusted', () => {
  assert.deepEqual(readInitialization({ threads: 2, memoryLimit: '1GB', trusted: true, commands: ['a'], other: 1 }), {
    options: { threads: 2, memoryLimit: '1GB', trusted: true, commands: ['a'] },
    ignored: [],
  });
  assert.deepEqual(readInitialization({ threads: '2', trusted: 'no', commands: [1], toString: 1 }), {
    options: { trusted: false },
    ignored: ['threads', 'trusted', 'commands'],
  });
  for (const nothing of [undefined, null, 7, 'x'])
    assert.deepEqual(readInitialization(nothing), { options: {}, ignored: [] });
});
