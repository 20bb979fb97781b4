import { samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { Z95, Z99 } from '../../../statistics/normalQuantile.ts';
import { message } from '../../../message/message.ts';
import { chanceNeeds, chancesUnknown } from '../../chanceNeeds.ts';
import { noChances } from '../../examples/noChances.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { shareOption } from '../../shareOption.ts';

export const fitted = (value: number, error: number): Pick<Answers, 'chances'> => ({
  chances: {
    ...noChances,
    entries: [
      {
        name: 'popularity',
        rows: 1000,
        leftOut: 0,
        bins: [],
        exponent: { declared: 0.75, fitted: value, error, rows: 1000 },
      },
    ],
  },
});

export const exponent = defineRule({
  id: 'data/exponent',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking'],
  options: {
    max: shareOption(
      0.1,
      message(
        'The largest difference between the fitted and the configured exponent. A larger one is reported with 99 % confidence. Our choice: it changes the share of an item with a hundred times the events of another by a factor of 1.6.',
      ),
    ),
  },
  needs: (context) =>
    context.stage.entries.some(({ options }) => options.exponent !== undefined) ? chanceNeeds(context) : [],
  comparesNothing: (context) =>
    chancesUnknown(context, ({ entries }) => entries.map(({ exponent }) => exponent?.rows ?? 0)),
  *check({ facts, stage, options }): Iterable<Report> {
    const answer = facts.answer({ kind: 'chances', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    for (const { name, exponent: pool } of answer.value.entries) {
      if (pool === null) continue;
      const { declared, fitted: estimate, error, rows } = pool;
      const away = Math.abs(estimate - declared);
      if (away - Z99 * error <= options.max) continue;
      yield {
        at: samplePathKey(stage.name),
        message: message(
          '{0} draws with the exponent {1}, but the config says {2}',
          name,
          estimate.toFixed(2),
          declared,
        ),
        details: [
          message(
            '95 % interval of {0} draws, clustered by user: {1} to {2}.',
            rows,
            (estimate - Z95 * error).toFixed(2),
            (estimate + Z95 * error).toFixed(2),
          ),
        ],
      };
    }
  },
  docs: {
    summary: 'The fitted popularity exponent differs from the config',
    why: `The exponent decides how much the head dominates the negatives. A sampler that uses raw counts, or that applies the
exponent twice, changes what the model learns about popular items. The config and the mix of the file do not show it.

The rule fits the exponent to the draws by maximum likelihood, with the counts of the log. It uses only
items that the group can draw, as the audit's fitted exponent does. It reports the entry if the
fitted exponent is off by more than \`max\` with 99 % confidence, clustered by user.

A group draws without repetition, so the fit takes each draw after the earlier ones. In very small pools, a different
order of the rows changes the exponent a little. As in [data/declared-q](declared-q.md), the rule compares at most 1,000
users, and skips files that another config wrote. That rule also checks entries with exponent 0, which are uniform.`,
    source: `Maximum likelihood in an exponential family; the interval is the usual normal approximation. The limit is
our choice.`,
    wrong: {
      text: changed('recall', ['count: click, window: 7d, group_by: region', 'count: impressions, window: 30d']),
      reportedAt: '../out/recall.parquet',
      companions: ['recall/group-popularity'],
      answers: fitted(0.02, 0.04),
    },
    right: { text: changed('recall') },
  },
});
