import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { isFeatureTable } from '../../core/config/definition/passThrough.ts';
import type { ConfigPath } from '../../core/config/tree.ts';
import { datasetPath } from '../../core/data/dataColumns.ts';
import { featureEntry, featureKey, featureTime } from '../../core/data/featureTables.ts';
import { passThroughEntries } from '../../core/data/passThrough.ts';
import { refuse } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { AskedFeatures } from '../../protocol/askedTable.ts';
import type { SamplingData } from '../../protocol/sampling.ts';
import type { DataTables } from './dataTables.ts';

const times = ['time', 'snapshot', 'known', 'valid_from', 'valid_to', 'deleted'] as const;

/**
 * The tables of features from which the output copies columns.
 * @param checking receives the path of each table before it is read
 * @throws FailureError if a table cannot be read, or does not say when its rows hold
 */
export function askedFeatures(
  config: ConfigDraft,
  tables: DataTables,
  checking: (path: ConfigPath) => void,
): Pick<SamplingData, 'features'> {
  const names = passThroughEntries(config).flatMap(({ keys: { from } }) =>
    from !== undefined && isFeatureTable(from) ? [from] : [],
  );
  const features = [...new Set(names)].flatMap((name): AskedFeatures[] => {
    const entry = featureEntry(config, name);
    if (entry === undefined) return [];
    checking(datasetPath(name));
    const time = featureTime(entry);
    if (time === null)
      throw refuse('feature-time', message('data.{0} does not say which of its rows holds at a time', name), {
        advice: message('Add one of: columns.time, snapshot, columns.valid_from, static: true.'),
      });
    const asked = { ...tables.table(name, [], [...featureKey, ...times]), name, time };
    const { deleted } = entry.columns ?? {};
    if (typeof deleted !== 'object' || deleted.column === undefined || deleted.op === undefined) return [asked];
    const { column, op, value } = deleted;
    if (value === undefined) return [asked];
    const comparison = { column, op, values: [value] };
    tables.requireComparable(name, [comparison]);
    return [{ ...asked, deleted: comparison }];
  });
  return features.length === 0 ? {} : { features };
}
