import { addCap, addThinning, positiveKey, trainedPositives } from './groups.ts';
import { withWords } from '../hash.ts';
import { requestKey, type Log } from '../inputs/log.ts';
import { addMinSteps } from '../sequences/minSteps.ts';
import { col } from '../../relation/expression.ts';
import { select } from '../../relation/relation.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Sources } from '../inputs/sources.ts';

/**
 * The positives of the training window with their `item`, after `downsample_hot`, the cap and `min_steps`, for
 * evaluation data: the trainer forms its batches from them. docs/sampling.md: log q correction.
 * @returns the name of the step
 */
export function addTrainPositives(script: Script, sources: Sources, job: SparkJob, log: Log): string {
  const { plan } = job;
  const train = { ...plan, split: 'train', positives: { ...plan.positives, ...plan.trainPositives } } as const;
  const source = sources.required('impressions');
  const rows = select(
    ['user', 'item', 't', ['request', col('request_text')], 'positive'],
    trainedPositives(train, log),
  );
  const ofRequest =
    source.hasRole('request') || log.unmatchedEvents === null ? source.textOf('request') : 'data.clicks';
  const row = ['user', 'item', 't', ...(plan.positives.minSteps ? ['request_key'] : [])];
  const kept = [...row, 'group_key', 'k0', 'k1'];
  script.section('Train positives');
  script.table(
    'train_positives',
    withWords(
      [...row, 'group_key'],
      col('group_key'),
      ['k0', 'k1'],
      select(
        [
          ...row.map((name) => (name === 'request_key' ? ([name, requestKey] as const) : name)),
          ['group_key', positiveKey(train, source, ofRequest)],
        ],
        rows,
      ),
    ),
    'The positives of the training window, with the two words of their keys.',
  );
  const thinned = addThinning(script, train, log, kept, 'train_');
  const capped = addCap(script, train, kept, thinned, 'train_');
  return addMinSteps({ script, sources, job, log }, train, kept, capped, 'train_');
}
