import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { readConfig } from '../../src/core/config/read.ts';
import type { FactLevel } from '../../src/core/data/facts.ts';
import type { LintedConfig } from '../../src/project/lint/lintFile.ts';
import { Annotations } from '../../src/server/language/annotations.ts';
import { Configs } from '../../src/server/language/configs.ts';
import type { ConfigVersion, Snapshot } from '../../src/server/language/snapshot.ts';

// Tests when the client is asked to refresh its lenses and hints. Here, the annotations are the level of the facts.
const address = { uri: 'file:///a.ratio.yaml', path: '/a.ratio.yaml' };
const text = (version: number | null): ConfigVersion => ({ address, language: 'yaml', version, text: 'version: 1\n' });

let built: string[] = [];
let refreshed: string[] = [];
let annotations: Annotations;

beforeEach(() => {
  built = [];
  refreshed = [];
  const kind = (name: string): ConstructorParameters<typeof Annotations>[0]['lenses'] => ({
    build: ({ version, facts }) => {
      built.push(`${name} ${String(version)}`);
      return facts.level;
    },
    refresh: () => refreshed.push(name),
  });
  annotations = new Annotations({ lenses: kind('lenses'), hints: kind('hints') });
});

function checked({ text: source, language }: ConfigVersion, level: FactLevel): LintedConfig {
  return {
    read: readConfig(source, { language }),
    findings: [],
    rules: [],
    facts: { level, dataset: () => undefined, answer: () => undefined },
    policy: 'recommended',
    policyFindings: new Map(),
    policyFiles: [],
  };
}

const snapshot = (version: number | null, level: FactLevel): Snapshot => ({
  ...checked(text(version), level),
  address,
  version,
  stages: [],
  level,
});

test('what the client was given is refreshed when it changes, each kind for itself', () => {
  const first = snapshot(1, 'none');
  annotations.published(first);
  annotations.setSent('lenses', first);
  annotations.published(snapshot(1, 'none'));
  assert.deepEqual(refreshed, []);
  const second = snapshot(1, 'schema');
  annotations.setSent('hints', second);
  refreshed = [];
  annotations.published(second);
  assert.deepEqual(refreshed, ['lenses']);
});

test('nothing is built for edits that the client has not asked about, nor for configs that only a list shows', () => {
  annotations.setSent('lenses', snapshot(1, 'none'));
  for (let version = 2; version <= 10; version++) {
    annotations.published(snapshot(version, 'none'));
    annotations.published(snapshot(version, 'schema'));
  }
  annotations.forget(address);
  annotations.published(snapshot(null, 'schema'));
  annotations.published(snapshot(null, 'data'));
  assert.deepEqual([built, refreshed], [[], []]);
});

test('an answer that a newer snapshot overtook is refreshed at once', () => {
  annotations.published(snapshot(1, 'data'));
  annotations.setSent('lenses', snapshot(1, 'none'));
  assert.deepEqual(refreshed, ['lenses']);
});

test('a lens from a snapshot that a refresh superseded before it was published is refreshed', async () => {
  const ends: (() => void)[] = [];
  const published: string[] = [];
  // Facts arrive between the two checks of the same text: the second one finds counted rows.
  const levels: FactLevel[] = ['none', 'data'];
  const configs = new Configs({
    checker: {
      highestLevel: () => 'none',
      check: (version) => {
        const level = levels.shift() ?? 'data';
        return new Promise((resolve) => {
          ends.push(() => {
            resolve(checked(version, level));
          });
        });
      },
    },
    publisher: {
      publish: (checkedVersion) => {
        published.push(checkedVersion.facts.level);
        annotations.published(checkedVersion);
      },
      forget: () => undefined,
    },
    log: (line) => assert.fail(line),
  });
  configs.edited(text(1), 'schema');
  const asked = configs.current(address) ?? assert.fail();
  configs.refresh(address, 'schema');
  await eventLoop();
  ends[0]?.();
  annotations.setSent('lenses', await asked);
  ends[1]?.();
  await eventLoop();
  assert.deepEqual([published, refreshed], [['data'], ['lenses']]);
  configs.dispose();
});

async function eventLoop(): Promise<void> {
  for (let k = 0; k < 5; k++)
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
}
