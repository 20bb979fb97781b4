import type { Column } from '../table/dataset.ts';
import type { Role } from '../table/role.ts';
import { roleRules } from '../table/roleRules.ts';
import type { Stage } from '../schema/stage.ts';

/** Entries of `data` in a new config, in the order in which they are requested and written. */
export const starterDatasets = ['impressions', 'items', 'users', 'candidates', 'rejections'] as const;
export type StarterDataset = (typeof starterDatasets)[number];

type StarterColumn = Pick<Column, 'name' | 'type' | 'role' | 'partition'>;

/** A data set for a new config. */
export interface StarterFile {
  /** Path relative to the config, with `/`. */
  readonly path: string;
  readonly columns: readonly StarterColumn[];
  /** True for files without types of their own (CSV, TSV, JSONL). */
  readonly textual: boolean;
  /** Smallest and largest value by column as exact text, for the columns that were read. */
  readonly ranges: Readonly<Record<string, { readonly min: string; readonly max: string }>>;
  /** Only for a log of a new recall stage whose positives were counted. */
  readonly hotEffect?: HotEffect;
}

/** What `downsample_hot` with the threshold of a new config does to the positives of the log. */
export interface HotEffect {
  readonly positives: number;
  /** Items with a positive, and items among them that lose positives. */
  readonly items: number;
  readonly thinned: number;
  /** Expected number of positives that stay. */
  readonly kept: number;
}

/** Inputs of the stages. A stage requires the needed ones and can use the useful ones. */
export const stageInputs: Readonly<
  Record<Stage, { readonly needed: readonly StarterDataset[]; readonly useful: readonly StarterDataset[] }>
> = {
  recall: { needed: ['impressions'], useful: ['items', 'users', 'rejections'] },
  coarse_ranking: { needed: ['impressions', 'candidates'], useful: ['items'] },
  fine_ranking: { needed: ['impressions'], useful: ['items'] },
};

/** The data sets that a config of these stages requests; `needed`: true if a stage requires it. */
export function inputsOf(stages: readonly Stage[]): { readonly name: StarterDataset; readonly needed: boolean }[] {
  return starterDatasets.flatMap((name) => {
    const needed = stages.some((stage) => stageInputs[stage].needed.includes(name));
    return needed || stages.some((stage) => stageInputs[stage].useful.includes(name)) ? [{ name, needed }] : [];
  });
}

const refusals = /reject|refus|declin|dislike|not[_-]?interest|拒|不感兴趣|不喜欢/i;
const datasetNames: Readonly<Record<StarterDataset, RegExp>> = {
  impressions: /impression|expos|曝光/i,
  items: /item|product|sku|listing|goods|video|corpus|物料|物品|商品|房源/i,
  users: /user|member|customer|用户|会员/i,
  candidates: /candidate|recall|funnel|召回|候选/i,
  rejections: refusals,
};

/**
 * How much a data set looks like each entry of `data`: by the roles of its columns, then by its name. A whole number;
 * above 0, the data set can be this entry, and the largest is the most likely.
 */
export function likeness(path: string, columns: readonly StarterColumn[]): Readonly<Record<StarterDataset, number>> {
  const roles = new Set<Role>(columns.flatMap(({ role }) => (role ? [role.role] : [])));
  const has = (...wanted: readonly Role[]): boolean => wanted.every((role) => roles.has(role));
  const count = (...wanted: readonly Role[]): number => wanted.filter((role) => roles.has(role)).length;
  // A finished sample also has users and items, but its rows are drawn, not logged.
  const sample = has('source') || has('positive-item') || has('log-q');
  const funnel = count('rank', 'channel', 'reached');
  // A log whose user or item has an unusual name still has times and labels.
  const isLog = has('time', 'label') || has('user', 'item', 'time');
  const scores: Record<StarterDataset, number> = {
    impressions:
      isLog && !sample && funnel === 0 ? 1 + count('user', 'item', 'label', 'request', 'position', 'viewed') : 0,
    items:
      has('item') && !has('user') && !has('request') ? 1 + count('created', 'removed', 'attribute', 'embedding') : 0,
    users: has('user') && !has('item') ? 1 + count('attribute') : 0,
    candidates: has('item', 'request') && !sample && funnel > 0 ? 1 + funnel : 0,
    rejections: has('user', 'item') && !sample && funnel === 0 && !has('label') && !has('viewed') ? 1 : 0,
  };
  const name = path.split(/[\\/]/).at(-1) ?? path;
  for (const dataset of starterDatasets) {
    if (scores[dataset] > 0 && datasetNames[dataset].test(name)) scores[dataset] += 5;
  }
  if (scores.rejections > 0 && !refusals.test(name)) scores.rejections = 0;
  // Refusals by owners come first, because they are the ones that train recall.
  if (scores.rejections > 0 && refusedBy(name) === 'by_user') scores.rejections -= 1;
  return scores;
}

/** Who refused whom, guessed from the name of the file. */
export function refusedBy(path: string): 'by_owner' | 'by_user' {
  return /dislike|not[_-]?interest|hide|不感兴趣|不喜欢/i.test(path) ? 'by_user' : 'by_owner';
}

/** Columns whose smallest and largest value a new config needs: times (for window and units), labels, scores. */
export function rangedColumns(columns: readonly StarterColumn[]): string[] {
  const telling: readonly Role[] = ['time', 'label', 'score'];
  return columns
    .filter(({ role, partition }) => role !== null && !partition && telling.includes(role.role))
    .map(({ name }) => name);
}

const neededRoles: Readonly<Record<StarterDataset, readonly Role[]>> = {
  impressions: ['user', 'item', 'time', 'label'],
  items: ['item'],
  users: ['user'],
  candidates: ['item', 'request', 'reached'],
  rejections: ['user', 'item'],
};

/** The required roles of a data set that none of its columns has. */
export function missingRoles(name: StarterDataset, { columns }: Pick<StarterFile, 'columns'>): readonly Role[] {
  return neededRoles[name].filter((needed) => !columns.some(({ role }) => role?.role === needed));
}

/** A config and the folder that must contain its files; absolute paths. */
export interface ConfigPlace {
  readonly path: string;
  readonly root: string | null;
}

/**
 * The default file of a stage, relative to the config and without extension: in the folder `out` next to the config, or
 * next to the folder `configs` that contains it. The file has the name of the config, so configs of one folder have
 * different files.
 */
export function defaultSample({ path, root }: ConfigPlace, stage: Stage): string {
  const [, folder = '', file = ''] = /^(.*)[\\/](.*)$/.exec(path) ?? [];
  const name = file.replace(/\.ratio\.\w+$/, '');
  return `${folder !== root && /[\\/]configs$/.test(folder) ? '../' : ''}out/${name.startsWith(stage) ? name : `${name}.${stage}`}`;
}

const idRoles: readonly Role[] = ['user', 'item', 'request'];

/**
 * The columns that may have a role which was not recognised, the most likely first: columns of a fitting type, then
 * columns without another role, then ids by their name.
 */
export function likelyColumns<C extends StarterColumn>(role: Role, columns: readonly C[]): readonly C[] {
  const fits = roleRules.find((rule) => rule.role === role)?.fits ?? ((): boolean => true);
  const likelihood = ({ name, type, role: guess }: C): number =>
    (fits(type) ? 4 : 0) +
    (guess === null || guess.role === 'attribute' ? 2 : 0) +
    (idRoles.includes(role) === /(id|no|key)$/i.test(name) ? 1 : 0);
  return columns.filter(({ partition }) => !partition).sort((a, b) => likelihood(b) - likelihood(a));
}
