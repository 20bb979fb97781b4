import { message } from '../../message/message.ts';
import { comparison, literal } from '../../source/where.ts';
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
  type TypeOf,
} from '../../schema/shape.ts';
import { data } from './data.ts';
import { policyReference } from './policy.ts';
import { stage } from './stage.ts';

const period = (doc: ReturnType<typeof message>) =>
  field(
    record({
      from: field(text('day'), message('First day or time'), { required: true, example: '2026-11-01' }),
      to: field(text('day'), message('Last day, whole, or last time'), { required: true, example: '2026-11-20' }),
    }),
    doc,
  );

/** The whole document. This is the only definition of the ratio config. */
export const ratioConfig = record({
  version: field(
    choice({ 1: message('The language of this page') }, { rule: 'config/version' }),
    message('Version of the config language'),
    { required: true },
  ),
  seed: field(
    either(text(), integer()),
    message('Any text or integer; the same seed gives the same rows, everywhere.'),
    { example: 'spring-campaign' },
  ),
  epoch: field(integer({ min: 0 }), message('Another epoch redraws the negatives without touching the seed.'), {
    fallback: '0',
  }),
  vars: field(
    dictionary('plain', either(text(), number(), boolean()), message('A name: ${name} is replaced by its value below')),
    message('Values for ${name} below; overridden by --set name=value'),
    { example: '{dt: 2026-11-20}' },
  ),
  timezone: field(text('timezone'), message('Zone of times without one, and of days'), { fallback: 'UTC' }),
  data: field(data, message('The files, and what their columns are'), { required: true }),
  events: field(
    dictionary(
      'plain',
      either(
        text('column'),
        record({
          column: field(text('column'), message('A column of the impressions'), { required: true }),
          op: field(comparison, message('How the column is compared'), { required: true }),
          value: field(literal, message('What the column is compared with'), { required: true }),
        }),
      ),
      message('The name of an event, and when it holds: a boolean or 0-1 column, or {column, op, value}'),
    ),
    message('What counts as an event of an impression'),
    { required: true, example: '{click: is_click}' },
  ),
  window: field(
    record({
      train: period(message('What is trained on')),
      eval: period(message('What is evaluated on; after the training window')),
    }),
    message('Windows of time'),
  ),
  stages: field(
    record({
      recall: field(stage, message('Recall: find the few hundred items of the corpus that a user may want')),
      coarse_ranking: field(stage, message('Coarse ranking: thin out what recall returned')),
      fine_ranking: field(stage, message('Fine ranking: the probability of the event for each exposure')),
    }),
    message('How each stage is sampled'),
    { required: true },
  ),
  output: field(
    record({
      layout: field(
        choice({
          long: message('One row a sample'),
          wide: message('One row a group, its negatives as lists'),
          grouped: message('One row a group, all of its rows as lists'),
        }),
        message('How rows are laid out'),
        { fallback: 'long' },
      ),
      pass_through: field(
        list(text('pass-through')),
        message(
          'Columns that are carried to the output: attributes of the item and the user, and columns of the row’s own exposure',
        ),
        { example: '[position, city]' },
      ),
    }),
    message('The generated file'),
  ),
  policy: field(policyReference, message('Which rules hold, and how strictly'), { fallback: 'recommended' }),
});

/** The valid part of a config: parts that do not fit their shape are left out, and every key may be missing. */
export type ConfigDraft = TypeOf<typeof ratioConfig>;
