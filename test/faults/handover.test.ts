import path from 'node:path';
import { recoverUnfinished } from '../../src/engine/files/unfinished.ts';
import { faultTests } from './publishing.ts';
import { writeSmallConfig } from './smallConfig.ts';
import { heavyUser } from '../fixtures/demoUsers.ts';

faultTests({
  name: 'a folder of a handover',
  args: (target, version) => [
    'handover',
    'configs/handover.ratio.yaml',
    '--for',
    'recbole',
    '--split',
    'train',
    '--users',
    heavyUser,
    '--seed',
    version,
    '--out',
    path.join(target, 'tables'),
  ],
  configs: (demo) => {
    writeSmallConfig(demo, 'handover', '{layout: long}', true);
  },
  calls: ['write', 'rename', 'mkdir'],
  next: recoverUnfinished,
});
