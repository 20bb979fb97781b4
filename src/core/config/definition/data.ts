import { message } from '../../message/message.ts';
import type { SampleLayout } from '../../schema/sampleLayout.ts';
import { where, whereRows } from '../../source/where.ts';
import { choice, dictionary, either, field, list, record, text, type Shape, type TypeOf } from '../../schema/shape.ts';
import { features } from './features.ts';
import { attributes, column, item, partition, place, position, request, time, user } from './table.ts';

export const impressions = record({
  ...place,
  partition,
  columns: field(
    record({
      user,
      item,
      time: { ...time, required: true },
      request,
      position,
      viewed: column(message('True or 1 if the item came into view'), 'is_viewed'),
    }),
    message('Which column has which role'),
    { required: true },
  ),
  where: whereRows,
});
export const clicks = record({
  ...place,
  partition,
  columns: field(
    record({
      user,
      item: { ...item, required: false },
      value: column(
        message('In place of the item: what an event without an item is about, for sequences only'),
        'query',
      ),
      time,
      request,
    }),
    message('Which column has which role'),
    { required: true },
  ),
  where: whereRows,
  events: field(
    list(text('event'), { min: 1 }),
    message('Events of this table. Default: events with columns in this table, but not in the impressions.'),
    { example: '[pay]' },
  ),
  within: field(text('duration'), message('Without a request column: maximum time from the impression to the event.'), {
    fallback: '1d',
  }),
  unmatched: field(
    choice({
      exclude: message('Excludes the item'),
      positive: message('Like `exclude`, and a positive in the unit `positive`'),
      ignore: message('No effect'),
    }),
    message('Events without an impression, such as from a search'),
    { fallback: 'exclude' },
  ),
});
export type ClicksEntry = TypeOf<typeof clicks>;
export const items = record({
  ...place,
  columns: field(
    record({
      item,
      created: column(message('Time from which the item can be drawn; NULL: always'), 'created_at'),
      removed: column(message('Time until which the item can be drawn; NULL: forever'), 'removed_at'),
      attributes: attributes(message('Attributes for `match` and for pass-through columns'), '[city, category]'),
    }),
    message('Which column has which role'),
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
    message('Which column has which role'),
    { required: true },
  ),
});

const from = field(
  choice({ impressions: message('The exposure log') }),
  message('The data set that they are read from'),
  {
    required: true,
  },
);
/** Long forms of `data.items` and `data.users` left out. `readConfig` drops them, so drafts have only tables. */
const itemsOfLog: Shape<never> = {
  kind: 'record',
  fields: {
    from,
    created: field(
      choice({ first_seen: message('The time of the first request that shows the item') }),
      message('Time from which the item can be drawn'),
      { fallback: 'first_seen' },
    ),
  },
};
const usersOfLog: Shape<never> = { kind: 'record', fields: { from } };

export const candidates = record({
  ...place,
  partition,
  columns: field(
    record({
      user: { ...user, required: false },
      item,
      request: { ...request, required: true },
      time: { ...time, required: false },
      channel: column(message('The recall channel that returned it'), 'channel'),
      rank: column(message('Rank in the channel, from 1'), 'recall_rank'),
      reached: column(message('The last stage that the candidate entered: recall, coarse, fine or exposed'), 'reached'),
      score: column(message('Score of coarse ranking'), 'coarse_score'),
      teacher: column(message('Score of the teacher, for distillation'), 'fine_score'),
    }),
    message('Which column has which role'),
    { required: true },
  ),
});
export const rejections = record({
  ...place,
  partition,
  columns: field(record({ user, item, time }), message('Which column has which role'), { required: true }),
  kind: field(
    choice({
      by_owner: message('The owner rejected a user who wanted the item'),
      by_user: message('The user rejected the item, such as a dislike'),
    }),
    message('Who rejected'),
    { required: true },
  ),
});

export const sampleLayout = field(
  choice({
    long: message('One row per sample'),
    wide: message('One row per group, negatives as lists'),
    grouped: message('One row per group, all rows as lists'),
    request: message('One row per request, all its rows as lists'),
    user: message('One row per user, all its rows as lists; each sequence once'),
  } satisfies Record<SampleLayout, unknown>),
  message('How rows are laid out'),
  { fallback: 'long' },
);

const listedSequence = record({
  columns: field(
    record({
      item: column(message('Lists with the items of the steps'), 'clicked_items'),
      time: column(message('Lists with the times of the steps'), 'clicked_at'),
      event: column(message('Lists with the events of the steps'), 'clicked_events'),
    }),
    message('The columns with the lists'),
    { required: true, example: '{item: clicked_items, time: clicked_at}' },
  ),
  separator: field(
    text('separator'),
    message('The text between two steps. Text columns need it; list columns do not.'),
    { example: '","' },
  ),
});
export const sampleFile = record({
  path: place.path,
  layout: sampleLayout,
  columns: field(
    record({
      user,
      item,
      label: column(message('1 for positives, 0 for negatives'), 'label', true),
      source: column(message('The source that the row was drawn from'), 'source'),
      entry: column(message('The entry of the mix that drew the row'), 'entry'),
      positive_item: column(message('The positive of the group'), 'positive_item'),
      request,
      time,
      position,
      draw: column(message('The number of the draw within its group and entry'), 'draw'),
      log_q: column(message('Log of the probability of the draw'), 'log_q'),
      weight: column(message('Weight of the row in training'), 'weight'),
    }),
    message('Which column has which role'),
    { required: true },
  ),
  sequences: field(
    dictionary('plain', listedSequence, message('Choose a name for each sequence')),
    message('Lists with what the user did before. Needed if their names are not `<sequence>__<column>`'),
    { example: '{clicks: {columns: {item: clicked_items, time: clicked_at}}}' },
  ),
});

const samples = record({
  recall: field(sampleFile, message('The finished sample file of recall')),
  coarse_ranking: field(sampleFile, message('The finished sample file of coarse ranking')),
  fine_ranking: field(sampleFile, message('The finished sample file of fine ranking')),
});

export const data = record({
  impressions: field(impressions, message('The exposure log: one row per shown item'), { required: true }),
  clicks: field(
    either(clicks, dictionary('plain', clicks, message('Choose a name for each table'))),
    message('Events in separate files: one table, or several by name'),
    {
      more: message('Each event is matched with an impression.'),
    },
  ),
  items: field(either(items, itemsOfLog), message('The corpus: one row per item that recall can return'), {
    more: message('Default, also written `from: impressions`: the items of the log.'),
  }),
  users: field(either(users, usersOfLog), message('Users and their attributes: one row per user'), {
    more: message('Default, also written `from: impressions`: the users of the log, without attributes.'),
  }),
  features,
  candidates: field(candidates, message('The candidates of each request: one row per request, channel and item')),
  rejections: field(rejections, message('Explicit rejections: one row per user and item')),
  samples: field(
    samples,
    message('Sample files by stage. RecSample writes them by default, and the audit reads them.'),
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
/** Several tables of events: `clicks.<name>` for each of them. Tables of features: `features.<name>`. */
export type DatasetName = (typeof datasetNames)[number] | `clicks.${string}` | `features.${string}`;
