import { message } from '../../message/message.ts';
import { sources } from '../../source/sources.ts';
import {
  boolean,
  choice,
  dictionary,
  either,
  field,
  integer,
  list,
  number,
  record,
  text,
  type Field,
  type RecordShape,
  type Shape,
  type TypeOf,
} from '../../schema/shape.ts';
import { MAX_STEPS } from './sequences.ts';

const within = choice({
  train: message('Events of the training window. For eval, events up to `known_until`'),
  all: message('The whole log'),
});
const history = record({
  column: field(text('column'), message('The column of the impressions that holds the ids of past items'), {
    required: true,
    example: 'hist',
  }),
  separator: field(text('separator'), message('The text between two ids. Text columns need it; list columns do not.'), {
    example: '" "',
  }),
});
const excludeShape = either(
  choice({ none: message('Nothing is excluded') }),
  record({
    events: field(
      list(text('count'), { min: 1 }),
      message(
        'Items with these events of the user are never drawn. Default: the positive events. `impressions` excludes all shown items.',
      ),
      { example: '[click, long_play]' },
    ),
    within: field(within, message('Where to look for the events'), { fallback: 'train' }),
    lookback: field(
      text('duration'),
      message('Ignores events that are older than this when the group occurs. Default: no limit.'),
      { example: '30d' },
    ),
    history: field(history, message('A column of the impressions with the user’s past items. They are never drawn.'), {
      example: '{column: hist, separator: " "}',
      more: message('`lookback` does not apply, because the ids have no times.'),
    }),
  }),
);
export type Exclude = TypeOf<typeof excludeShape>;
const exclude: Field<Exclude> = field(excludeShape, message('Which items of the user are never drawn as negatives'), {
  example: '{events: [click], within: train, lookback: 30d}',
});

/** Keys that every entry has in addition to the options of its source. */
const common = {
  exclude,
  source: field(
    choice(Object.fromEntries(sources.map(({ name, doc }) => [name, doc]))),
    message('The source of the entry. Default: the name of the entry.'),
  ),
};
const share = field(number({ min: 0 }), message('Share of the negatives, from 0 to 1. The shares of a mix sum to 1.'), {
  required: true,
  example: '0.3',
});
const count = field(integer({ min: 0 }), message('Number of negatives drawn per group'), {
  required: true,
  example: '10',
});

/**
 * An entry of a mix as a map, with the options of all sources. The check knows which options belong to which source.
 */
export interface EntryOptions {
  readonly source?: string;
  readonly share?: number;
  readonly count?: number | string;
  readonly exclude?: Exclude;
  readonly [option: string]: unknown;
}

function entry(amount: Readonly<Record<string, Field>>): Shape<EntryOptions> {
  // The amount comes first, and overrides an option of the same name.
  const cases: Record<string, RecordShape> = Object.fromEntries(
    sources.map(({ name, options }) => [
      name,
      { kind: 'record', fields: { ...amount, ...options, ...common, ...amount } },
    ]),
  );
  return {
    kind: 'dependent',
    cases,
    otherwise: { kind: 'record', fields: { ...amount, source: common.source, exclude } },
  };
}

/** In counts, the key `count` is always the amount. A source that has an option named `count` then uses its default. */
const shares = dictionary(
  'source',
  either(number({ min: 0 }), entry({ share })),
  message('Name: a source, or any name with the key `source`. Value: a share, or a map.'),
);
const counts = dictionary(
  'source',
  either(integer({ min: 0 }), entry({ count })),
  message('Counts are a map like `mix`, with `count`.'),
);

export const negatives = record({
  per_positive: field(
    either(integer({ min: 0 }), counts),
    message('Negatives per positive: a number with `mix`, or counts by entry'),
    { example: '10' },
  ),
  per_request: field(
    either(integer({ min: 1 }), counts),
    message('Negatives per request: a number with `mix`, or counts by entry'),
    { example: '{exposed_unclicked: 10, coarse_filtered: 40}' },
  ),
  mix: field(shares, message('The share of each entry')),
  exclude,
  on_shortfall: field(
    choice({
      keep: message('Write fewer rows'),
      refill: message('Draw the rest from `refill_from`'),
      fail: message('Stop, and write nothing'),
    }),
    message('If an entry cannot fill its quota'),
    { fallback: 'keep' },
  ),
  refill_from: field(text('entry'), message('The entry that fills the shortfalls of the others'), {
    example: 'global_random',
  }),
  distinct: field(
    boolean(),
    message('Drops the row of an item that an earlier entry (by name) draws for the same group, too.'),
    {
      fallback: 'false',
      more: message('Dropped rows are not redrawn. Not allowed with `training.logq`.'),
    },
  ),
  downsample: field(
    number({ min: 0, max: 1, above: true }),
    message('Keeps this fraction of the negatives (unit impression)'),
    { example: '0.1' },
  ),
  calibration: field(
    choice({
      weight: message('Negatives have the weight 1 / downsample'),
      formula: message('Serving uses q = p / (p + (1 − p) / downsample)'),
    }),
    message('How the click rate is calibrated'),
  ),
});

export const stage = record({
  unit: field(
    choice({
      positive: message('One group per positive event'),
      request: message('One group per request'),
      impression: message('One row per impression; nothing is drawn'),
    }),
    message('What forms a group'),
    { required: true },
  ),
  approach: field(
    choice({
      distillation: message('It learns the scores of fine ranking'),
      cascade: message('It learns what later stages keep'),
      mixed: message('Both'),
    }),
    message('How coarse ranking is trained'),
  ),
  positives: field(
    record({
      events: field(
        dictionary(
          'event',
          number({ min: 0, above: true }),
          message('Name: an event. Value: its weight. With several events, the largest weight is used'),
        ),
        message('Which events make a positive'),
        { required: true, example: '{click: 1}' },
      ),
      downsample_hot: field(
        record({
          threshold: field(
            number({ min: 0, max: 1, above: true }),
            message('Share of the positives above which an item is downsampled'),
            { required: true, example: '1.0e-3' },
          ),
        }),
        message('Drops some positives of items with more than this share of the positives'),
      ),
      max_per_user_per_day: field(integer({ min: 1 }), message('Maximum number of positives per user and day'), {
        example: '50',
      }),
      min_steps: field(
        dictionary(
          'sequence',
          integer({ min: 1, max: MAX_STEPS }),
          message('Name: a sequence. Value: the minimum number of steps'),
        ),
        message('Leaves out training positives with a shorter history (unit positive). Evaluation data keeps them'),
        { example: '{clicks: 1}' },
      ),
    }),
    message('Definition of the positives'),
    { required: true },
  ),
  negatives: field(negatives, message('Definition of the negatives'), { required: true }),
  teacher: field(
    record({
      column: field(
        text('teacher-column'),
        message('`teacher`, `score` or `rank`. With `from: impressions`, a number column of the log'),
        { required: true, example: 'teacher' },
      ),
      from: field(
        choice({
          candidates: message('The candidates; with several channels, the largest value'),
          impressions: message('The row’s exposure in the log'),
        }),
        message('The data set that has the values'),
        { fallback: 'candidates' },
      ),
      kind: field(
        choice({
          probability: message('From 0 to 1'),
          logit: message('Before the sigmoid'),
          score: message('Only the order matters'),
        }),
        message('Meaning of the values'),
        { required: true },
      ),
      on: field(
        choice({
          exposed: message('Rows that are in the impressions; other rows have NULL'),
          all: message('All rows'),
        }),
        message('Rows on which the teacher is trusted. Default: `all`.'),
      ),
    }),
    message('Scores of a stronger model to learn from, for the units `request` and `impression`'),
  ),
  training: field(
    record({
      loss: field(
        choice({
          sampled_softmax: message('Softmax over the positive and its negatives'),
          softmax: message('Softmax over the whole list'),
          pointwise: message('Each row, such as logistic loss'),
          pairwise: message('Pairs, such as BPR'),
        }),
        message('The loss of the trainer'),
      ),
      logq: field(
        either(
          choice({
            shares: message('Each entry keeps its share of the loss'),
            corpus: message('Corrects for the whole mix; rows from lists get almost no weight'),
          }),
          boolean(),
        ),
        message('Adds the column `logq_correction`'),
        {
          fallback: 'false',
          example: 'shares',
          more: message('`true` means `corpus`.'),
        },
      ),
      in_batch: field(
        record({
          batch_size: field(integer({ min: 2 }), message('Positives per batch. Each uses the others as negatives'), {
            required: true,
            example: '1024',
          }),
          mask_same_item: field(boolean(), message('Whether to leave out positives with the same item'), {
            fallback: 'true',
          }),
          weight: field(
            number({ min: 0, max: 0.99, above: true }),
            message('In-batch share of the loss at equal scores. Needs `logq: shares`'),
            {
              example: '0.3',
              more: message('Without it, 1,023 in-batch negatives outweigh 10 drawn negatives.'),
            },
          ),
        }),
        message('In-batch negatives: made by the trainer, never in the file'),
      ),
    }),
    message('What the trainer will do with the file'),
  ),
});
export type StageDraft = TypeOf<typeof stage>;
