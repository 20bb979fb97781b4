import { insertPair } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { written } from '../../../config/written.ts';
import { message, type Message } from '../../../message/message.ts';
import { weighsBack } from '../../calibration.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { percent } from '../../shares.ts';

export const without = ['      calibration: weight\n', ''] as const;

export const downsampleCalibration = defineRule({
  id: 'fine/downsample-calibration',
  kind: 'config',
  severity: 'warning',
  stages: ['fine_ranking'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const at = [...stage.path, 'negatives'];
    const downsample = stage.draft.negatives?.downsample;
    if (downsample === undefined || downsample >= 1 || document.has([...at, 'calibration']) || weighsBack(stage))
      return;
    const calibrated = (calibration: string, title: Message): TextFix => ({
      title,
      changes: insertPair(document, at, 'calibration', written(calibration, document.language), 'downsample'),
      safe: false,
    });
    yield {
      at: [...at, 'downsample'],
      message: message('Negatives are downsampled to {0}, but no calibration is configured', percent(downsample)),
      details: [message('Predicted click rates become too high. Add calibration: weight or calibration: formula.')],
      fixes: [
        calibrated('weight', message('Calibrate by weights in training')),
        calibrated('formula', message('Calibrate by the formula when serving')),
      ],
    };
  },
  docs: {
    summary: 'Negatives are downsampled, but no calibration is configured',
    why: `If only the fraction w of the negatives is kept, the click rate of the rows rises. With w = 0.1, a true rate
of 2 % looks like 17 %. The order of the items hardly changes, but as probabilities the scores are wrong. Everything
that multiplies or compares the scores is then wrong too: bids, several objectives in one formula, thresholds.

Each of two ways corrects the rate by itself. \`calibration: weight\` gives every kept negative the weight 1/w in
training. \`calibration: formula\` corrects the prediction p when serving: q = p / (p + (1 − p) / w).`,
    source: `He et al., *Practical Lessons from Predicting Clicks on Ads at Facebook* (ADKDD 2014), give the formula. It
is exact for a model that fits the downsampled rows. If the scores are only used for sorting, you can leave the
calibration out. So the severity is warning.`,
    wrong: { text: changed('fine_ranking', without), reportedAt: '0.1' },
    right: { text: changed('fine_ranking') },
  },
});
