import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { recoverUnfinished } from '../../src/engine/files/unfinished.ts';
import { faultTests } from './publishing.ts';
import { writeSmallConfig } from './smallConfig.ts';
import { heavyUser } from '../fixtures/demoUsers.ts';

faultTests({
  name: 'a sample file and its lock',
  args: (target, version) => [
    'sample',
    'configs/file.ratio.yaml',
    '--users',
    heavyUser,
    '--threads',
    '1',
    '--seed',
    version,
    '--out',
    path.join(target, 'recall.parquet'),
  ],
  configs: (demo) => {
    writeSmallConfig(demo, 'file', '{layout: long}');
  },
  next: recoverUnfinished,
  interrupted: (target) => {
    const file = path.join(target, 'recall.parquet');
    if (!existsSync(`${file}.recsample.json`)) return;
    const { output } = JSON.parse(readFileSync(`${file}.recsample.json`, 'utf8')) as {
      readonly output: { readonly sha256: string };
    };
    assert.equal(
      createHash('sha256').update(readFileSync(file)).digest('hex'),
      output.sha256,
      'a lock of another file',
    );
  },
});
