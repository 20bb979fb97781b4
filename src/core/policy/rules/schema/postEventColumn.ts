import { columnsOfEvent } from '../../../config/eventConditions.ts';
import { message } from '../../../message/message.ts';
import { setValue } from '../../../config/edits.ts';
import { passThroughEntries } from '../../../data/passThrough.ts';
import { sequencesOf } from '../../../data/sequences.ts';
import { changed } from '../../examples/example.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { passThroughPath, removePassThrough } from '../../passFixes.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

export const postEventColumn = defineRule({
  id: 'schema/post-event-column',
  kind: 'schema',
  severity: 'warning',
  stages: 'document',
  options: {
    columns: {
      kind: 'texts',
      fallback: [
        'play_time',
        'watch_time',
        'view_time',
        'dwell',
        'dwell_time',
        'stay_time',
        'play_duration',
        'watch_duration',
        'stay_duration',
        'time_spent',
      ],
      doc: message(
        'Names of columns that are known only after the event, in any file. Columns of `events` and columns that look like time spent also count.',
      ),
    },
  },
  needs: (context) =>
    ((context.config.output?.pass_through ?? []).length > 0 || context.config.output?.sequences) &&
    context.config.data?.impressions
      ? datasetNeeds(context, ['impressions'])
      : [],
  *check({ config, document, facts, options }): Iterable<Report> {
    const events = new Map(
      Object.keys(config.events ?? {})
        .reverse()
        .flatMap((event) => columnsOfEvent(event, config).map((column) => [column, event] as const)),
    );
    const impressions = facts.dataset('impressions');
    const spent =
      impressions?.state === 'known'
        ? impressions.columns.filter(({ role }) => role?.role === 'play-time').map(({ name }) => name)
        : [];
    for (const { index, keys: entry } of passThroughEntries(config)) {
      const { column: name, from = 'impressions' } = entry;
      const event = from === 'impressions' ? events.get(name) : undefined;
      const isSpent = from === 'impressions' && spent.includes(name);
      if (event === undefined && !isSpent && !options.columns.includes(name.toLowerCase())) continue;
      yield {
        at: passThroughPath({ index }),
        fixes: [removePassThrough(document, config, { index, keys: entry })],
        message:
          event === undefined
            ? message('{0} is known only after the event: as a feature, it leaks the label', name)
            : message('{0} decides the event {1}: as a feature, it leaks the label', name, event),
      };
    }
    yield* earlySteps(
      { config, document },
      (name) => spent.includes(name) || options.columns.includes(name.toLowerCase()),
    );
  },
  docs: {
    summary: 'A pass-through column, or a column of a step, is known only after the event',
    why: `When the item is ranked, it is not known how long somebody will watch it or whether somebody will click it. A
model that sees such a column in training learns nothing else. It is perfect offline and useless online. Such columns
slip in easily, because the log has them next to the features.

The steps of a sequence may have such columns: how long the user watched an earlier item is a feature. But serving knows it
only after a while, so such a sequence needs \`available_after\`.

If you want the column for analysis and it never reaches the model, suppress the finding at the column.`,
    source: `The definition of target leakage (Kaufman et al., KDD 2011, "Leakage in Data Mining": a feature must be
known at the time of prediction). The list of names contains what logs in practice call such columns, and it is an
option.`,
    wrong: {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [city, play_time]']),
      reportedAt: 'play_time',
      after: 'pass_through: [city, ',
    },
    right: { text: changed('recall') },
  },
});

/** Columns of steps that serving does not know yet, because their sequence has no delay. */
function* earlySteps(
  { config, document }: Pick<RuleContext, 'config' | 'document'>,
  isSpent: (column: string) => boolean,
): Iterable<Report> {
  for (const { name, columns, availableAfter, asOf } of sequencesOf(config)) {
    if (availableAfter > 0 || asOf === 'day') continue;
    const path = ['output', 'sequences', name];
    for (const [index, entry] of columns.entries())
      if (typeof entry !== 'string' && entry.from !== 'items' && isSpent(entry.column))
        yield {
          at: [...path, 'columns', index],
          message: message('{0} is known only after the event: without a delay, serving lacks it', entry.column),
          fixes: [
            {
              title: message('Set {0}', 'available_after: 1h'),
              changes: setValue(document, [...path, 'available_after'], '1h'),
              safe: false,
            },
          ],
        };
  }
}
