import { removePair } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { datasetEntry, datasetPath, datasetsOf, stageOfSamples } from '../../../data/dataColumns.ts';
import { changed } from '../../examples/example.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

export const fileMissing = defineRule({
  id: 'schema/file-missing',
  kind: 'schema',
  severity: 'error',
  stages: 'document',
  options: {},
  needs: (context) =>
    datasetNeeds(
      context,
      datasetsOf(context.config).filter((name) => stageOfSamples(name) === null),
    ),
  *check(context): Iterable<Report> {
    const { config, facts, document } = context;
    for (const name of datasetsOf(config)) {
      if (stageOfSamples(name) !== null || facts.dataset(name)?.state !== 'missing') continue;
      const { path = '' } = datasetEntry(config, name) ?? {};
      const at = [...datasetPath(name), 'path'];
      yield {
        at,
        fixes:
          name === 'items' && isReplaceableByLog(context)
            ? [
                {
                  title: message('Draw from the items of the impressions'),
                  changes: removePair(document, ['data', 'items']),
                  safe: false,
                },
              ]
            : [],
        message: /[*?[{]/.test(path)
          ? message('No file that can be read matches {0}', path)
          : message('There is no file or folder {0}', path),
      };
    }
  },
  docs: {
    summary: 'The files of an entry of `data` do not exist',
    why: `A path that matches no file stops the pipeline. Until it is corrected, the rules that check columns or rows
report nothing about this entry.

Paths are relative to the folder of the config, after RecSample has replaced \`\${vars}\` with their values. Apart from
typing errors, the usual cause is a value of \`vars\` or \`--set\` that has no partition. Finished sample files
(\`data.samples\`) need not exist, because sampling writes them.`,
    source: 'A fact about the files.',
    wrong: {
      text: changed('recall', ['../data/items.parquet', '../data/item.parquet']),
      datasets: { items: { state: 'missing' } },
      reportedAt: '../data/item.parquet',
    },
    right: { text: changed('recall') },
  },
});

/** True if the impressions can stand for the table of items: the config reads ids and times of it, and nothing else. */
function isReplaceableByLog({ config: { data, output }, stages }: Pick<RuleContext, 'config' | 'stages'>): boolean {
  const { columns = {}, where } = data?.items ?? {};
  const passed = output?.pass_through ?? [];
  const entries = stages.flatMap((stage) => stage.entries);
  return (
    where === undefined &&
    entries.every(({ options }) => options['where'] === undefined) &&
    Object.keys(columns).every((role) => ['item', 'created', 'removed'].includes(role)) &&
    passed.every((column) => typeof column === 'object' && column.from !== undefined && column.from !== 'items')
  );
}
