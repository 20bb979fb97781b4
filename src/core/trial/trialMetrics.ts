import { message, type Message } from '../message/message.ts';

/** Name of a metric, as the JSON has it. */
export type TrialMetricId = (typeof table)[number]['id'];

/**
 * One metric, with values from 0 to 1. `by`: each `user` has a value, or the `lists` of all users have one together.
 */
export interface TrialMetric {
  readonly id: TrialMetricId;
  readonly by: 'user' | 'lists';
  readonly label: Message;
}

/** The metrics that decide a trial: quality of the lists, recall of the tail, order of the scores, and coverage. */
const mainIds: readonly TrialMetricId[] = ['slice_recall', 'ndcg', 'recall_100', 'recall_tail', 'gauc', 'coverage'];

/** The five metrics that a report shows first. With a random slice, its recall replaces recall@100. */
export function mainMetrics(metrics: readonly TrialMetric[]): readonly TrialMetric[] {
  const main = metrics.filter(({ id }) => mainIds.includes(id));
  return main.some(({ id }) => id === 'slice_recall') ? main.filter(({ id }) => id !== 'recall_100') : main;
}

/**
 * All metrics in the order of reports. Lists have 20 items unless the name says otherwise. Head, never-clicked and
 * never-trained items are measured as their share of a list. A never-trained item is in no training row of the config;
 * a never-clicked item has no positive in train. Head, middle and tail: items sorted by train positives, with a third
 * of the eval positives in each part.
 */
const table = [
  { id: 'slice_recall', by: 'user', label: message('Recall, random slice') },
  { id: 'ndcg', by: 'user', label: message('NDCG@20') },
  { id: 'recall_20', by: 'user', label: message('Recall@20') },
  { id: 'recall_100', by: 'user', label: message('Recall@100') },
  { id: 'recall_head', by: 'user', label: message('Head recall@100') },
  { id: 'recall_middle', by: 'user', label: message('Middle recall@100') },
  { id: 'recall_tail', by: 'user', label: message('Tail recall@100') },
  { id: 'mrr', by: 'user', label: message('MRR') },
  { id: 'gauc', by: 'user', label: message('GAUC, unseen exposures') },
  { id: 'coverage', by: 'lists', label: message('Coverage of lists') },
  { id: 'gini', by: 'lists', label: message('Gini of lists') },
  { id: 'head_share', by: 'user', label: message('Head share of lists') },
  { id: 'never_clicked', by: 'user', label: message('Never-clicked items') },
  { id: 'never_trained', by: 'user', label: message('Never-trained items') },
] as const satisfies readonly { readonly id: string; readonly by: TrialMetric['by']; readonly label: Message }[];
export const trialMetrics: readonly TrialMetric[] = table;
