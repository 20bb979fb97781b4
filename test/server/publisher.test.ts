import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Address } from '../../src/server/language/address.ts';
import { Publisher } from '../../src/server/language/publisher.ts';
import { summaryOf } from '../../src/server/language/summary.ts';
import { snapshotOf, type Snapshot } from '../../src/server/language/snapshot.ts';
import { readConfig } from '../../src/core/config/read.ts';

let asked: string[] = [];
let refreshes = 0;
let hints = 'one';
let publisher: Publisher;

beforeEach(() => {
  asked = [];
  refreshes = 0;
  hints = 'one';
  publisher = new Publisher({
    publish: () => undefined,
    diagnosticsOf: () => [],
    summary: summaryOf,
    configChanged: () => undefined,
    annotations: (snapshot) => {
      asked.push(String(snapshot.version));
      return annotations.get(snapshot);
    },
    annotationsChanged: () => {
      refreshes++;
    },
    policiesChanged: () => undefined,
  });
});

const annotations = new WeakMap<Snapshot, string>();
const address: Address = { uri: 'file:///a.ratio.yaml', path: '/a.ratio.yaml' };

function snapshot(version: number | null): Snapshot {
  const text = 'version: 1\n';
  const made = snapshotOf(
    { address, language: 'yaml', version, text },
    {
      read: readConfig(text, { language: 'yaml' }),
      findings: [],
      rules: [],
      facts: { level: 'none', dataset: () => undefined, answer: () => undefined },
      policy: 'recommended',
      policyFindings: new Map(),
      policyFiles: [],
    },
    'none',
  );
  annotations.set(made, hints);
  return made;
}

test('lenses and hints are made only of the version that an editor shows, when it is linted again', () => {
  publisher.linted(snapshot(1));
  publisher.linted(snapshot(2));
  publisher.linted(snapshot(3));
  assert.deepEqual([asked, refreshes], [[], 0]);
  publisher.linted(snapshot(3));
  assert.deepEqual([asked, refreshes], [['3', '3'], 0]);
  hints = 'two';
  publisher.linted(snapshot(3));
  assert.equal(refreshes, 1);
});

test('no lenses or hints are made of a config that only a list shows', () => {
  publisher.linted(snapshot(null));
  hints = 'two';
  publisher.linted(snapshot(null));
  assert.deepEqual([asked, refreshes], [[], 0]);
});
