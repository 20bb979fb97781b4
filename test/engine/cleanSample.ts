import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditSample } from '../../src/project/audit/auditJob.ts';
import { sampleRecord } from '../../src/project/audit/sampleRecord.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import { shown } from '../unit/lintCase.ts';
import { engine } from './fixture.ts';
import { lintOn } from './lintDemo.ts';
import { writeSample } from './sampledFile.ts';

const cache = new FactsCache();

/**
 * Writes the recall sample of a split and checks that neither lint nor audit finds a fault of its data.
 * @param text a config in `root` that names the file `sample` under data.samples
 */
export async function assertClean(root: string, text: string, sample: string, split: 'train' | 'eval'): Promise<void> {
  await writeSample(root, text, 'recall', sample, split, cache);
  const name = `${sample.replaceAll('/', '-')}.ratio.yaml`;
  const path = join(root, name);
  writeFileSync(path, text);
  const linted = await lintOn(text, { root, path: name, cache });
  const file = join(root, sample);
  const of = {
    config: openConfig({ path, name: path, text, language: 'yaml' as const, root }),
    stage: 'recall' as const,
    split,
  };
  const audited = await auditSample(
    { sample: file, set: {}, by: null, cache: null, of, record: sampleRecord(file) },
    { engine, cache, trusted: true },
    {},
  );
  for (const { findings } of [linted, audited])
    assert.deepEqual(
      shown(findings.filter(({ severity, rule }) => severity !== 'info' && rule.startsWith('data/'))),
      [],
    );
  assert.ok(linted.rules.some(({ rule, status }) => rule === 'data/selection-bias' && status === 'passed'));
}
