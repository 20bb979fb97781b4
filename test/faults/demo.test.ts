import { recoverDemo } from '../../src/engine/demo/staging.ts';
import { faultTests } from './publishing.ts';

faultTests({
  name: 'a demo that replaces an earlier one',
  args: (target, version) => ['demo', target, '--scale', 'tiny', '--seed', version],
  // There are far more files than in the other cases, and a failed rename is the one case that may leave mixed files.
  calls: ['rename', 'rmdir'],
  onlyKills: true,
  next: recoverDemo,
});
