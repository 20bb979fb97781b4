import { recoverDemo } from '../../src/engine/demo/staging.ts';
import { faultTests } from './publishing.ts';

faultTests({
  name: 'a demo over a former one',
  args: (target, version) => ['demo', target, '--scale', 'tiny', '--seed', version],
  // The files are far more than of the others, and a failed rename is the one case that is left as it is.
  calls: ['rename', 'rmdir'],
  onlyKills: true,
  next: recoverDemo,
});
