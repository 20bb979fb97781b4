import { message } from '../../message/message.ts';
import { boolean, dictionary, either, field, record, text, type TypeOf } from '../../schema/shape.ts';
import { comparison, literal } from '../../source/where.ts';
import { column, item, place, request, timeUnit, user } from './table.ts';

/**
 * How the rows of a table of features say when they hold. `time`: from an event time. `snapshot`: each value of a column
 * is a complete table. `interval`: from one time until another. `static`: always.
 */
export const featureKinds = ['time', 'snapshot', 'interval', 'static'] as const;
export type FeatureKind = (typeof featureKinds)[number];

const period = field(
  text('period'),
  message('The length of the period that the column names by its start. The value holds from the end of the period.'),
  {
    example: '1h',
    more: message(
      'Default: `1d` for days, `none` for times. `none`: the value holds from the start, as in a calendar.',
    ),
  },
);
const named = field(text('column'), message('Name of the column'), { required: true });

const eventTime = either(text('column'), record({ column: named, unit: timeUnit, period }));

const deleted = either(
  text('column'),
  record({
    column: named,
    op: field(comparison, message('How the column is compared'), { required: true }),
    value: field(literal, message('What the column is compared with'), { required: true }),
  }),
);

export const featureTable = record({
  ...place,
  columns: field(
    record({
      user: { ...user, required: false },
      item: { ...item, required: false },
      request: { ...request, required: false },
      time: field(eventTime, message('The time from which the value holds'), { example: '{column: hour, period: 1h}' }),
      known: column(message('The time at which the row was written'), 'written_at'),
      valid_from: column(message('The time from which the row holds; NULL: always'), 'valid_from'),
      valid_to: column(message('The time until which the row holds; NULL: until the next row of the key'), 'valid_to'),
      deleted: field(deleted, message('True or 1 if the key has no value from the time of the row on'), {
        example: '{column: op, op: "=", value: D}',
      }),
    }),
    message(
      'Which column has which role. The key is `user`, `item` and `request`; without any, all rows share one value',
    ),
    { required: true },
  ),
  snapshot: field(
    either(text('column'), record({ column: named, period })),
    message('A column, usually of the folder names, of whose values each is a complete table at the end of that day'),
    { example: 'dt' },
  ),
  static: field(boolean(), message('One row for each key: its values do not change, or were logged when serving')),
  available_after: field(text('duration'), message('The time from when a row was written until serving can read it'), {
    fallback: '0s',
    example: '5m',
  }),
  max_age: field(text('duration'), message('Older values become NULL'), { example: '2d' }),
});
export type FeatureDraft = TypeOf<typeof featureTable>;

/** `data.features`. */
export const features = field(
  dictionary('plain', featureTable, message('Choose a name for each table')),
  message('Tables of features, of which each row gets the value that serving could read'),
  {
    example:
      '{item_stats: {path: stats/dt=*/*.parquet, columns: {item: item_id, time: {column: hour, period: 1h}}, available_after: 5m}}',
  },
);
