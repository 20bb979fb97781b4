import type { ConfigDraft } from '../config/definition/config.ts';
import type { DatasetName } from '../config/definition/data.ts';
import type { ConfigPath } from '../config/tree.ts';
import type { Role } from '../table/role.ts';
import { dataColumns } from './dataColumns.ts';

/** The role that each key of `columns` declares. `entry` and `draw` declare no role. */
const rolesOfKeys: Readonly<Record<string, Role>> = {
  user: 'user',
  item: 'item',
  time: 'time',
  request: 'request',
  position: 'position',
  viewed: 'viewed',
  created: 'created',
  removed: 'removed',
  attributes: 'attribute',
  channel: 'channel',
  rank: 'rank',
  reached: 'reached',
  score: 'score',
  teacher: 'score',
  label: 'label',
  source: 'source',
  positive_item: 'positive-item',
  log_q: 'log-q',
  weight: 'weight',
};

/** Columns of a data set whose role the config declares, with the path of the declaration. */
export function declaredRoles(
  config: ConfigDraft,
  dataset: DatasetName,
): { readonly name: string; readonly role: Role; readonly path: ConfigPath }[] {
  return dataColumns(config, dataset).flatMap(({ role: key, name, path }) => {
    const role = Object.hasOwn(rolesOfKeys, key) ? rolesOfKeys[key] : undefined;
    return role === undefined ? [] : [{ name, role, path }];
  });
}
