import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { recoverUnfinished } from '../../src/engine/files/unfinished.ts';
import { faultTests } from './publishing.ts';

faultTests({
  name: 'a config that lint --fix writes',
  prepare: (target, demo) => {
    const text = readFileSync(path.join(demo, 'configs/recall.ratio.yaml'), 'utf8');
    // A variable that the YAML library reads as a map; quoting it is a safe fix.
    writeFileSync(
      path.join(target, 'c.ratio.yaml'),
      `vars: {exposed: 0.3}\n${text.replace('exposed_unclicked: {share: 0.3,', 'exposed_unclicked: {share: ${exposed},')}`,
    );
  },
  args: (target) => ['lint', path.join(target, 'c.ratio.yaml'), '--facts', 'none', '--fix'],
  next: recoverUnfinished,
});
