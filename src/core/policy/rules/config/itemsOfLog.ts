import { insertPair } from '../../../config/edits.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const items =
  '  items:\n    path: ../data/items.parquet\n    columns: {item: item_id, created: created_at, removed: removed_at, attributes: [city, category]}\n    where: {status: online}\n';
export const sameCity = '        same_city: {source: same_attribute, match: [city], share: 0.05}\n';

export const itemsOfLog = defineRule({
  id: 'config/items-of-log',
  kind: 'config',
  severity: 'info',
  stages: 'document',
  options: {},
  *check({ config, stages, document }): Iterable<Report> {
    if (document.has(['data', 'items']) || config.data?.impressions === undefined) return;
    // One finding for a config: one table is the remedy for all of its entries.
    for (const stage of stages)
      for (const { path, source } of stage.entries) {
        if (!source?.inputs.some(({ dataset, columns }) => dataset === 'items' && !columns.includes('attributes')))
          continue;
        yield {
          at: path,
          on: 'key',
          stage: stage.name,
          message: message('Without data.items, the corpus is the items of the impressions'),
          details: [
            message(
              'Each item is drawn from the first request that shows it. Items that were never shown are never negatives. If you have a table of items, name it in data.items.',
            ),
          ],
          fixes: [
            {
              title: message('Write {0}', 'items: {from: impressions, created: first_seen}'),
              changes: insertPair(
                document,
                ['data'],
                'items',
                written({ from: 'impressions', created: 'first_seen' }, document.language),
                'impressions',
              ),
              safe: false,
            },
          ],
        };
        return;
      }
  },
  docs: {
    summary: 'There is no table of items, so negatives are drawn from the items of the impressions',
    why: `\`global_random\` and \`popularity\` draw from the corpus. Without \`data.items\`, the corpus is every item of
\`data.impressions\`. An item can be drawn from the time of the first request that shows it, so that early rows do not
learn which items appear later.

This costs something:

- Cold items, which were never shown, are never negatives. The model may recommend them to everyone.
- At the beginning of the log, the corpus is small: most items have not been shown yet. Let \`window.train\` begin some
  days after the log.
- Items that were removed stay in the corpus.

A table with one row per item solves all three:

\`\`\`yaml
items: { path: items.parquet, columns: { item: item_id, created: created_at, removed: removed_at } }
\`\`\`

If there is no such table, write the long form. It draws the same rows, and the finding ends:

\`\`\`yaml
items: { from: impressions, created: first_seen }
\`\`\``,
    source: `This follows from which items the log contains. Many logs come without a table of
items, and such a sample is useful, so the severity is info.`,
    wrong: {
      text: changed(
        'recall',
        [items, ''],
        [sameCity, ''],
        [', pass_through: [city, category]', ''],
        ['share: 0.4, exponent', 'share: 0.45, exponent'],
      ),
      reportedAt: 'popularity',
    },
    right: { text: changed('recall') },
  },
});
