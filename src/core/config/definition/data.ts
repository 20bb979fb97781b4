import { message, type Message } from '../../message/message.ts';
import { where } from '../../source/where.ts';
import { choice, either, field, list, record, text, type Field, type TypeOf } from '../../schema/shape.ts';

/** A column, optionally with the unit of a time or the type of an id if the file does not declare it. */
const columnShape = either(
  text('column'),
  record({
    column: field(text('column'), message('Name of the column'), { required: true }),
    unit: field(
      choice({ s: message('Seconds'), ms: message('Milliseconds'), us: message('Microseconds') }),
      message('Unit of a time that is stored as an integer, since 1970 UTC'),
    ),
    type: field(
      choice({ int64: message('A 64-bit integer'), string: message('A text') }),
      message('Type of an id. In CSV and JSONL, ids are strings without it.'),
    ),
  }),
);
export type ColumnChoice = TypeOf<typeof columnShape>;

const column = (doc: Message, example: string, required = false): Field<ColumnChoice> =>
  field(columnShape, doc, { example, required });
const attributes = (doc: Message, example: string): Field<readonly string[]> =>
  field(list(text('column')), doc, { example });

const place = {
  path: field(
    text('path'),
    message(
      'A file, a folder or a glob, relative to this config; folders with names such as dt=2026-11-20 are partitions.',
    ),
    { example: 'data/impressions/dt=*/*.parquet' },
  ),
  table: field(text(), message('An existing Spark table instead of a path; only the Spark job can read it.'), {
    example: 'warehouse.impressions',
  }),
};

const user = column(message('Id of the user'), 'user_id', true);
const item = column(message('Id of the item'), 'item_id', true);
const time = column(message('When it happened: a time, ISO 8601 text, or {column, unit} for integers'), 'ts');
const request = column(message('Id of the request that showed it'), 'request_id');
const position = column(message('Position within the request, from 1'), 'position');

export const impressions = record({
  ...place,
  columns: field(
    record({
      user,
      item,
      time: { ...time, required: true },
      request,
      position,
      viewed: column(message('Whether it came into view: boolean, or 0 and 1'), 'is_viewed'),
    }),
    message('Which column is what'),
    { required: true },
  ),
  where,
});
export const clicks = record({
  ...place,
  columns: field(record({ user, item, time, request }), message('Which column is what'), { required: true }),
});
export const items = record({
  ...place,
  columns: field(
    record({
      item,
      created: column(message('From when the item can be drawn; NULL: always'), 'created_at'),
      removed: column(message('Until when the item can be drawn; NULL: for ever'), 'removed_at'),
      attributes: attributes(message('Attributes for `match` and for pass-through columns'), '[city, category]'),
    }),
    message('Which column is what'),
    { required: true },
  ),
  where,
});
export const users = record({
  ...place,
  columns: field(
    record({
      user,
      attributes: attributes(message('Attributes for `group_by` and for pass-through columns'), '[region, activity]'),
    }),
    message('Which column is what'),
    { required: true },
  ),
});
export const candidates = record({
  ...place,
  columns: field(
    record({
      user: { ...user, required: false },
      item,
      request: { ...request, required: true },
      time: { ...time, required: false },
      channel: column(message('The recall channel that returned it'), 'channel'),
      rank: column(message('Rank in the channel, from 1'), 'recall_rank'),
      reached: column(message('The last stage that it entered: recall, coarse, fine or exposed'), 'reached'),
      score: column(message('Score of coarse ranking'), 'coarse_score'),
      teacher: column(message('Score of the teacher, for distillation'), 'fine_score'),
    }),
    message('Which column is what'),
    { required: true },
  ),
});
export const rejections = record({
  ...place,
  columns: field(record({ user, item, time }), message('Which column is what'), { required: true }),
  kind: field(
    choice({
      by_owner: message('The other side refused a user who wanted the item'),
      by_user: message('The user said no: dislike, not interested'),
    }),
    message('Who said no'),
    { required: true },
  ),
});

export const sampleFile = record({
  path: place.path,
  layout: field(
    choice({
      long: message('One row a sample'),
      wide: message('One row a group, its negatives as lists'),
      grouped: message('One row a group, all of its rows as lists'),
    }),
    message('How rows are laid out'),
    { fallback: 'long' },
  ),
  columns: field(
    record({
      user,
      item,
      label: column(message('1 for positives, 0 for negatives'), 'label', true),
      source: column(message('The source that the row was drawn from'), 'source'),
      entry: column(message('The entry of the mix that the row was drawn by'), 'entry'),
      positive_item: column(message('The positive of the group'), 'positive_item'),
      request,
      time,
      position,
      draw: column(message('The number of the draw within its group and entry'), 'draw'),
      log_q: column(message('Log of the probability of the draw'), 'log_q'),
      weight: column(message('Weight of the row in training'), 'weight'),
    }),
    message('Which column is what'),
    { required: true },
  ),
});

const samples = record({
  recall: field(sampleFile, message('The finished sample file of recall')),
  coarse_ranking: field(sampleFile, message('The finished sample file of coarse ranking')),
  fine_ranking: field(sampleFile, message('The finished sample file of fine ranking')),
});

export const data = record({
  impressions: field(impressions, message('The exposure log: one row per shown item'), { required: true }),
  clicks: field(clicks, message('Events in a separate file, joined by user, request and item, else by user and item')),
  items: field(items, message('The corpus: one row per item that recall can return')),
  users: field(users, message('Users and their attributes: one row per user')),
  candidates: field(
    candidates,
    message('What each request’s funnel held: one row per request, channel and item that recall returned'),
  ),
  rejections: field(rejections, message('Explicit refusals: one row per user and item')),
  samples: field(
    samples,
    message(
      'Finished sample files by stage, for the audit; the default output of generating. They need not exist before.',
    ),
  ),
});

/** Entries of `data` that name files, and `samples.<stage>`. */
export const datasetNames = [
  'impressions',
  'clicks',
  'items',
  'users',
  'candidates',
  'rejections',
  'samples.recall',
  'samples.coarse_ranking',
  'samples.fine_ranking',
] as const;
export type DatasetName = (typeof datasetNames)[number];
