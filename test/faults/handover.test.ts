import path from 'node:path';
import { recoverUnfinished } from '../../src/engine/files/unfinished.ts';
import { faultTests } from './publishing.ts';

faultTests({
  name: 'a folder of a handover',
  args: (target, version) => [
    'handover',
    'configs/recall.ratio.yaml',
    '--for',
    'recbole',
    '--split',
    'train',
    '--users',
    '7203685477570815477',
    '--seed',
    version,
    '--out',
    path.join(target, 'tables'),
  ],
  calls: ['write', 'rename', 'mkdir'],
  next: recoverUnfinished,
});
