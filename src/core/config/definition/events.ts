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
      all: field(parts, message('True if every part is true'), { required: true, example: '[is_click, is_paid]' }),
    },
    any: { any: field(parts, message('True if one part is true'), { required: true }) },
    not: {
      not: field(inner, message('True if the part is false; unknown if the part is unknown.'), {
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
      drop: message('The row is neither a positive nor a negative'),
      negative: message('The event did not happen'),
    }),
    message('What a NULL or NaN means'),
    { fallback: 'drop' },
  ),
};

const { all, any, not } = compositions(composed(composed(simple)));
const condition = either(
  text('column'),
  record({
    column: field(text('column'), message('A boolean or 0-1 column, or a column to compare with `op` and `value`'), {
      required: true,
    }),
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
  dictionary('plain', condition, message('A column, a condition, or `all`, `any` or `not` of these')),
  message('Names for the actions of a user on an impression'),
  { required: true, example: '{click: is_click}' },
);
