import { message } from '../../message/message.ts';
import { boolean, either, field, list, record, text, type TypeOf } from '../../schema/shape.ts';

/** Number of events that have a bit in each of the two words of a row: see `OutcomeWords`. */
const MAX_OUTCOMES = 31;

const entry = either(
  text('event'),
  record({
    event: field(text('event'), message('A name under `events`'), { required: true, example: 'pay' }),
    mature_after: field(text('duration'), message('The label is NULL until this much time has passed after the row'), {
      example: '7d',
      more: message('For late events, such as payments.'),
    }),
  }),
);
export type OutcomeEntry = TypeOf<typeof entry>;

/** `output.events`. */
export const outcomeEvents = field(
  list(entry, { min: 1, max: MAX_OUTCOMES }),
  message('Adds a label column per event, such as `label_click`, for multi-task models'),
  {
    example: '[click, {event: pay, mature_after: 7d}]',
    more: message('1 if the row’s exposure has the event, else 0.'),
  },
);

/** `output.graded`. */
export const graded = field(
  boolean(),
  message('Adds the column `grade`: the largest weight of the row’s events, or 0 for negatives'),
  { fallback: 'false' },
);
