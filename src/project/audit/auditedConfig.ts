import path from 'node:path';
import { declaredSampleRoles, type SampleColumns } from '../../core/audit/sampleColumns.ts';
import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { Stage } from '../../core/schema/stage.ts';

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
  const named = declaredSampleRoles.flatMap((role) => {
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
