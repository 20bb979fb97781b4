import { renameKey } from '../../../config/edits.ts';
import { message } from '../../../report/message.ts';
import { sources } from '../../../sampling/sources.ts';
import { changed } from '../../examples/example.ts';
import { problemReports } from '../../problemReports.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { suggestIn } from '../../suggestions.ts';

export const unknownKey = defineRule({
  id: 'config/unknown-key',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check(context): Iterable<Report> {
    yield* problemReports('config/unknown-key', context);
    yield* unknownSources(context);
  },
  docs: {
    summary:
      'A key that means nothing in its place, an entry of no known source, or a rule or an option that a policy does not know',
    why: `A mistyped key is not an error to most samplers: the default silently takes its place, and weeks later nobody knows why \`exponent\` had no effect.
So every key must be known where it stands; the nearest name is offered. Which options an entry may have depends on its source, and an
entry whose name is no source says \`source\`.

The same is said of a policy, in the config or in a file of its own: rules that do not exist, and options that a rule does not have.`,
    source: 'The definition of the config language and the list of rules. No number is involved.',
    wrong: { text: changed('recall', ['exponent: 0.75', 'exponnent: 0.75']), reportedAt: 'exponnent' },
    right: { text: changed('recall') },
    valid: [
      {
        text: changed('recall', [
          'policy: recommended',
          'policy: {rules: {recall/exposed-share: [warning, {max: 0.6}]}}',
        ]),
      },
    ],
    invalid: [
      { text: changed('recall', ['global_random: 0.2', 'globl_random: 0.2']), reportedAt: 'globl_random' },
      {
        text: changed('recall', [
          'same_city: {source: same_attribute, match: [city], share: 0.05}',
          'near_by: {share: 0.05}',
        ]),
        reportedAt: 'near_by',
      },
      {
        text: changed('recall', [
          'exposed_unclicked: {share: 0.3, seen: viewed',
          'exposed_unclicked: {share: 0.3, exponent: 0.5, seen: viewed',
        ]),
        reportedAt: 'exponent',
        after: 'exposed_unclicked: {share: 0.3, ',
      },
      {
        text: changed('recall', ['policy: recommended', 'policy: {rules: {recall/exposed-shares: warning}}']),
        reportedAt: 'recall/exposed-shares',
      },
      {
        text: changed('recall', [
          'policy: recommended',
          'policy: {rules: {recall/exposed-share: [warning, {maxi: 0.6}]}}',
        ]),
        reportedAt: 'maxi',
      },
    ],
  },
});

/** Entries that say no source and whose name is none. */
function* unknownSources(context: RuleContext): Iterable<Report> {
  const { stages, document } = context;
  for (const { name: stage, entries } of stages) {
    for (const { name, path, source } of entries) {
      if (source || document.has([...path, 'source'])) continue;
      const near = suggestIn(context, name, () =>
        sources.map((each) => each.name).filter((other) => !entries.some((entry) => entry.name === other)),
      );
      yield {
        at: path,
        on: 'key',
        stage,
        message:
          near === null
            ? message('{0} is no source: an entry with a name of its own says which source it draws from', name)
            : message('{0} is no source. Did you mean {1}?', name, near),
        fixes:
          near === null
            ? []
            : [{ title: message('Change to {0}', near), changes: renameKey(document, path, near), safe: false }],
      };
    }
  }
}
