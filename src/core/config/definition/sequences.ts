import { message } from '../../message/message.ts';
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
import { whereRows } from '../../source/where.ts';
import { passedEntry } from './passThrough.ts';

/** Longest history of a row, in steps. */
export const MAX_STEPS = 10_000;

const sequence = record({
  events: field(
    either(
      list(text('count'), { min: 1 }),
      dictionary('event', number(), message('Name: an event, or `impressions`. Value: its weight in `actions`')),
    ),
    message('Which events of the user are steps. `impressions`: every exposure'),
    { required: true, example: '[click]' },
  ),
  length: field(integer({ min: 1, max: MAX_STEPS }), message('Maximum number of steps; the newest are kept'), {
    required: true,
    example: '50',
  }),
  available_after: field(
    text('duration'),
    message('The time after which serving can see an event. Events within this time before the request are left out'),
    { fallback: '0s', example: '1m' },
  ),
  as_of: field(
    choice({
      request: message('The steps before the request'),
      day: message('The steps before the local day of the request, as in a daily batch'),
    }),
    message('When serving reads the history'),
    { fallback: 'request' },
  ),
  columns: field(list(passedEntry, { min: 1 }), message('The lists of the sequence: one per column of a step'), {
    fallback: '[item, time]',
    example: '[item, time, age, category]',
    more: message(
      '`item`, `time`, `age` (seconds before the request), `event`, `actions` (sum of the weights), `session`, and columns to copy.',
    ),
  }),
  lookback: field(
    text('duration'),
    message('Leaves out steps that are older than this at the cut-off. Default: no limit'),
    {
      example: '30d',
    },
  ),
  where: whereRows,
  without: field(list(text('event'), { min: 1 }), message('Only exposures without these events. Needs `impressions`'), {
    example: '[click]',
  }),
  session: field(
    record({
      gap: field(text('duration'), message('A pause longer than this starts a new session'), {
        required: true,
        example: '30m',
      }),
      keep: field(integer({ min: 1 }), message('Number of the newest sessions to keep. Default: all'), {
        example: '1',
      }),
    }),
    message('Divides the steps into sessions'),
    { example: '{gap: 30m}' },
  ),
  dedup: field(
    choice({
      none: message('Every step'),
      consecutive: message('The newest step of consecutive steps with one item'),
      item: message('The newest step of each item'),
    }),
    message('Which steps of an item stay'),
    { fallback: 'none' },
  ),
  newest_first: field(boolean(), message('Whether lists begin with the newest step'), { fallback: 'false' }),
});
export type SequenceDraft = TypeOf<typeof sequence>;

/** `output.sequences`. */
export const sequences = field(
  dictionary('plain', sequence, message('Name: begins the names of its columns, as in `clicks__item_id`')),
  message('What the user did before the request of a row, as lists'),
  { example: '{clicks: {events: [click], length: 50, available_after: 1m}}' },
);
