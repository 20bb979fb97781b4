import { message } from '../../../message/message.ts';
import { dataColumn, dataColumns, sampleName } from '../../../data/dataColumns.ts';
import { isReservedName } from '../../../data/outputName.ts';
import { passThroughEntries, type PassThroughEntry } from '../../../data/passThrough.ts';
import { listNames } from '../../../data/sequences.ts';
import type { ConfigDraft } from '../../../config/definition/config.ts';
import { stages } from '../../../schema/stage.ts';
import { changed } from '../../examples/example.ts';
import { passThroughFix, passThroughPath } from '../../passFixes.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

export const outputName = defineRule({
  id: 'config/output-name',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check(context): Iterable<Report> {
    const { config, document } = context;
    const configuredNames = configuredNamesOf(config);
    const names = new Set(listNames(config).map((name) => name.toLowerCase()));
    for (const entry of distinctEntries(config)) {
      const name = entry.keys.as ?? entry.keys.column;
      if (name === '') {
        yield {
          at: passThroughPath(entry),
          message: message('The name of a pass-through column is empty: write a name, or remove as'),
        };
        continue;
      }
      const isTaken = names.has(name.toLowerCase());
      names.add(name.toLowerCase());
      if (!isTaken && (keepsName(entry, config) || !isReservedName(name, configuredNames))) continue;
      const free = freeName(name, names);
      yield {
        at: passThroughPath(entry),
        message: isTaken
          ? message('The file would have two columns with the name {0}', name)
          : message('The file cannot have a pass-through column {0}: RecSample reserves the name', name),
        fixes: [passThroughFix(document, entry, { as: free }, message('Name it {0}', free))],
      };
    }
    const partition = config.output?.partition_by?.column;
    if (partition === undefined) return;
    const outputNames = [...names, ...writtenNames(context).map((name) => name.toLowerCase())];
    if (outputNames.includes(partition.toLowerCase()))
      yield {
        at: ['output', 'partition_by', 'column'],
        message: message('The file would have two columns with the name {0}', partition),
      };
  },
  docs: {
    summary: 'Two columns of the output have the same name, or a pass-through column has a reserved name',
    why: `Engines and trainers read columns by name, and many of them ignore case. Two columns \`City\` and \`city\` are
then one column, and it is unclear which of the two is read.

RecSample also writes its own columns:  \`label\`, \`source\`, \`weight\`, \`log_q\`, \`teacher\` and others, with the
names of \`data.samples\` if it gives some. Names that begin with \`negative_\` are lists of the layout wide, and names
that begin with \`label_\` are labels of further events. A pass-through column with such a name would be taken for one
of them. Give it another name with the key \`as\`.

The lists of sequences are named \`<sequence>__<column>\`, so no other column may have such a name. The column of
\`output.partition_by\` is a column of the folder, so no column of the files may have its name.`,
    source: `The columns of sample files (docs/samples.md).`,
    wrong: {
      text: changed('recall', [
        'pass_through: [city, category]',
        'pass_through: [city, {column: category, as: label}]',
      ]),
      reportedAt: '{column: category, as: label}',
    },
    right: {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [city, {column: category, as: kind}]']),
    },
  },
});

/** Entries of `output.pass_through`; equal ones are one column. */
function distinctEntries(config: ConfigDraft): PassThroughEntry[] {
  const entries = new Map<string, PassThroughEntry>();
  for (const entry of passThroughEntries(config)) {
    const key = JSON.stringify(entry.keys);
    if (!entries.has(key)) entries.set(key, entry);
  }
  return [...entries.values()];
}

/** Names that the config gives to columns of RecSample: in `data.samples`, and those that are taken from the log. */
function configuredNamesOf(config: ConfigDraft): string[] {
  const shared = new Set(['user', 'item', 'time', 'request', 'position']);
  return [
    ...stages.flatMap((stage) => dataColumns(config, sampleName(stage))),
    ...dataColumns(config, 'impressions').filter(({ role }) => shared.has(role)),
  ].map(({ name }) => name);
}

/** Names of columns that the sample file of a stage has, whatever its mix and unit are. */
function writtenNames({ config, stages: writtenStages }: RuleContext): string[] {
  const roles = ['user', 'item', 'time', 'weight'];
  // In the layout wide, these are columns of negatives, with names of their own.
  if (config.output?.layout !== 'wide') roles.push('label', 'source', 'entry');
  if (dataColumn(config, 'impressions', 'request')) roles.push('request');
  return writtenStages.flatMap(({ name: stage }) =>
    roles.map(
      (role) => (dataColumn(config, sampleName(stage), role) ?? dataColumn(config, 'impressions', role))?.name ?? role,
    ),
  );
}

/** A column of the log that the file has anyway, or that has the name of its own role: the position. */
function keepsName({ keys: { column, from, side, as } }: PassThroughEntry, config: ConfigDraft): boolean {
  if (from !== 'impressions' && !(from === undefined && side === 'exposure')) return false;
  if (as !== undefined && as !== column) return false;
  const role = dataColumns(config, 'impressions').find(({ name }) => name === column)?.role;
  return side === undefined ? role !== undefined : side === 'exposure' && role === 'position';
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  const base = `passed_${name}`;
  for (let k = 1; ; k++) {
    const free = k === 1 ? base : `${base}_${k}`;
    if (!taken.has(free.toLowerCase())) return free;
  }
}
