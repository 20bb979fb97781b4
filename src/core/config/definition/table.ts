import { message, type Message } from '../../message/message.ts';
import { choice, dictionary, either, field, list, record, text, type Field, type TypeOf } from '../../schema/shape.ts';

export const timeUnit = field(
  choice({ s: message('Seconds'), ms: message('Milliseconds'), us: message('Microseconds') }),
  message('Unit of a time that is stored as a number: Unix time, since 1970 UTC'),
);

/** A column, optionally with the unit of a time or the type of an id if the file does not declare it. */
const columnShape = either(
  text('column'),
  record({
    column: field(text('column'), message('Name of the column'), { required: true }),
    unit: timeUnit,
    type: field(
      choice({ int64: message('A 64-bit integer'), string: message('A string') }),
      message('Type of an id. Without it, ids in CSV and JSONL are strings.'),
    ),
  }),
);
export type ColumnChoice = TypeOf<typeof columnShape>;

export const column = (doc: Message, example: string, required = false): Field<ColumnChoice> =>
  field(columnShape, doc, { example, required });
export const attributes = (doc: Message, example: string): Field<readonly string[]> =>
  field(list(text('column')), doc, { example });

/** Where the rows of a data set are. */
export const place = {
  path: field(
    text('path'),
    message(
      'A file, a folder or a glob, relative to this config. A folder name such as dt=2026-11-20 becomes a column.',
    ),
    { example: 'data/impressions/dt=*/*.parquet' },
  ),
  table: field(text(), message('A table of the Spark catalog instead of a path. Only the Spark job can read it.'), {
    example: 'warehouse.impressions',
  }),
  types: field(
    dictionary('plain', text(), message('Name: a column. Value: its type')),
    message('Column types of `table`, as printed by DESCRIBE TABLE. The job stops if they differ'),
    { example: '{user_id: bigint, item_id: bigint, ts: timestamp, is_click: int}' },
  ),
};

export const partition = field(
  record({
    column: field(text('column'), message('A column of the folder names, whose values are days such as 2026-03-14'), {
      required: true,
      example: 'dt',
    }),
    day_of: field(
      choice({ time: message('The column `time`') }),
      message('The time whose local day is the value of the folder'),
      { required: true },
    ),
  }),
  message('Each folder has the rows of one day, so sampling can skip folders'),
  {
    example: '{column: dt, day_of: time}',
    more: message('A row more than a day off is an error.'),
  },
);

export const user = column(message('Id of the user'), 'user_id', true);
export const item = column(message('Id of the item'), 'item_id', true);
export const time = column(message('A time column, an ISO 8601 string, or {column, unit} for numbers'), 'ts');
export const request = column(message('Id of the request'), 'request_id');
export const position = column(message('Position within the request, from 1'), 'position');
