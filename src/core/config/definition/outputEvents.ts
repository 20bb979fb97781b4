import { message } from '../../message/message.ts';
import { boolean, either, field, list, record, text, type TypeOf } from '../../schema/shape.ts';

/** Number of events that have a bit in each of the two words of a row: see `OutcomeWords`. */
const mostOutcomes = 31;

const entry = either(
  text('event'),
  record({
    event: field(text('event'), message('A name under `events`'), { required: true, example: 'pay' }),
    mature_after: field(
      text('duration'),
      message('The label of a row is NULL if this much time after it is not known yet'),
      {
        example: '7d',
        more: message(
          'An event such as a payment may come days later. Until then, a row without it is not a negative of that event.',
        ),
      },
    ),
  }),
);
export type OutcomeEntry = TypeOf<typeof entry>;

/** `output.events`. */
export const outcomeEvents = field(
  list(entry, { min: 1, max: mostOutcomes }),
  message('Events with a column of their own, such as label_click, for models of several tasks'),
  {
    example: '[click, {event: pay, mature_after: 7d}]',
    more: message(
      'The value is 1 if the row’s own exposure or event has this event, else 0. Drawn negatives that were never shown have 0.',
    ),
  },
);

/** `output.graded`. */
export const graded = field(
  boolean(),
  message('Adds the column grade: the largest weight of the row’s events, or 0 for negatives'),
  { fallback: 'false' },
);
