import { partsOfEvent } from '../../../config/eventConditions.ts';
import type { DatasetName } from '../../../config/definition/data.ts';
import type { ConfigDocument } from '../../../config/document.ts';
import { renameKey, setValue } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import type { ConfigPath } from '../../../config/tree.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { unreadableMessage } from '../../../table/type.ts';
import { negativeName } from '../../../data/columnOwner.ts';
import { dataColumn, dataColumns, datasetEntry, datasetPath, declaredSequences } from '../../../data/dataColumns.ts';
import { tablesOfEvent } from '../../../data/eventTables.ts';
import { passThroughEntries } from '../../../data/passThrough.ts';
import { sequencesOf, tablesOfSteps } from '../../../data/sequences.ts';
import { changed } from '../../examples/example.ts';
import { knownDatasets, datasetNeeds } from '../../datasetNeeds.ts';
import { historiesIn } from '../../histories.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { suggestIn } from '../../suggestions.ts';

/** A column that a config names, and the files that should have it. */
interface ConfigColumn {
  readonly name: string;
  readonly path: ConfigPath;
  readonly on: 'key' | 'value';
  readonly datasets: readonly DatasetName[];
  /** What the column is for, if that is one thing. */
  readonly role?: string;
}

export const columnMissing = defineRule({
  id: 'schema/column-missing',
  kind: 'schema',
  severity: 'error',
  stages: 'document',
  options: {},
  needs: (context) => datasetNeeds(context),
  *check(context): Iterable<Report> {
    const files = new Map(knownDatasets(context));
    const unreadable = new Map(
      [...files].map(([dataset, { columns }]) => [
        dataset,
        new Map(
          columns.flatMap((column) => {
            const text = unreadableMessage(column);
            return text ? [[column.name, text] as const] : [];
          }),
        ),
      ]),
    );
    const columnsByDatasets = new Map<string, ReadonlySet<string> | null>();
    /** Names of the columns of all these data sets; null if a data set is unknown. */
    const sharedColumns = (datasets: readonly DatasetName[]): ReadonlySet<string> | null => {
      const key = datasets.join();
      if (!columnsByDatasets.has(key)) {
        const facts = datasets.map((dataset) => files.get(dataset));
        columnsByDatasets.set(
          key,
          facts.includes(undefined)
            ? null
            : new Set([
                ...facts.flatMap((file) => file?.columns.map(({ name }) => name) ?? []),
                ...datasets.flatMap((dataset) => wideNames(context, dataset)),
              ]),
        );
      }
      return columnsByDatasets.get(key) ?? null;
    };
    for (const configColumn of namedColumns(context)) {
      const { name, path, on, datasets } = configColumn;
      const columns = sharedColumns(datasets);
      const refused = datasets.flatMap((dataset) => unreadable.get(dataset)?.get(name) ?? [])[0];
      if (refused) yield { at: path, on, message: refused };
      // A data set that was not read may have the column.
      if (columns === null || columns.has(name) || datasets.length === 0) continue;
      const near = suggestIn(context, name, () => [...columns]);
      yield {
        at: path,
        on,
        fixes: (near === null ? likelyColumns(context, configColumn) : [near]).map((column) =>
          fixOf(context.document, path, on, column),
        ),
        ...missingReport(
          name,
          datasets.map((dataset) => `data.${dataset}`),
          near,
        ),
      };
    }
  },
  docs: {
    summary: 'The config names a column that its files do not have',
    why: `A missing column often shows only after an hour, or never. A reader that fills missing columns with NULL makes
every exposure an unclicked one.

The rule checks the columns of every entry of \`data\`, of \`events\`, of \`where\`, of \`exclude.history\`, and of
\`output.pass_through\`. Letter case matters: Spark may not distinguish \`Ts\` and \`ts\`, but other readers do. The
finding suggests the nearest column of the files. A column that RecSample cannot read exactly, such as a decimal of more
than 38 digits, is an error too.

In a sample file of the layout \`wide\`, \`item: item_id\` names the column of the positive and the list
\`negative_item_id\`. There is no column for the label.`,
    source: 'A fact about the files.',
    wrong: {
      text: changed('recall', ['position: position, viewed', 'position: postion, viewed']),
      reportedAt: 'postion',
    },
    right: { text: changed('recall') },
  },
});

/** Names of the lists of negatives in a sample file of the layout wide, and the label, which follows from it. */
function wideNames({ config, facts }: Pick<RuleContext, 'config' | 'facts'>, dataset: DatasetName): string[] {
  const file = facts.dataset(dataset);
  if (datasetEntry(config, dataset)?.layout !== 'wide' || file?.state !== 'known') return [];
  const prefix = negativeName('');
  const label = dataColumn(config, dataset, 'label');
  return [
    ...file.columns.flatMap(({ name }) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])),
    ...(label ? [label.name] : []),
  ];
}

function* namedColumns({
  config,
  facts,
  stages,
}: Pick<RuleContext, 'config' | 'facts' | 'stages'>): Iterable<ConfigColumn> {
  const datasets = knownDatasets({ config, facts }).map(([name]) => name);
  for (const dataset of datasets) {
    const lists = declaredSequences(config, dataset).flatMap(({ columns }) => columns);
    for (const { name, path } of lists) yield { name, path, on: 'value', datasets: [dataset] };
    for (const { name, path, role } of dataColumns(config, dataset))
      yield { name, path, on: 'value', datasets: [dataset], role };
    for (const name of Object.keys(datasetEntry(config, dataset)?.where ?? {}))
      yield { name, path: [...datasetPath(dataset), 'where', name], on: 'key', datasets: [dataset] };
  }
  for (const event of Object.keys(config.events ?? {})) {
    const datasets = tablesOfEvent(event, config);
    for (const { kind, name, path } of partsOfEvent(event, config))
      if (kind === 'column') yield { name, path, on: 'value', datasets, role: 'label' };
  }
  for (const { options, path } of stages.flatMap(({ entries }) => entries)) {
    const where =
      typeof options['where'] === 'object' && options['where'] !== null ? Object.keys(options['where']) : [];
    for (const name of where) yield { name, path: [...path, 'where', name], on: 'key', datasets: ['items'] };
  }
  for (const { history, path } of historiesIn(stages))
    if (history.column !== undefined)
      yield { name: history.column, path: [...path, 'column'], on: 'value', datasets: ['impressions'] };
  for (const sequence of sequencesOf(config))
    for (const name of Object.keys(sequence.where))
      yield {
        name,
        path: ['output', 'sequences', sequence.name, 'where', name],
        on: 'key',
        datasets: tablesOfSteps(sequence, config),
      };
  yield* passedThrough({ config });
}

/** A passed-through column belongs to one of the inputs, by its own name or by the name of its role. */
function* passedThrough({ config }: Pick<RuleContext, 'config'>): Iterable<ConfigColumn> {
  const inputs = (['impressions', 'items', 'users', 'candidates'] as const).filter((name) =>
    datasetEntry(config, name),
  );
  const roles = new Set<string>(inputs.flatMap((name) => Object.keys(datasetEntry(config, name)?.columns ?? {})));
  for (const { index, keys: entry } of passThroughEntries(config)) {
    const { column: name, from } = entry;
    const path = ['output', 'pass_through', index];
    if (typeof config.output?.pass_through?.[index] === 'string') {
      if (!roles.has(name)) yield { name, path, on: 'value', datasets: inputs };
    } else {
      const datasets = from === undefined ? inputs : inputs.filter((input) => input === from);
      // A missing data set is reported for the whole entry.
      if (datasets.length > 0) yield { name, path: [...path, 'column'], on: 'value', datasets };
    }
  }
}

/** The message for a missing column: of one data set, or of several that may have it. */
function missingReport(
  name: string,
  datasets: readonly string[],
  near: string | null,
): Pick<Report, 'message' | 'details'> {
  const [first = ''] = datasets;
  if (datasets.length === 1)
    return {
      message:
        near === null
          ? message('The files of {0} have no column {1}', first, name)
          : message('The files of {0} have no column {1}. Did you mean {2}?', first, name, near),
    };
  return {
    message:
      near === null
        ? message('No file has a column {0}', name)
        : message('No file has a column {0}. Did you mean {1}?', name, near),
    details: [message('Searched in: {0}.', datasets.join(', '))],
  };
}

/** Columns that look like the role and that the config does not use. */
function likelyColumns(
  { config, facts }: Pick<RuleContext, 'config' | 'facts'>,
  { datasets, role }: ConfigColumn,
): string[] {
  return datasets.flatMap((dataset) => {
    const file = facts.dataset(dataset);
    const used = new Set(dataColumns(config, dataset).map(({ name }) => name));
    return file?.state === 'known'
      ? file.columns.flatMap(({ name, role: guess }) =>
          guess !== null && guess.role === role && !used.has(name) ? [name] : [],
        )
      : [];
  });
}

function fixOf(document: ConfigDocument, path: ConfigPath, on: 'key' | 'value', near: string): TextFix {
  return {
    title: message('Change to {0}', near),
    changes:
      on === 'key' ? renameKey(document, path, near) : setValue(document, path, written(near, document.language)),
    safe: false,
  };
}
