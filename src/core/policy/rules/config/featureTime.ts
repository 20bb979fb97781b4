import { removePair, setValue } from '../../../config/edits.ts';
import type { FeatureKind } from '../../../config/definition/features.ts';
import { dataTables } from '../../../config/definition/passThrough.ts';
import type { ConfigDocument } from '../../../config/document.ts';
import type { ConfigPath } from '../../../config/tree.ts';
import { declaredTimes, featureEntry } from '../../../data/featureTables.ts';
import { datasetPath, featureNames } from '../../../data/dataColumns.ts';
import { message, type Message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

/** The key by which a table says its time, below its entry. */
const keyPaths: Readonly<Record<FeatureKind, ConfigPath>> = {
  time: ['columns', 'time'],
  snapshot: ['snapshot'],
  interval: ['columns', 'valid_from'],
  static: ['static'],
};

/** The config of the demo with a table of features. */
export const withFeatures = (entry: string): readonly [string, string] => [
  '  users:\n',
  `  features:\n    item_stats: {path: ../data/item_stats.parquet, ${entry}}\n  users:\n`,
];

export const featureTime = defineRule({
  id: 'config/feature-time',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check({ config, document }): Iterable<Report> {
    for (const name of featureNames(config)) {
      const entry = featureEntry(config, name);
      const at = datasetPath(name);
      if (entry === undefined || document.locate(at).value?.kind !== 'map') continue;
      if (dataTables.some((table) => `features.${table}` === name))
        yield { at, on: 'key', message: message('data.{0} has the name of another data set', name), fixes: [] };
      const removal = (path: ConfigPath, what: Message, key: string): Report => ({
        at: [...at, ...path],
        on: 'key',
        message: what,
        fixes: [removed(document, [...at, ...path], key)],
      });
      const kinds = declaredTimes(entry);
      const [kind, ...others] = kinds;
      if (kind === undefined)
        yield {
          at,
          on: 'key',
          message: message('data.{0} does not say which of its rows holds at a time', name),
          details: [
            message('Name columns.time, snapshot or columns.valid_from. If each key has one row, write static: true.'),
          ],
          fixes: [
            {
              title: message('Add {0}', 'static: true'),
              changes: setValue(document, [...at, 'static'], 'true'),
              safe: false,
            },
          ],
        };
      else if (others.length > 0)
        yield {
          at,
          on: 'key',
          message: message('data.{0} says its time twice: {1}', name, kinds.map(keyOfKind).join(', ')),
          fixes: kinds.map((one) => removed(document, [...at, ...keyPaths[one]], keyOfKind(one))),
        };
      else yield* contradictions(entry, kind, removal);
    }
  },
  docs: {
    summary: 'A table of features does not say which of its rows holds at a time, or contradicts itself',
    why: `A table of features has several rows of a key: one for each hour, day or change. A row of the sample must get
the one that serving could read at its request, so the table must say from when each row holds: \`columns.time\`,
\`snapshot\`, \`columns.valid_from\`, or \`static: true\` if each key has one row. RecSample does not guess: the newest row
of all would give the sample values from its future.

\`max_age\` needs rows that become older, so it does not fit \`valid_from\` and \`static\`. A snapshot is complete, so
\`columns.known\` has no meaning for it.`,
    source: 'By definition of `data.features`.',
    wrong: {
      text: changed('recall', withFeatures('columns: {item: item_id}')),
      reportedAt: 'item_stats',
    },
    right: {
      text: changed('recall', withFeatures('columns: {item: item_id, time: {column: hour, period: 1h}}')),
    },
  },
});

const keyOfKind = (kind: FeatureKind): string => keyPaths[kind].join('.');

function removed(document: ConfigDocument, path: ConfigPath, key: string): NonNullable<Report['fixes']>[number] {
  return { title: message('Remove {0}', key), changes: removePair(document, path), safe: false };
}

/** Keys that have no meaning next to the key by which the table says its time. */
function* contradictions(
  { columns, max_age: age }: NonNullable<ReturnType<typeof featureEntry>>,
  kind: FeatureKind,
  removal: (path: ConfigPath, what: Message, key: string) => Report,
): Iterable<Report> {
  const key = keyOfKind(kind);
  if (age !== undefined && (kind === 'interval' || kind === 'static'))
    yield removal(['max_age'], message('max_age has no meaning with {0}: its rows do not become older', key), 'max_age');
  if (columns?.known !== undefined && (kind === 'snapshot' || kind === 'static'))
    yield removal(['columns', 'known'], message('columns.known has no meaning with {0}', key), 'columns.known');
  if (columns?.valid_to !== undefined && kind !== 'interval')
    yield removal(['columns', 'valid_to'], message('columns.valid_to has no meaning with {0}', key), 'columns.valid_to');
}
