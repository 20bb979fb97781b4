import type { Stage } from '../../src/core/schema/stage.ts';
import { timeText, type ActionLog } from './actionLog.ts';
import type { ConfigDraft, StageDraft } from './world.ts';

export const units = ['positive', 'request', 'impression'] as const;
export type Unit = (typeof units)[number];
const stages: Readonly<Record<Unit, Stage>> = {
  positive: 'recall',
  request: 'coarse_ranking',
  impression: 'fine_ranking',
};

/** Every source that a log without candidates supports, in shares or counts. */
const shares = {
  exposed_unclicked: 0.3,
  any_exposure: { source: 'exposed_unclicked', share: 0.05, scope: 'user' },
  popularity: { share: 0.15, exponent: 0.75 },
  by_region: { source: 'popularity', share: 0.05, count: 'click', group_by: 'region' },
  recent: { source: 'popularity', share: 0.1, as_of: 'day', window: '3d', count: 'impressions' },
  exposed_random: 0.1,
  global_random: 0.1,
  same_category: { source: 'same_attribute', share: 0.1, match: ['category'] },
  rejected: 0.05,
};
const counts = {
  exposed_unclicked: 6,
  popularity: { count: 4, exponent: 0.75 },
  recent: { source: 'popularity', count: 2, as_of: 'day', window: '3d' },
  exposed_random: 2,
  global_random: 3,
  rejected: 2,
};
const positives = { events: { click: 1, visit: 1 } };
export const batchSize = 64;
export const perPositive = 12;

const drafts: Readonly<Record<Unit, StageDraft>> = {
  positive: {
    unit: 'positive',
    positives,
    negatives: { per_positive: perPositive, mix: shares },
    training: { loss: 'sampled_softmax', logq: 'shares', in_batch: { batch_size: batchSize } },
  },
  request: {
    unit: 'request',
    positives,
    negatives: { per_request: counts },
    training: { loss: 'softmax', logq: 'shares' },
  },
  impression: { unit: 'impression', positives, negatives: { mix: { exposed_unclicked: 1 } } },
};

/** The config of a log for a unit, with a column of every side; `draft` replaces the stage. */
export function logConfig(log: ActionLog, unit: Unit, draft = drafts[unit]): ConfigDraft {
  return {
    version: 1,
    seed: log.name,
    data: log.data,
    events: log.events,
    window: { ...log.window, ...(log.knownUntil === null ? {} : { known_until: timeText(log.knownUntil) }) },
    stages: { [stages[unit]]: draft },
    output: {
      group_id: true,
      pass_through: [
        { column: 'row_no', from: 'impressions', side: 'exposure' },
        { column: 'row_no', from: 'impressions', side: 'context', as: 'group_row' },
        { column: 'device', from: 'impressions', side: 'context' },
        { column: 'device', from: 'impressions', side: 'exposure', as: 'own_device' },
        { column: 'item_rate', from: 'impressions', side: 'item' },
        { column: 'category', from: 'items' },
        { column: 'region', from: 'users' },
      ],
    },
  };
}
