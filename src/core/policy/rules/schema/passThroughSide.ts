import type { ConfigDraft } from '../../../config/definition/config.ts';
import { setValue } from '../../../config/edits.ts';
import type { StageView } from '../../../config/entries.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { columnNamed } from '../../../data/columnKinds.ts';
import { dataColumns } from '../../../data/dataColumns.ts';
import { changed } from '../../examples/example.ts';
import { files, impressionColumns } from '../../examples/files.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { defineRule, type Report } from '../../rule.ts';

export const passThroughSide = defineRule({
  id: 'schema/pass-through-side',
  kind: 'schema',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) =>
    entriesWithoutExposure(context.stage).length > 0 && possible(context.config).length > 0
      ? datasetNeeds(context, ['impressions'])
      : [],
  *check({ config, document, facts, stage }): Iterable<Report> {
    const impressions = facts.dataset('impressions');
    const entries = entriesWithoutExposure(stage);
    if (impressions?.state !== 'known' || entries.length === 0) return;
    const passed = config.output?.pass_through ?? [];
    const columns = possible(config);
    for (const [k, name] of passed.entries()) {
      if (!columns.includes(name) || columnNamed(impressions, name) === undefined) continue;
      const changes = setValue(
        document,
        ['output', 'pass_through'],
        written(
          passed.filter((_, other) => other !== k),
          document.language,
        ),
      );
      yield {
        at: ['output', 'pass_through', k],
        fixes: [{ title: message('Remove column {0}', name), changes, safe: false }],
        message: message('{0} is NULL in negatives of {1}', name, entries.join(', ')),
        details: [
          message('{0} is a column of the exposure log, and these negatives have no exposure of their own.', name),
          message('To get a value of the item or the user, pass through a column of data.items or data.users.'),
        ],
      };
    }
  },
  docs: {
    summary: 'A column of the exposure log is passed through, but drawn negatives have no value for it',
    why: `A row of the log describes one exposure: this user, this item, this moment. A positive has its own exposure,
and so does a negative of \`exposed_unclicked\`. Every other negative was drawn and not shown in this way. The log has
no value for it, so the column is NULL.

The value of the positive is no substitute. With it, a model learns the features of one item under the name of another.
If the column is NULL exactly for some sources, it can also leak the label: a model may learn that NULL means negative.
Use the column for analysis only, or remove it.

Pass attributes of the item through from \`data.items\`, and attributes of the user from \`data.users\`. They are known
for every row. The rule does not report columns with a role (such as \`position\`) and columns of \`events\`: everybody
expects them to belong to the exposure.`,
    source: `How \`output.pass_through\` is defined; no number is involved.`,
    wrong: {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [city, dt]']),
      reportedAt: 'dt',
      after: 'pass_through: [city, ',
    },
    right: { text: changed('recall') },
    valid: [
      {
        text: changed('recall', [
          'pass_through: [city, category]',
          'pass_through: [region, position, is_click, play_time]',
        ]),
      },
      { text: changed('fine_ranking', ['pass_through: [position, city]', 'pass_through: [dt]']) },
      {
        text: changed(
          'coarse_ranking',
          ['pass_through: [city]', 'pass_through: [dt]'],
          [
            '{exposed_unclicked: 10, ranked_unexposed: 10, coarse_filtered: {count: 40, by: channel}}',
            '{exposed_unclicked: 10, ranked_unexposed: 0}',
          ],
        ),
      },
      // An attribute of the items comes from data.items, even if the log has the same column.
      { text: changed('recall'), datasets: { impressions: files(`${impressionColumns} city:string`) } },
    ],
    invalid: [
      {
        text: changed('recall', ['pass_through: [city, category]', 'pass_through: [device]']),
        reportedAt: 'device',
        datasets: { impressions: files(`${impressionColumns} device:string`) },
      },
      {
        text: changed('coarse_ranking', ['pass_through: [city]', 'pass_through: [dt]']),
        reportedAt: 'dt',
        after: 'pass_through: [',
      },
    ],
  },
});

/** Entries of a stage whose negatives are not exposures; empty for the unit impression. */
function entriesWithoutExposure({ unit, entries }: StageView): string[] {
  if (unit === 'impression') return [];
  return entries
    .filter(
      ({ source, share, quota }) =>
        source !== undefined && source.name !== 'exposed_unclicked' && (share ?? quota ?? 1) > 0,
    )
    .map(({ name }) => name);
}

/** Passed-through columns that may belong to the log: not attributes, roles or columns of events. */
function possible(config: ConfigDraft): string[] {
  const attributes = (['items', 'users'] as const).flatMap((dataset) =>
    dataColumns(config, dataset).filter(({ role }) => role === 'attributes'),
  );
  const events = Object.values(config.events ?? {}).map((event) => (typeof event === 'string' ? event : event.column));
  const known = new Set([...[...attributes, ...dataColumns(config, 'impressions')].map(({ name }) => name), ...events]);
  return (config.output?.pass_through ?? []).filter((name) => !known.has(name));
}
