import type { Field } from '../schema/shape.ts';
import type { Message } from '../message/message.ts';
import type { ListPlan, PoolPlan } from './drawPlan.ts';
import type { Options, PlanContext } from './options.ts';

/** Families of sources. Each has its own hue on screen. */
export type SourceFamily = 'exposure' | 'popularity' | 'random' | 'hard' | 'cascade' | 'rejected';

/** A shape, filled or in outline. */
export interface Mark {
  /** An SVG path in a box of 10 × 10. */
  readonly path: string;
  readonly hollow: boolean;
}

/** Values of options as the config has them, by name. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** A part of the config that a source requires. `columns` are roles of `data.<dataset>.columns`. */
export interface SourceInput {
  readonly dataset: 'impressions' | 'items' | 'users' | 'candidates' | 'rejections';
  readonly columns: readonly string[];
}

/** For `overlaps`: two entries may draw the same items, whatever their options are. */
export const always = (): boolean => true;

/** A way to draw negatives, in a file in `sources/` and a line in `sources.ts`: what it draws, options and inputs. */
export interface Source {
  readonly name: string;
  readonly family: SourceFamily;
  /** Its character in a terminal: one cell wide, and different for each source. */
  readonly glyph: string;
  /** Its symbol on screen. Each source has another shape or fill. */
  readonly mark: Mark;
  /** `pool`: keyed draws from weighted items; `list`: the first of an ordered list of candidates. */
  readonly draws: 'pool' | 'list';
  /** The items that it draws from, in one sentence. */
  readonly doc: Message;
  /** The probability of one draw, or the order of the list. Mathematics, not translated. */
  readonly formula: string;
  /** Names of the method in practice. Not translated. */
  readonly alias: string;
  /** True if all items that it draws were exposed to users. */
  readonly isExposed: boolean;
  /** True if it can reach every eligible item of the corpus. */
  readonly reachesCorpus: boolean;
  /** True if it can reach items that have no events. */
  readonly reachesColdItems: boolean;
  /** Options in addition to `source`, `share` or `count`, and `exclude`, which all sources have. */
  readonly options: Readonly<Record<string, Field>>;
  readonly inputs: readonly SourceInput[];
  /** Other sources that may draw the same items, and whether two entries do. Only one source of a pair declares it. */
  readonly overlaps?: Readonly<Record<string, (own: OptionValues, other: OptionValues) => boolean>>;
  /** The plan of an entry with these options and the defaults, or the reason why nothing can be drawn. */
  plan(options: Options, context: PlanContext): PoolPlan | ListPlan | Message;
}
