import { setValue } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { withSequence } from './sequence.ts';

/** Values that a fix offers: a usual delay of a stream of events, or of a nightly batch, and none. */
const offered = { request: ['1m', '0s'], day: ['6h', '0s'] };

export const sequenceDelay = defineRule({
  id: 'config/sequence-delay',
  kind: 'config',
  severity: 'warning',
  stages: 'document',
  options: {},
  *check({ config, document }): Iterable<Report> {
    for (const [name, draft] of Object.entries(config.output?.sequences ?? {})) {
      const at = ['output', 'sequences', name];
      if (document.has([...at, 'available_after']) || draft.events === undefined || draft.length === undefined)
        continue;
      const asOf = draft.as_of ?? 'request';
      yield {
        at,
        on: 'key',
        message:
          asOf === 'day'
            ? message('{0} has no available_after: the history of a day ends at midnight, and is used at once', name)
            : message(
                '{0} has no available_after: events up to the instant before the request are in the history',
                name,
              ),
        details: [
          message('Serving sees an event seconds to hours later. The model then learns from steps that serving lacks.'),
        ],
        fixes: offered[asOf].map((delay) => ({
          title: message('Set {0}', `available_after: ${delay}`),
          changes: setValue(document, [...at, 'available_after'], delay),
          safe: false,
        })),
      };
    }
  },
  docs: {
    summary: 'A sequence has no `available_after`',
    why: `Serving does not see an event at once: it passes through a stream, a feature store or a nightly batch. So the
history that serving reads ends seconds to hours before the request. If the history in training ends at the request, the
newest steps are often those that decide the row, such as the click a second before. The model relies on them, and serving
does not have them.

\`available_after\` is the time after which serving can see an event. Measure it, and take a high quantile rather than the
mean. Write \`0s\` if serving really sees each event at once. For histories of a daily batch, use \`as_of: day\`, and write
when the batch is ready: \`available_after: 6h\`.`,
    source: `Training and serving must read the same state. Zinkevich, *Rules of Machine Learning*, calls the difference
training-serving skew (rules 29 to 37). How much it costs depends on the log.`,
    wrong: {
      text: changed('recall', withSequence('events: [click], length: 50')),
      reportedAt: 'clicks',
      after: 'sequences: {',
    },
    right: { text: changed('recall', withSequence('events: [click], length: 50, available_after: 1m')) },
  },
});
