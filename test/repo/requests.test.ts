import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connection } from 'vscode-languageserver/node';
import { methods } from '../../src/engine/methods/registry.ts';
import { engineRequests } from '../../src/protocol/engine.ts';
import { languageWire } from '../../src/protocol/language.ts';
import { serverRequests, wireName, type ServerRequest } from '../../src/protocol/server.ts';
import { wire } from '../../src/protocol/wire.ts';
import { serveRequests, type ServeRequestsOptions } from '../../src/server/sampling/serveRequests.ts';
import { read, trackedFiles } from './repository.ts';

const serverWires = Object.keys(serverRequests).map((name) => wireName(name as ServerRequest));
const sources = trackedFiles().filter((file) => /^(?:src|webview)\/.*\.ts$/.test(file));

test('the engine has one handler for each row of its table', () => {
  assert.deepEqual(Object.keys(methods).sort(), Object.keys(engineRequests).sort());
});

test('the server serves each row of its table once', () => {
  const served: string[] = [];
  const connection = { onRequest: (name: string) => void served.push(name) } as unknown as Connection;
  serveRequests({ connection } as ServeRequestsOptions);
  assert.deepEqual(served, serverWires);
});

test('names on the wire are unique, and only the protocol writes them', () => {
  const names = [...serverWires, ...Object.values(wire), ...Object.values(languageWire)];
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(
    sources.filter((file) => /['"`]recsample\//.test(read(file))),
    ['src/protocol/language.ts', 'src/protocol/server.ts', 'src/protocol/wire.ts'],
  );
});

test('a new request touches its table and its handler: no other file lists the requests', () => {
  const keysOf = (file: string): ReadonlySet<string> =>
    new Set([...read(file).matchAll(/^\s*(?:case )?'?(\w+)'?[:?,]/gm)].map(([, key = '']) => key));
  const listing = (table: object, most: number): string[] =>
    sources.filter((file) => {
      const keys = keysOf(file);
      return Object.keys(table).filter((name) => keys.has(name)).length > most;
    });
  // The preview has nine requests with the names of requests of the server, which it passes on.
  assert.deepEqual(listing(engineRequests, 10), ['src/engine/methods/registry.ts', 'src/protocol/engine.ts']);
  assert.deepEqual(listing(serverRequests, 11), ['src/protocol/server.ts', 'src/server/sampling/serveRequests.ts']);
});
