import type { RuleId } from '../../../src/core/policy/ruleId.ts';
import type { Stage } from '../../../src/core/schema/stage.ts';

/** SQL of the files of a demo, as FROM items. */
export interface DemoTables {
  /** A sample of the stage, with the number of each row in `file_row_number`. */
  readonly sample: string;
  readonly impressions: string;
  readonly candidates: string;
  readonly items: string;
  readonly users: string;
  readonly rejections: string;
}

/** A fault of a sample file, of its config or of its data, in several strengths. */
export interface Defect {
  /** In `recsample demo --defects`. */
  readonly name: string;
  readonly title: string;
  /** The rule that reports it. */
  readonly rule: RuleId;
  readonly stage: Stage;
  /** What a strength is a number of. `times`: a multiple of the value in the config, more than 1. */
  readonly unit: 'share' | 'rows' | 'difference' | 'times' | 'days';
  /** Ascending. */
  readonly strengths: readonly number[];
  /** The largest strength that can be planted. Default: 1 for shares, else any. */
  readonly most?: number;
  /** Strengths are multiples of it. Default: any are possible. */
  readonly step?: number;
  /** The strength that the demo has by default. Default: `target`, else the largest of `strengths`. */
  readonly usual?: number;
  /** The strength that must be found; null if there is no such promise. */
  readonly target: number | null;
  /** The config with which the sample is audited. Default: the one of the demo. */
  readonly config?: Change;
  /** A data set that the config reads instead of the one of the demo. */
  readonly data?: {
    readonly name: 'impressions' | 'candidates' | 'items';
    readonly rows: Select;
    /** Column with the day of the folder of a row. Without it, the data set is one file. */
    readonly folders?: string;
  };
  /** The config with which the sample is drawn. Default: the one with which it is audited. */
  readonly drawnWith?: Change;
  /** The config with which a sample of the split eval is drawn, next to the other. */
  readonly evalWith?: Change;
  /** SQL of the rows of the sample, from those that were drawn. Its lock file is then missing, as after a later step. */
  readonly rows?: Select;
  /** True if the sample has no lock file. */
  readonly hasNoLock?: true;
}

type Select = (tables: DemoTables, strength: number) => string;
/** @throws if the text lacks a part that it should replace */
type Change = (text: string, strength: number) => string;

/** The training cut of the demo. */
export const cut = `TIMESTAMP '2026-11-21'`;

/** Each `from` occurs once and becomes `to`. */
export function changedText(text: string, ...parts: readonly (readonly [from: string, to: string])[]): string {
  return parts.reduce((before, [from, to]) => {
    const around = before.split(from);
    if (around.length !== 2) throw new Error(`${JSON.stringify(from)} occurs ${around.length - 1} times in the config`);
    return around.join(to);
  }, text);
}
