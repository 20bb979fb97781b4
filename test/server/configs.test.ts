import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readConfig } from '../../src/core/config/read.ts';
import { fail } from '../../src/core/message/failure.ts';
import { message } from '../../src/core/message/message.ts';
import type { LintedConfig } from '../../src/project/lint/lintFile.ts';
import type { CheckRun } from '../../src/server/language/checker.ts';
import { Configs } from '../../src/server/language/configs.ts';
import type { ConfigVersion } from '../../src/server/language/snapshot.ts';

// Tests how much data is read, when, and what an edit cancels. Time is mocked.
interface Probe extends CheckRun {
  readonly version: number | null;
  readonly end: (as?: 'cancelled') => void;
}

let looks: Probe[] = [];
let told: string[] = [];
let configs: Configs;
/** The failure of the next lint from cached facts. */
let failure: Error | null = null;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  looks = [];
  told = [];
  configs = new Configs({
    checker: {
      highestLevel: () => 'data',
      check: (text, run) =>
        run.open
          ? new Promise((resolve, reject) => {
              const end: Probe['end'] = (as) => {
                if (as) reject(fail('cancelled', message('Cancelled')));
                else resolve(linted(text));
              };
              run.signal?.addEventListener('abort', () => {
                end('cancelled');
              });
              looks.push({ ...run, version: text.version, end });
            })
          : known(text),
    },
    publisher: {
      publish: ({ version, level }) => {
        told.push(`${String(version)} ${level}`);
      },
      forget: () => undefined,
    },
    log: (text) => {
      told.push(`log ${text}`);
    },
  });
});
afterEach(() => {
  configs.dispose();
  mock.timers.reset();
});

function known(config: ConfigVersion): Promise<LintedConfig> {
  const error = failure;
  failure = null;
  return error ? Promise.reject(error) : Promise.resolve(linted(config));
}

const address = { uri: 'file:///a.ratio.yaml', path: '/a.ratio.yaml' };
const text = (version: number): ConfigVersion => ({ address, language: 'yaml', version, text: 'version: 1\n' });

function linted({ text: source, language }: ConfigVersion): LintedConfig {
  const facts = { level: 'none', dataset: () => undefined, answer: () => undefined } as const;
  return {
    read: readConfig(source, { language }),
    findings: [],
    rules: [],
    facts,
    policy: 'recommended',
    policyFindings: new Map(),
    policyFiles: [],
  };
}

/** Lets everything run that waits only for the event loop. */
async function turns(): Promise<void> {
  for (let k = 0; k < 20; k++)
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
}
const running = (): string[] =>
  looks.filter(({ signal }) => signal?.aborted === false).map(({ version, level }) => `${String(version)} ${level}`);

test('an edit publishes findings at once; files are read when typing pauses', async () => {
  configs.edited(text(1), 'data');
  await turns();
  assert.deepEqual([told, running()], [['1 none'], []]);
  mock.timers.tick(1000);
  await turns();
  assert.deepEqual(running(), ['1 schema']);
  looks[0]?.end();
  await turns();
  assert.deepEqual(told, ['1 none', '1 schema']);
  assert.deepEqual(
    looks.map(({ level }) => level),
    ['schema', 'data'],
  );
  looks[1]?.end();
  await turns();
  assert.deepEqual(told, ['1 none', '1 schema', '1 data']);
});

test('a lint that fails is logged, and the next question is answered', async () => {
  failure = new Error('no engine');
  configs.edited(text(1), 'schema');
  await turns();
  assert.deepEqual(told, ['log no engine']);
  const snapshot = configs.current(address);
  assert.equal((await snapshot)?.version, 1);
});

test('the next edit stops reading files, and the rows are counted for the new text', async () => {
  configs.edited(text(1), 'data');
  mock.timers.tick(1000);
  await turns();
  configs.edited(text(2), 'schema');
  assert.equal(looks[0]?.signal?.aborted, true);
  await turns();
  mock.timers.tick(1000);
  await turns();
  looks.at(-1)?.end();
  await turns();
  assert.deepEqual(running().at(-1), '2 data');
  looks.at(-1)?.end();
  await turns();
  assert.deepEqual(told, ['1 none', '2 none', '2 schema', '2 data']);
});

test('of edits at the same time only the last is linted, and no files are read', async () => {
  for (let version = 1; version <= 10; version++) configs.edited(text(version), 'schema');
  await turns();
  assert.deepEqual([told, looks], [['10 none'], []]);
});

test('continuous typing publishes findings for every text and reads no files', async () => {
  for (let version = 1; version <= 5; version++) {
    configs.edited(text(version), 'schema');
    await turns();
    mock.timers.tick(50);
    await turns();
  }
  assert.deepEqual([told, looks], [[1, 2, 3, 4, 5].map((version) => `${version} none`), []]);
});

test('a validation overtaken by an edit describes the new text', async () => {
  configs.edited(text(1), 'schema');
  await turns();
  const result = configs.validate(address, 'data', new AbortController().signal);
  await turns();
  configs.edited(text(2), 'schema');
  looks[0]?.end();
  await turns();
  looks
    .filter(({ level }) => level === 'data')
    .at(-1)
    ?.end();
  assert.equal((await result).version, 2);
});

test('a validation of a config that an editor opens meanwhile is about the text of the editor', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'recsample-configs-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = path.join(folder, 'a.ratio.yaml');
  writeFileSync(file, 'version: 1\n');
  const opened = { uri: pathToFileURL(file).href, path: file };
  const result = configs.validate(opened, 'data', new AbortController().signal);
  configs.edited({ ...text(1), address: opened }, 'schema');
  await untilLooks(1);
  looks[0]?.end();
  assert.equal((await result).version, 1);
  assert.equal((await configs.text(opened)).version, 1);
});

test('listed configs that change together have their files read one after the other', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'recsample-configs-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const listed = ['a', 'b', 'c']
    .map((name) => path.join(folder, `${name}.ratio.yaml`))
    .map((file) => ({ uri: pathToFileURL(file).href, path: file }));
  for (const { path: file } of listed) writeFileSync(file, 'version: 1\n');
  for (const one of listed) {
    const summary = configs.listed(one);
    await untilLooks(looks.length + 1);
    looks.at(-1)?.end();
    await summary;
  }
  told = [];
  const changes = listed.map((one) => configs.fileChanged(one));
  for (let k = 1; k <= listed.length; k++) {
    await untilLooks(listed.length + k);
    assert.equal(told.length, k - 1);
    looks.at(-1)?.end();
  }
  await Promise.all(changes);
  await turns();
  assert.deepEqual([looks.length, told], [6, ['null schema', 'null schema', 'null schema']]);
});

/** Reading a file takes several turns of the event loop, and nothing else reports its end. */
async function untilLooks(count: number): Promise<void> {
  while (looks.length < count)
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
}
