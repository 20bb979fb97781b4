import { message } from '../../message/message.ts';
import { dictionary, either, field, list, record, text, type Shape, type TypeOf } from '../../schema/shape.ts';
import { comparison, literal } from '../../source/where.ts';

const compared = record({
  column: field(text('column'), message('A column of the impressions'), { required: true }),
  op: field(comparison, message('How the column is compared'), { required: true }),
  value: field(literal, message('What the column is compared with'), { required: true }),
});
const other = record({
  event: field(text('event'), message('Another event, by its name under `events`'), { required: true }),
});
const simple = either(text('column'), compared, other);

/** A condition whose parts have the shape `inner`. */
function composed<T>(inner: Shape<T>) {
  const parts = list(inner, { min: 1 });
  return either(
    text('column'),
    compared,
    record({
      all: field(parts, message('Holds if every part holds'), { required: true, example: '[is_click, is_paid]' }),
    }),
    record({ any: field(parts, message('Holds if a part holds'), { required: true }) }),
    record({
      not: field(inner, message('Holds if the part does not hold. A NULL or NaN does not hold.'), { required: true }),
    }),
    other,
  );
}

const condition = composed(composed(composed(simple)));
/** A condition. Compositions nest three levels deep, because the JSON Schema writes out each level. */
export type EventDraft = TypeOf<typeof condition>;

/** `events`. */
export const events = field(
  dictionary(
    'plain',
    condition,
    message(
      'The name of an event, and its condition: a boolean or 0-1 column, {column, op, value}, or a composition of these with all, any and not',
    ),
  ),
  message('What counts as an event of an impression'),
  { required: true, example: '{click: is_click}' },
);
