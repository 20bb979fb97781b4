import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { changed, examples } from '../../src/core/policy/examples/example.ts';
import { fail } from '../../src/core/message/failure.ts';
import { message, render } from '../../src/core/message/message.ts';
import type { EngineClient, EngineMethod } from '../../src/protocol/engine.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { engine, failureCode, folder, parquet } from './fixture.ts';
import { demo, lintOn, underlined, writeDemoBefore, type Linting } from './lintDemo.ts';
import { quotedModule } from '../ownProcess.ts';
import { runUnprivileged } from './unprivileged.ts';

writeDemoBefore();
const posix = { skip: process.platform === 'win32' ? 'Windows has no such files' : false };

let copies = 0;
/** A copy of the demo that a test may damage. */
function copy(): string {
  const root = join(folder, `copy-${++copies}`);
  cpSync(demo, root, { recursive: true });
  return root;
}

interface Told {
  /** Findings in the form `rule: message @ underlined text`. */
  readonly found: string[];
  /** Reasons why rules did not run, with the rules that give each reason. */
  readonly reasons: ReadonlyMap<string, readonly string[]>;
}

async function told(text: string, options: Linting = {}): Promise<Told> {
  const { findings, rules } = await lintOn(text, options);
  const reasons = new Map<string, string[]>();
  for (const { rule, status, because, nothingToCompare } of rules) {
    if (status === 'not-run' && nothingToCompare !== true)
      reasons.set(because ? render(because) : '', [...(reasons.get(because ? render(because) : '') ?? []), rule]);
  }
  return {
    found: findings.map(
      (finding) =>
        `${finding.rule}: ${[finding.message, ...finding.details].map((one) => render(one)).join(' | ')} @ ${underlined(text, finding)}`,
    ),
    reasons,
  };
}

/** The engine, with an action before each call of a method. */
function before(method: EngineMethod, act: () => void | Promise<void>): EngineClient {
  return {
    call: async (called, params, context) => {
      if (called === method) await act();
      return engine.call(called, params, context);
    },
  };
}

const [recall, fine] = [examples.recall, examples.fine_ranking];

describe('missing files', () => {
  test('a file, folder or glob without a match is reported at its path, and dependent rules say why', async () => {
    const text = changed(
      'recall',
      ['../data/items.parquet', '../data/item.parquet'],
      ['../data/users.parquet', '../people'],
      ['../data/rejections.parquet', '../data/rejections-*.parquet'],
    );
    const { found, reasons } = await told(text);
    assert.deepEqual(found, [
      'schema/file-missing: There is no file or folder ../data/item.parquet @ ../data/item.parquet',
      'schema/file-missing: There is no file or folder ../people @ ../people',
      'schema/file-missing: No file that can be read matches ../data/rejections-*.parquet @ ../data/rejections-*.parquet',
    ]);
    const rules =
      'log-q declared-q exponent hot-ratio selection-bias downsample-effect impossible-draw missing-choices digest unknown-item shortfall refused';
    assert.deepEqual(
      [...reasons].filter(([, dependent]) => dependent.includes('data/unknown-item')),
      [['the files of data.items do not exist', rules.split(' ').map((name) => `data/${name}`)]],
    );
  });

  test('a sample file that does not exist yet is not a finding', async () => {
    const { found, reasons } = await told(fine);
    assert.deepEqual([found, [...reasons]], [[], []]);
  });
});

describe('files that cannot be read', () => {
  const damaged: readonly (readonly [name: string, damage: (file: string) => void, says: RegExp])[] = [
    [
      'cut off',
      (file) => {
        truncateSync(file, 9000);
      },
      /^schema\/unreadable: .*(cut off|ends early|complete).* \| data\/items\.parquet, byte \d+ \| .* @ \.\.\/data\/items\.parquet$/,
    ],
    [
      'empty',
      (file) => {
        truncateSync(file, 0);
      },
      /^schema\/unreadable: The file is empty \(0 bytes\) \| data\/items\.parquet.* @/,
    ],
    [
      'of another format than its name says',
      (file) => {
        writeFileSync(file, 'item_id,city\n1,Paris\n');
      },
      /^schema\/unreadable: .* \| data\/items\.parquet.* @/,
    ],
    [
      'damaged in its footer',
      (file) => {
        const bytes = readFileSync(file);
        bytes.fill(0xff, bytes.length - 200, bytes.length - 8);
        writeFileSync(file, bytes);
      },
      /^schema\/unreadable: .* \| data\/items\.parquet.* @/,
    ],
  ];
  for (const [name, damage, says] of damaged) {
    test(`a file that is ${name} is reported once, at its place`, async () => {
      const root = copy();
      damage(join(root, 'data/items.parquet'));
      const { found, reasons } = await told(recall, { root });
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', says);
      assert.match(
        [...reasons].find(([, rules]) => rules.includes('data/unknown-item'))?.[0] ?? '',
        /^the files of data\.items cannot be read: /,
      );
    });
  }

  /** Overwrites the pages and keeps the footer, so the columns are still known. */
  const damagePages = (file: string) => {
    const bytes = readFileSync(file);
    bytes.fill(0xff, 4, bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8));
    writeFileSync(file, bytes);
  };
  const damagedRows = /^schema\/unreadable: The file is damaged: .* \| (\S+) \| .* @ (\S+)$/;

  test('damaged rows are reported at the path and are the reason that row rules did not run', async () => {
    const root = copy();
    damagePages(join(root, 'out/recall.parquet'));
    const { found, reasons } = await told(recall, { root });
    assert.deepEqual(
      found.map((one) => damagedRows.exec(one)?.slice(1)),
      [['out/recall.parquet', '../out/recall.parquet']],
    );
    const expected =
      'contradiction declared-q duplicate empty-groups exponent false-negative future hot-ratio impossible-draw label-leak ' +
      'log-q log-q-values missing-choices mix pass-through selection-bias split-overlap time-leak time-order unknown-item unseen user-skew';
    assert.deepEqual([...reasons.values()].flat().sort(), [
      ...expected.split(' ').map((name) => `data/${name}`),
      'schema/label-domain',
    ]);
    for (const reason of reasons.keys()) assert.match(reason, /^the rows could not be counted: The file is damaged: /);
  });

  test('damage in one of many files, or of several data sets, is reported', async () => {
    for (const [file, path] of [
      ['data/impressions/dt=2026-11-20/part-0.parquet', '../data/impressions/dt=*/*.parquet'],
      ['data/items.parquet', '../data/items.parquet'],
      ['data/users.parquet', '../data/users.parquet'],
    ] as const) {
      const root = copy();
      damagePages(join(root, file));
      assert.deepEqual(
        (await told(recall, { root })).found.map((one) => damagedRows.exec(one)?.slice(1)),
        [[file, path]],
      );
    }
  });

  test('damage is remembered while the file is unchanged, and forgotten when it changes', async () => {
    const root = copy();
    const cache = new FactsCache();
    const file = join(root, 'out/recall.parquet');
    damagePages(file);
    const first = (await told(recall, { root, cache })).found;
    assert.deepEqual((await told(recall, { root, cache, engine: null })).found, first);
    copyFileSync(join(demo, 'out/recall.parquet'), file);
    assert.deepEqual((await told(recall, { root, cache })).found, []);
  });

  test('a value that does not fit its column stops the count, not the lint', async () => {
    const root = copy();
    await parquet(
      join(root, 'out/recall.parquet'),
      `SELECT * REPLACE (CASE WHEN label = 1 THEN 'yesterday' ELSE ts::VARCHAR END AS ts) FROM read_parquet('${join(demo, 'out/recall.parquet')}')`,
    );
    const { found, reasons } = await told(recall, { root });
    assert.deepEqual(found, []);
    assert.match(
      [...reasons].find(([, rules]) => rules.includes('data/contradiction'))?.[0] ?? '',
      /^the rows could not be counted: a value does not match the declared type of its column: "yesterday" in column ts is not a time$/,
    );
  });

  test('a file without read permission is reported, tested as an unprivileged user', posix, async () => {
    const root = copy();
    for (const place of [folder, root]) chmodSync(place, 0o755);
    chmodSync(join(root, 'data/items.parquet'), 0o000);
    const prepared = `import { createEngine } from ${quotedModule('src/engine/process/engine.ts')};
import { lintFile } from ${quotedModule('src/project/lint/lintFile.ts')};
import { FactsCache } from ${quotedModule('src/project/facts/factsCache.ts')};
import { policyTextWithin } from ${quotedModule('src/project/lint/policyText.ts')};
import { examples } from ${quotedModule('src/core/policy/examples/example.ts')};
const [root, temporaryDirectory] = process.argv.slice(1);
const lint = async () => {
  const engine = createEngine({ temporaryDirectory, threads: 1, memoryBytes: 5e8 });
  try {
    return await lintFile({ path: root + '/configs/recall.ratio.yaml', text: examples.recall, language: 'yaml' }, { level: 'schema', root, trusted: true, engine, cache: new FactsCache(), readText: policyTextWithin(root) });
  } finally {
    await engine.dispose();
  }
};
await lint();`;
    const temporary = join(folder, 'unprivileged');
    mkdirSync(temporary, { recursive: true });
    chmodSync(temporary, 0o777);
    const said = await runUnprivileged(
      prepared,
      'const { findings } = await lint();\nconsole.log(JSON.stringify(findings.map(({ rule, message }) => [rule, message.text])));\nprocess.exit(0);',
      [root, temporary],
    );
    assert.deepEqual(JSON.parse(said), [['schema/unreadable', 'No permission to read this path']]);
  });

  test('partitions with different columns are a finding', async () => {
    const root = copy();
    mkdirSync(join(root, 'data/impressions/dt=latest'));
    copyFileSync(
      join(root, 'data/impressions/dt=2026-11-20/part-0.parquet'),
      join(root, 'data/impressions/dt=latest/part-0.parquet'),
    );
    const { found } = await told(recall, { root, level: 'schema' });
    assert.deepEqual(found, [
      'schema/partition-types: The folders differ in dt: its values are of different kinds, or only some files have it @ ../data/impressions/dt=*/*.parquet',
    ]);
  });
});

describe('files that change', () => {
  test('files that change before their rows are counted: the count is skipped with a reason', async () => {
    const root = copy();
    const changing = before('answer', () => {
      appendFileSync(join(root, 'out/recall.parquet'), ' ');
    });
    const { found, reasons } = await told(recall, { root, engine: changing });
    assert.deepEqual(found, []);
    assert.deepEqual(
      [...reasons].map(([reason]) => reason),
      ['the rows could not be counted: The file has changed since it was opened'],
    );
  });

  test('files that vanish before their rows are counted: the count is skipped with a reason', async () => {
    const root = copy();
    const vanishing = before('answer', () => {
      rmSync(join(root, 'out/recall.parquet'), { force: true });
    });
    const { found, reasons } = await told(recall, { root, engine: vanishing });
    assert.deepEqual(found, []);
    assert.deepEqual(
      [...reasons].map(([reason]) => reason),
      ['the rows could not be counted: There is no such file or folder'],
    );
  });
});

describe('paths that are refused', () => {
  for (const [name, path, says] of [
    ['an address', 's3://bucket/items.parquet', /is an address/],
    ['a file address', 'file:///etc/passwd', /is an address/],
    ['a network path', '//server/share/items.parquet', /is a network path/],
    ['a device', '/dev/zero', /is a device/],
    ['a path out of the workspace', '../../items.parquet', /is outside of the workspace/],
  ] as const) {
    test(`${name} is reported, and the engine is not asked about it`, async () => {
      const asked: string[] = [];
      const listening: EngineClient = {
        call: (method, params, context) => {
          if ('ref' in params) asked.push(params.ref.path);
          return engine.call(method, params, context);
        },
      };
      const text = changed('recall', ['../data/items.parquet', path]);
      const { found } = await told(text, { engine: listening, level: 'schema' });
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', says);
      assert.ok((found[0] ?? '').startsWith('config/path: ') && (found[0] ?? '').endsWith(` @ ${path}`));
      assert.ok(!asked.some((one) => !one.startsWith(demo)), asked.join('\n'));
    });
  }

  test('a pipe is refused without waiting', posix, async () => {
    const root = copy();
    rmSync(join(root, 'data/items.parquet'));
    execFileSync('mkfifo', [join(root, 'data/items.parquet')]);
    const { found } = await told(recall, { root, level: 'schema' });
    assert.deepEqual(found, ['config/path: This is a device, a pipe or a socket, not a file @ ../data/items.parquet']);
  });

  test('a link out of the workspace is refused, one inside is followed', posix, async () => {
    const root = copy();
    renameSync(join(root, 'data/items.parquet'), join(root, 'data/corpus.parquet'));
    symlinkSync('corpus.parquet', join(root, 'data/items.parquet'));
    assert.deepEqual((await told(recall, { root, level: 'schema' })).found, []);
    rmSync(join(root, 'data/items.parquet'));
    symlinkSync(join(demo, 'data/items.parquet'), join(root, 'data/items.parquet'));
    assert.deepEqual((await told(recall, { root, level: 'schema' })).found, [
      'config/path: The path leads out of the workspace @ ../data/items.parquet',
    ]);
  });
});

describe('an engine that does not answer', () => {
  for (const code of ['engine-stopped', 'out-of-memory', 'disk-full'] as const) {
    test(`${code} produces no finding about files; it is the reason that rules did not run`, async () => {
      const failing = before('answer', () => {
        throw fail(code, message('it is gone'));
      });
      const { found, reasons } = await told(recall, { engine: failing });
      assert.deepEqual(found, []);
      assert.deepEqual(
        [...reasons].map(([reason]) => reason),
        ['the rows could not be counted: it is gone'],
      );
      const dead = before('open', () => {
        throw fail(code, message('it is gone'));
      });
      const nothing = await told(recall, { engine: dead });
      assert.deepEqual(nothing.found, []);
      assert.ok(
        [...nothing.reasons.keys()].every((reason) =>
          /^the files of data\.\S+ cannot be read: it is gone$/.test(reason),
        ),
        [...nothing.reasons.keys()].join('\n'),
      );
      assert.ok(nothing.reasons.size > 0);
    });
  }

  test('a lint cancelled while reading columns or counting rows ends as cancelled', async () => {
    for (const method of ['open', 'answer'] as const) {
      const controller = new AbortController();
      const cancelling = before(method, () => {
        controller.abort();
      });
      assert.equal(
        await failureCode(lintOn(recall, { engine: cancelling, signal: controller.signal })),
        'cancelled',
        method,
      );
    }
  });
});

test('an untrusted workspace opens no file, and every rule about data says so', async () => {
  const untouched: EngineClient = { call: (method) => assert.fail(`${method} was called`) };
  const text = changed(
    'recall',
    ['global_random: 0.2', 'global_random: 0.3'],
    ['../data/items.parquet', '../data/item.parquet'],
  );
  const { found, reasons } = await told(text, { engine: untouched, trusted: false });
  assert.deepEqual(found, ['config/share-sum: The shares sum to 1.1, not 1 @ mix']);
  assert.ok(
    reasons.size > 0 &&
      [...reasons.keys()].every((reason) =>
        /^the workspace is in Restricted Mode, so data\.\S+ is not opened$/.test(reason),
      ),
    [...reasons.keys()].join('\n'),
  );
});
