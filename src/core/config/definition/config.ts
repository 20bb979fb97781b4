import { message } from '../../message/message.ts';
import { isoDayFormat } from '../../schema/dayFormat.ts';
import {
  boolean,
  choice,
  dictionary,
  either,
  field,
  integer,
  number,
  record,
  text,
  type TypeOf,
} from '../../schema/shape.ts';
import { data, sampleLayout } from './data.ts';
import { events } from './events.ts';
import { graded, outcomeEvents } from './outputEvents.ts';
import { passThrough } from './passThrough.ts';
import { policyReference } from './policy.ts';
import { sequences } from './sequences.ts';
import { stage } from './stage.ts';

/** Names of shards have five digits. */
const MAX_SHARDS = 99_999;

const period = {
  from: field(text('day'), message('First day or time'), { required: true, example: '2026-11-01' }),
  to: field(text('day'), message('Last day (the whole day), or last time'), {
    required: true,
    example: '2026-11-20',
  }),
};

/** The whole document. This is the only definition of the ratio config. */
export const ratioConfig = record({
  version: field(
    choice({ 1: message('The language version described in this documentation') }, { rule: 'config/version' }),
    message('Version of the config language'),
    { required: true },
  ),
  seed: field(
    either(text(), integer()),
    message('Any string or integer. The same seed gives the same rows in every environment.'),
    { example: 'spring-campaign' },
  ),
  epoch: field(integer({ min: 0 }), message('Another epoch draws the negatives again; the seed stays the same.'), {
    fallback: '0',
  }),
  vars: field(
    dictionary(
      'plain',
      either(text(), number(), boolean()),
      message('In the rest of the config, `${name}` is replaced by the value'),
    ),
    message('Variables. The option --set name=value overrides a value'),
    { example: '{dt: 2026-11-20}' },
  ),
  timezone: field(text('timezone'), message('Time zone of days, and of times without a time zone'), {
    fallback: 'UTC',
  }),
  data: field(data, message('The files, and the meaning of their columns'), { required: true }),
  events,
  window: field(
    record({
      train: field(record(period), message('Time window of the training data')),
      eval: field(
        record({
          ...period,
          resample: field(
            boolean(),
            message('Whether `downsample_hot`, `max_per_user_per_day` and `downsample` also apply to the eval file.'),
            { fallback: 'false' },
          ),
        }),
        message('Time window of the eval rows, after the training window'),
      ),
      known_until: field(
        text('day'),
        message(
          'For eval: the last day or time with known outcomes. Later rows are ignored. Default: the newest impression or event.',
        ),
        { example: '2026-11-23' },
      ),
    }),
    message('The days of the training and the eval rows'),
  ),
  stages: field(
    record({
      recall: field(stage, message('Recall: choose thousands of candidates from the whole corpus')),
      coarse_ranking: field(stage, message('Coarse ranking: filter the candidates that recall returned')),
      fine_ranking: field(stage, message('Fine ranking: predict the probability of the event for each exposure')),
    }),
    message('The positives and negatives of each stage'),
    { required: true },
  ),
  output: field(
    record({
      layout: sampleLayout,
      pass_through: passThrough,
      sequences,
      events: outcomeEvents,
      graded,
      order: field(
        choice({
          user: message('By user and time'),
          shuffled: message('Random order of groups'),
          shuffled_rows: message('Random order of rows; needs `layout: long`'),
        }),
        message('The order of the rows'),
        {
          fallback: 'user',
          more: message('Shuffle if the trainer does not.'),
        },
      ),
      shards: field(
        integer({ min: 1, max: MAX_SHARDS }),
        message('Number of files in the folder, each with about as many groups'),
        {
          example: '8',
          more: message('Some files may be empty.'),
        },
      ),
      partition_by: field(
        record({
          column: field(text(), message('Name of the partition column. The files do not contain it'), {
            required: true,
            example: 'dt',
          }),
          format: field(text('day-format'), message('How the names of the folders write a day'), {
            fallback: isoDayFormat,
            example: 'yyyyMMdd',
          }),
        }),
        message('Writes one folder per local day, such as dt=20261120'),
        {
          example: '{column: dt, format: yyyyMMdd}',
          more: message('A run replaces only its own days. Each day has its own order and shards.'),
        },
      ),
      group_id: field(boolean(), message('Adds the column `group_id`: an integer that all rows of a group share'), {
        fallback: 'false',
      }),
    }),
    message('Layout, order and extra columns of the sample file'),
  ),
  policy: field(policyReference, message('Which rules apply, and how strictly'), { fallback: 'recommended' }),
});

/** The valid part of a config: parts that do not fit their shape are left out, and every key may be missing. */
export type ConfigDraft = TypeOf<typeof ratioConfig>;
