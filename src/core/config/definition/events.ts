import { message } from '../../message/message.ts';
import { choice, dictionary, either, field, list, record, text, type Shape, type TypeOf } from '../../schema/shape.ts';
import { comparison, literal } from '../../source/where.ts';

const compared = {
  column: field(text('column'), message('A column of the impressions'), { required: true }),
  op: field(comparison, message('How the column is compared'), { required: true }),
  value: field(literal, message('What the column is compared with'), { required: true }),
};
const other = {
  event: field(text('event'), message('Another event, by its name under `events`'), { required: true }),
};
const simple = either(text('column'), record(compared), record(other));

/** The compositions of conditions that have the shape `inner`. */
function compositions<T>(inner: Shape<T>) {
  const parts = list(inner, { min: 1 });
  return {
    all: {
      all: field(parts, message('Holds if every part holds'), { required: true, example: '[is_click, is_paid]' }),
    },
    any: { any: field(parts, message('Holds if a part holds'), { required: true }) },
    not: {
      not: field(inner, message('Holds if the part does not hold. If the part is unknown, so is this.'), {
        required: true,
      }),
    },
  };
}

/** A condition whose parts have the shape `inner`. */
function composed<T>(inner: Shape<T>) {
  const { all, any, not } = compositions(inner);
  return either(text('column'), record(compared), record(all), record(any), record(not), record(other));
}

const treatment = {
  unknown: field(
    choice({
      drop: message('Neither a positive nor a negative. Its item is never a negative of the user'),
      negative: message('The event did not happen: for logs that write nothing where nothing happened'),
    }),
    message('What it means if a NULL or NaN leaves open whether the event happened'),
    { fallback: 'drop' },
  ),
};

const { all, any, not } = compositions(composed(composed(simple)));
const condition = either(
  text('column'),
  record({
    column: field(
      text('column'),
      message('A column of the impressions: boolean or 0-1, or compared with op and value'),
      { required: true },
    ),
    ...treatment,
  }),
  record({ ...compared, ...treatment }),
  record({ ...all, ...treatment }),
  record({ ...any, ...treatment }),
  record({ ...not, ...treatment }),
  record({ ...other, ...treatment }),
);
/** A condition. Compositions nest three levels deep, because the JSON Schema writes out each level. */
export type EventDraft = TypeOf<typeof condition>;

/** `events`. */
export const events = field(
  dictionary(
    'plain',
    condition,
    message(
      'The name is yours. The condition is a boolean or 0-1 column, {column, op, value}, or these combined with all, any and not',
    ),
  ),
  message('Names for the actions of a user on an impression'),
  { required: true, example: '{click: is_click}' },
);
