import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { recoverUnfinished } from '../../src/engine/files/unfinished.ts';
import { faultTests } from './publishing.ts';
import { writeSmallConfig } from './smallConfig.ts';
import { heavyUser, otherHeavyUser } from '../fixtures/demoUsers.ts';

/** Every file that a lock file lists is the one that it describes. */
function checkLocks(folder: string): void {
  const lock = path.join(folder, '_recsample.json');
  if (existsSync(lock)) {
    const { files } = JSON.parse(readFileSync(lock, 'utf8')) as {
      readonly files: readonly { readonly path: string; readonly sha256: string }[];
    };
    for (const file of files)
      assert.equal(
        createHash('sha256')
          .update(readFileSync(path.join(folder, file.path)))
          .digest('hex'),
        file.sha256,
        file.path,
      );
    assert.deepEqual(
      readdirSync(folder).sort(),
      ['_recsample.json', ...files.map((file) => file.path)].sort(),
      'files of another run',
    );
  }
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory() && entry.name.includes('=')) checkLocks(path.join(folder, entry.name));
}

for (const [name, config, output] of [
  ['a folder of shards', 'shards', '{order: shuffled, shards: 2}'],
  ['folders of days', 'days', '{shards: 1, partition_by: {column: dt, format: yyyyMMdd}}'],
] as const)
  faultTests({
    name,
    args: (target, version) => [
      'sample',
      `configs/${config}.ratio.yaml`,
      '--users',
      `${heavyUser},${otherHeavyUser}`,
      '--threads',
      '1',
      '--seed',
      version,
      '--out',
      path.join(target, 'recall'),
    ],
    configs: (demo) => {
      writeSmallConfig(demo, config, output);
    },
    calls: ['write', 'rename', 'mkdir'],
    next: async (target) => {
      await recoverUnfinished(path.join(target, 'recall'));
      await recoverUnfinished(target);
    },
    interrupted: (target) => {
      checkLocks(path.join(target, 'recall'));
    },
  });
