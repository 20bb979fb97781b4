import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptReport } from '../../src/extension/trial/keptReport.ts';
import type { TrialStart } from '../../src/protocol/trial.ts';
import { madeTrial } from '../madeTrial.ts';

const asked = (seeds: number): Pick<TrialStart, 'configs' | 'options'> => ({
  configs: [],
  options: { hide: 'clicked', seeds, evalWhere: null },
});

test('a report is stale after a change, also one during its run, and a failed run does not make it fresh', () => {
  const kept = new KeptReport();
  const report = madeTrial();
  kept.begin(asked(5))(report);
  assert.equal(kept.report, report);
  assert.deepEqual([kept.isStale(asked(5)), kept.isStale(asked(6))], [false, true]);
  kept.markOutdated();
  assert.equal(kept.isStale(asked(5)), true);
  // This run never ends.
  kept.begin(asked(5));
  assert.equal(kept.isStale(asked(5)), true);
  const keep = kept.begin(asked(5));
  kept.markOutdated();
  keep(madeTrial());
  assert.equal(kept.isStale(asked(5)), true);
  kept.begin(asked(5))(report);
  assert.equal(kept.isStale(asked(5)), false);
});
