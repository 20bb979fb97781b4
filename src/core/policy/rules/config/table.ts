import { removePair } from '../../../config/edits.ts';
import type { ConfigPath } from '../../../config/tree.ts';
import { declaredColumns, partsOfTable } from '../../../data/catalogTable.ts';
import { dataColumns, datasetEntry, datasetPath, datasetsOf } from '../../../data/dataColumns.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

export const users = '    path: ../data/users.parquet\n';
export const asTable = (name: string, types: string): readonly [string, string] => [
  users,
  `    table: ${name}\n    types: ${types}\n`,
];

export const table = defineRule({
  id: 'config/table',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check(context): Iterable<Report> {
    for (const dataset of datasetsOf(context.config)) {
      const entry = datasetEntry(context.config, dataset) ?? {};
      const at = datasetPath(dataset);
      if (entry.table === undefined) {
        if (entry.types !== undefined) yield unusedTypes([...at, 'types'], context);
        continue;
      }
      if (entry.path !== undefined) continue;
      // What variables stand for is not known here.
      if (!entry.table.includes('${') && partsOfTable(entry.table) === null)
        yield {
          at: [...at, 'table'],
          message: message('{0} is not the name of a table: write database.table', JSON.stringify(entry.table)),
        };
      for (const { name, type } of declaredColumns(entry))
        if (type === null)
          yield {
            at: [...at, 'types', name],
            message: message(
              '{0} is not a type of Spark: write it as DESCRIBE TABLE prints it',
              entry.types?.[name] ?? '',
            ),
          };
      if (entry.types === undefined)
        yield { at: [...at, 'table'], on: 'key', message: message('data.{0}.types is missing', dataset) };
      else
        for (const { name, path } of dataColumns(context.config, dataset))
          if (!Object.hasOwn(entry.types, name))
            yield { at: path, message: message('data.{0}.types has no column {1}', dataset, name) };
      const day = entry.partition?.column;
      if (day !== undefined && entry.types !== undefined && !Object.hasOwn(entry.types, day))
        yield {
          at: [...at, 'partition', 'column'],
          message: message('data.{0}.types has no column {1}', dataset, day),
        };
    }
  },
  docs: {
    summary: 'A Spark table lacks column types, or has a type that Spark does not know',
    why: `A table of the Spark catalog cannot be opened on this machine. So \`types\` must name the columns that the config
uses, with their types: those of \`columns\`, of events, of \`where\` and of pass-through columns. \`DESCRIBE TABLE\`
prints them. The job compares them with the table before it writes anything.

\`types\` belongs to \`table\`, because files already have types.

The name of a table is written as in Spark: \`database.table\`. A part with dots or blanks is in
backticks.`,
    source: 'What a Spark job must know before it runs. The types are those of Spark SQL.',
    wrong: {
      text: changed('recall', asTable('warehouse.users', '{user_id: bigint, region: text, activity: string}')),
      reportedAt: 'text',
      datasets: { users: { state: 'closed', reason: 'table' } },
    },
    right: {
      text: changed('recall', asTable('warehouse.users', '{user_id: bigint, region: string, activity: string}')),
      datasets: { users: { state: 'closed', reason: 'table' } },
    },
  },
});

function unusedTypes(at: ConfigPath, { document }: RuleContext): Report {
  return {
    at,
    on: 'key',
    message: message('types belongs to table: files have types of their own'),
    fixes: [{ title: message('Remove {0}', 'types'), changes: removePair(document, at), safe: false }],
  };
}
