import { setValue } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { weighsBack } from '../../calibration.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const double = ['events: {click: 1}', 'events: {click: 2}'] as const;

export const eventWeight = defineRule({
  id: 'fine/event-weight',
  kind: 'config',
  severity: 'warning',
  stages: ['fine_ranking'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const calibration = stage.draft.negatives?.calibration;
    if (calibration === undefined || weighsBack(stage)) return;
    for (const [event, weight] of Object.entries(stage.draft.positives?.events ?? {})) {
      if (weight === 1) continue;
      const at = [...stage.path, 'positives', 'events', event];
      yield {
        at,
        message: message(
          'calibration: {0} restores the rate of events, but {1} has the weight {2}',
          calibration,
          event,
          weight,
        ),
        details: [
          message(
            'The model learns the rate of the weighted rows, as if each of these positives had happened {0} times. Set the weight to 1, or remove calibration if the scores only sort items.',
            weight,
          ),
        ],
        fixes: [
          { title: message('Set the weight of {0} to 1', event), changes: setValue(document, at, '1'), safe: false },
        ],
      };
    }
  },
  docs: {
    summary: 'The rate is calibrated, but an event has a weight other than 1',
    why: `\`calibration\` makes up for the negatives that \`downsample\` removes, so that the model predicts the true
rate. The weight of an event has the opposite effect: it multiplies the odds of its positives. With a weight of 5, a
true rate of 27.5 % is learned as 65.5 %. No calibration takes that back.

Keep the two apart. For a probability, give every event the weight 1. To make some positives more important, use a
weight and no calibration, and use the scores only to sort items.

The rule reports nothing if the weights equal \`downsample\`: such weights are a calibration.`,
    source: `Arithmetic: a weight w on the positives multiplies the odds p / (1 − p) by w. 27.5 % has the odds 0.379,
and five times that are 65.5 %.`,
    wrong: { text: changed('fine_ranking', double), reportedAt: '2', after: 'events: {click: ' },
    right: { text: changed('fine_ranking') },
  },
});
