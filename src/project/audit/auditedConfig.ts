import path from 'node:path';
import type { AuditRole, SampleColumns } from '../../core/audit/sampleColumns.ts';
import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { Stage } from '../../core/schema/stage.ts';

/** Roles of `data.samples` that the rules read. */
const ruleRoles = [
  'user',
  'item',
  'label',
  'source',
  'entry',
  'positive_item',
  'request',
  'time',
  'position',
  'log_q',
  'weight',
] as const satisfies readonly AuditRole[];

/**
 * The config as if its only stage were the audited one, and its sample file the audited file. So the rules check this
 * file with the columns that were found in it. `file` and `folder`: absolute; the folder of the config.
 */
export function auditedConfig(
  config: ConfigDraft,
  stage: Stage,
  { file, folder, found }: { readonly file: string; readonly folder: string; readonly found: SampleColumns },
): ConfigDraft {
  const { layout, columns } = found;
  const named = ruleRoles.flatMap((role) => {
    const { name = null, unit, type } = columns[role] ?? {};
    if (name === null) return [];
    return [[role, { column: name, ...(unit ? { unit } : {}), ...(type ? { type } : {}) }] as const];
  });
  const sample = {
    path: path.relative(folder, file).split(path.sep).join('/'),
    layout,
    columns: Object.fromEntries(named),
  };
  const own = config.stages?.[stage];
  return {
    ...config,
    ...(own ? { stages: { [stage]: own } } : {}),
    data: { ...config.data, samples: { [stage]: sample } },
  };
}
