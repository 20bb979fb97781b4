import type { Column } from '../table/dataset.ts';
import type { Role } from '../table/role.ts';
import type { Stage } from './stage.ts';

/** Entries of `data` that a new config is made of, in the order in which they are asked for and written. */
export const starterDatasets = ['impressions', 'items', 'users', 'candidates', 'rejections'] as const;
export type StarterDataset = (typeof starterDatasets)[number];

type StarterColumn = Pick<Column, 'name' | 'type' | 'role' | 'partition'>;

/** A data set as a new config names it. */
export interface StarterFile {
  /** Relative to the config, with `/`. */
  readonly path: string;
  readonly columns: readonly StarterColumn[];
  /** True where the files have no types of their own (CSV, TSV, JSONL). */
  readonly textual: boolean;
  /** Smallest and largest value by column as exact text, of the columns that were looked at. */
  readonly ranges: Readonly<Record<string, { readonly min: string; readonly max: string }>>;
}

/** What the stages draw from: without the needed ones they have nothing to say, with the useful ones they say more. */
export const stageInputs: Readonly<
  Record<Stage, { readonly needed: readonly StarterDataset[]; readonly useful: readonly StarterDataset[] }>
> = {
  recall: { needed: ['impressions', 'items'], useful: ['users', 'rejections'] },
  coarse_ranking: { needed: ['impressions', 'candidates'], useful: ['items'] },
  fine_ranking: { needed: ['impressions'], useful: ['items'] },
};

/** The data sets that a config of these stages asks for; `needed`: true where it cannot do without. */
export function inputsOf(stages: readonly Stage[]): { readonly name: StarterDataset; readonly needed: boolean }[] {
  return starterDatasets.flatMap((name) => {
    const needed = stages.some((stage) => stageInputs[stage].needed.includes(name));
    return needed || stages.some((stage) => stageInputs[stage].useful.includes(name)) ? [{ name, needed }] : [];
  });
}

const refusals = /reject|refus|declin|dislike|not[_-]?interest|拒|不感兴趣|不喜欢/i;
const ownNames: Readonly<Record<StarterDataset, RegExp>> = {
  impressions: /impression|expos|曝光/i,
  items: /item|product|sku|listing|goods|video|corpus|物品|商品|房源/i,
  users: /user|member|customer|用户|会员/i,
  candidates: /candidate|recall|funnel|召回|候选/i,
  rejections: refusals,
};

/**
 * How much a data set looks like each entry of `data`: by the roles of its columns, then by its name. Above 0 where it can be that
 * entry at all; whole numbers, the largest is the likeliest.
 */
export function likeness(path: string, columns: readonly StarterColumn[]): Readonly<Record<StarterDataset, number>> {
  const roles = new Set<Role>(columns.flatMap(({ role }) => (role ? [role.role] : [])));
  const has = (...wanted: readonly Role[]): boolean => wanted.every((role) => roles.has(role));
  const count = (...wanted: readonly Role[]): number => wanted.filter((role) => roles.has(role)).length;
  // A finished sample has users and items as well, but its rows are drawn, not logged.
  const sample = has('source') || has('positive-item') || has('log-q');
  const funnel = count('rank', 'channel', 'reached');
  const scores: Record<StarterDataset, number> = {
    impressions:
      has('user', 'item', 'time') && !sample && funnel === 0 ? 1 + count('label', 'request', 'position', 'viewed') : 0,
    items:
      has('item') && !has('user') && !has('request') ? 1 + count('created', 'removed', 'attribute', 'embedding') : 0,
    users: has('user') && !has('item') ? 1 + count('attribute') : 0,
    candidates: has('item', 'request') && !sample && funnel > 0 ? 1 + funnel : 0,
    rejections: has('user', 'item') && !sample && funnel === 0 && !has('label') && !has('viewed') ? 1 : 0,
  };
  const name = path.split(/[\\/]/).at(-1) ?? path;
  for (const dataset of starterDatasets) {
    if (scores[dataset] > 0 && ownNames[dataset].test(name)) scores[dataset] += 5;
  }
  if (scores.rejections > 0 && !refusals.test(name)) scores.rejections = 0;
  // Who refused whom: the owners' refusals first, they are the ones that teach recall.
  if (scores.rejections > 0 && refusedBy(name) === 'by_user') scores.rejections -= 1;
  return scores;
}

/** Who said no, as far as the name of the file tells. */
export function refusedBy(path: string): 'by_owner' | 'by_user' {
  return /dislike|not[_-]?interest|hide|不感兴趣|不喜欢/i.test(path) ? 'by_user' : 'by_owner';
}

/** Columns whose smallest and largest value a new config is better for: times (the window, units), labels, scores. */
export function rangedColumns(columns: readonly StarterColumn[]): string[] {
  const telling: readonly Role[] = ['time', 'label', 'score'];
  return columns
    .filter(({ role, partition }) => role !== null && !partition && telling.includes(role.role))
    .map(({ name }) => name);
}
