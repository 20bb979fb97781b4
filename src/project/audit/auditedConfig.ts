import path from 'node:path';
import {
  declaredSampleRoles,
  type DeclaredSequence,
  type SampleColumn,
  type SampleColumns,
} from '../../core/audit/sampleColumns.ts';
import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { negativeName } from '../../core/data/columnOwner.ts';
import type { Stage } from '../../core/schema/stage.ts';

type SampleEntry = NonNullable<NonNullable<NonNullable<ConfigDraft['data']>['samples']>['recall']>;
type ListedSequence = NonNullable<SampleEntry['sequences']>[string];

/** Where the audited file is, and its columns. `file` and `folder`: absolute; the folder of the config. */
interface AuditedFile {
  readonly file: string;
  readonly folder: string;
  readonly found: SampleColumns;
}

/**
 * The config as if its only stage were the audited one, and its sample file the audited file. So the rules check this
 * file with the columns that were found in it.
 */
export function auditedConfig(config: ConfigDraft, stage: Stage, audited: AuditedFile): ConfigDraft {
  const stageDraft = config.stages?.[stage];
  return {
    ...config,
    ...(stageDraft ? { stages: { [stage]: stageDraft } } : {}),
    data: { ...config.data, samples: { [stage]: samplesEntry(audited) } },
  };
}

/** A config that knows nothing but the audited file. `unit`: as far as its rows show it. */
export function configOfSample(audited: AuditedFile, unit: 'positive' | 'impression' | null): ConfigDraft {
  return {
    version: 1,
    data: { samples: { recall: samplesEntry(audited) } },
    stages: { recall: unit === null ? {} : { unit } },
  };
}

function samplesEntry({ file, folder, found }: AuditedFile): SampleEntry {
  const { layout, columns, sequences = [] } = found;
  const named = declaredSampleRoles.flatMap((role) => {
    const { unit, type, ...columnNames } = columns[role] ?? { name: null, negatives: null };
    const name = role === 'label' && isPaired(found) ? labelOfWide(found) : sharedName(columnNames);
    if (name === null) return [];
    return [[role, { column: name, ...(unit ? { unit } : {}), ...(type ? { type } : {}) }] as const];
  });
  return {
    path: path.relative(folder, file).split(path.sep).join('/'),
    layout,
    columns: Object.fromEntries(named),
    ...(sequences.length === 0 ? {} : { sequences: Object.fromEntries(sequences.map(sequenceEntry)) }),
  };
}

function sequenceEntry({ name, columns, separator }: DeclaredSequence): [name: string, entry: ListedSequence] {
  const lists = columns.map(({ role, name: column, unit }) => [role, { column, ...(unit ? { unit } : {}) }] as const);
  return [name, { columns: Object.fromEntries(lists), ...(separator === null ? {} : { separator }) }];
}

/** The name from which a config gets both columns of the layout wide, `x` and `negative_x`. Null if it cannot. */
function sharedName({ name, negatives }: Pick<SampleColumn, 'name' | 'negatives'>): string | null {
  if (negatives === null) return name;
  const prefix = negativeName('');
  const base = name ?? (negatives.startsWith(prefix) ? negatives.slice(prefix.length) : null);
  return base !== null && negativeName(base) === negatives ? base : null;
}

/** True if a file of the layout wide has its negatives in the columns that a config expects. */
const isPaired = ({ layout, columns: { item } }: SampleColumns): boolean =>
  layout === 'wide' && item !== undefined && item.negatives !== null && sharedName(item) !== null;

/** In the layout wide, the label follows from the place of a row: a name that no column has. */
function labelOfWide({ columns }: SampleColumns): string {
  const columnNames = new Set(Object.values(columns).map(({ name }) => name));
  let name = 'label';
  while (columnNames.has(name)) name += '_';
  return name;
}
