import { message, type Message } from '../message/message.ts';

/** Names of the metrics of a trial, as the JSON has them. */
export type TrialMetricId =
  | 'slice_recall'
  | 'ndcg'
  | 'recall_20'
  | 'recall_100'
  | 'recall_head'
  | 'recall_middle'
  | 'recall_tail'
  | 'mrr'
  | 'gauc'
  | 'coverage'
  | 'gini'
  | 'head_share'
  | 'never_clicked'
  | 'never_trained';

/**
 * One metric. `by`: whether each user has a value, or only the lists of all users together. Values are from 0 to 1.
 */
export interface TrialMetric {
  readonly id: TrialMetricId;
  readonly by: 'user' | 'lists';
  readonly label: Message;
}

/** What a trial is judged by first: the quality of the lists, of the tail, of the scores, and how much they reach. */
const mainIds: readonly TrialMetricId[] = ['slice_recall', 'ndcg', 'recall_100', 'recall_tail', 'gauc', 'coverage'];

/** The five metrics that a report shows first: with a random slice, its recall takes the place of recall@100. */
export function mainMetrics(metrics: readonly TrialMetric[]): readonly TrialMetric[] {
  const main = metrics.filter(({ id }) => mainIds.includes(id));
  return main.some(({ id }) => id === 'slice_recall') ? main.filter(({ id }) => id !== 'recall_100') : main;
}

/**
 * In the order of reports. Lists have 20 items unless the name says otherwise. Head share, never-clicked and never-trained
 * items: their share of a list; a never-trained item was in no row of the config, a never-clicked one had no positive in
 * train. Thirds: items sorted by train positives;
 * head, middle and tail hold a third of the eval positives each.
 */
export const trialMetrics: readonly TrialMetric[] = [
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
];
