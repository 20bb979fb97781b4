import { dataTables, isFeatureTable, passedSides, type PassedTable } from '../config/definition/passThrough.ts';
import {
  count,
  defined,
  described,
  dictionary,
  nullable,
  oneOf,
  optional,
  record,
  scalar,
  text,
  type RecordOf,
  type ValueOf,
} from '../json/codec.ts';
import { message } from '../message/message.ts';
import type { ItemFacts } from '../sampling/answers.ts';
import type { CopiedFrom } from '../sampling/compareColumns.ts';
import type { PairDraw, PreviewRow } from '../sampling/drawn.ts';
import { rowOrders } from '../sampling/placement.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { stages } from '../schema/stage.ts';
import { sources } from '../source/sources.ts';

export const source = defined('source', oneOf(...sources.map(({ name }): string => name)));
export const id = defined('id', described(text, 'Exact text of an id.'));
export const time = defined(
  'time',
  described(
    scalar({ type: 'string', format: 'date-time' }, (json) => json.text()),
    'ISO 8601 in UTC, microseconds.',
  ),
);
export const amount = scalar({ type: 'number', minimum: 0 }, (json) => json.number());
const belowZero = scalar({ type: 'number', maximum: 0 }, (json) => json.number());
export const log = defined('log', described(nullable(belowZero), 'Natural logarithm; null without one.'));
export const itemPercentile = described(
  nullable(scalar({ type: 'number', minimum: 0, maximum: 100 }, (json) => json.number())),
  'Share of the corpus that is at most as hot; null for items that it does not know or that have no events.',
);
export const batchOrder = described(
  oneOf(...rowOrders),
  'output.order of the config: the batches are those of a file in this order.',
);
export const label = oneOf(0, 1);
export const outcomeLabels = described(
  dictionary(nullable(label)),
  'Labels of output.events by event, null if they are not known yet; only if the config has them.',
);
export const leftOut = described(
  record({ groups: count, time, sequence: text, steps: count, required: count }),
  'Groups that min_steps leaves out, and the history of the first.',
);
export const logqMode = oneOf('corpus', 'shares');

/** The stage, the split and the seed of drawn rows. */
export const drawn = {
  stage: defined('stage', oneOf(...stages)),
  split: oneOf('train', 'eval'),
  seed: text,
  epoch: count,
};

/** The table of a draw whose weights count events up to a day. */
export const countedTable = {
  before: described(text, 'First day or time that is not counted, in the time zone of the config.'),
  value: described(nullable(text), 'Values of group_by of the counted users; null for all users.'),
};
export const table = described(
  record(countedTable),
  'Draws of popularity with as_of: day: which events the weights count.',
);

const passedTable = scalar<PassedTable>(
  { type: 'string', pattern: `^(${dataTables.join('|')}|features\\..*)$` },
  (json) => {
    const name = json.text();
    const isKnown = isFeatureTable(name) || dataTables.some((table) => table === name);
    return json.must(name as PassedTable, isKnown, message('a data set with columns to copy'));
  },
);

/** Where the values of a copied column come from. */
export const copiedFrom = {
  column: described(text, 'Name in the data set.'),
  from: described(passedTable, 'The data set.'),
  side: described(oneOf(...passedSides), 'Whose value it is.'),
  maxAgeSeconds: optional(
    described(
      scalar({ type: 'number', exclusiveMinimum: 0 }, (json) => json.number()),
      'Older values are null; only if max_age is configured.',
    ),
  ),
};
export const copiedColumn = { name: described(text, 'Name in the file.'), ...copiedFrom };

/** The values of `copiedFrom`. */
export function copiedFromOf({ column, from, side, maxAge }: CopiedFrom): RecordOf<typeof copiedFrom> {
  return { column, from, side, maxAgeSeconds: maxAge === null ? undefined : maxAge / 1e6 };
}

/** The values of `outcomeLabels`. */
export function labelsOf(
  { outcomes: plan }: StagePlan,
  outcomes: PreviewRow['outcomes'],
): ValueOf<typeof outcomeLabels> | undefined {
  return plan && outcomes && Object.fromEntries(plan.events.map(({ name }, k) => [name, outcomes[k] ?? null]));
}

/** The values of `drawn`. */
export function drawnOf({ stage, split, seed, epoch }: StagePlan): RecordOf<typeof drawn> {
  return { stage, split, seed, epoch };
}

/** The value of `table`. */
export function tableOf({ before, pool = null }: Pick<PairDraw, 'before' | 'pool'>): ValueOf<typeof table> | undefined {
  return before === undefined ? undefined : { before, value: pool };
}

/** The value of `itemPercentile`. */
export function percentileOf(percentile: ItemFacts['percentile'] | undefined): number | null {
  return typeof percentile === 'number' ? percentile : null;
}
