import type { FalseNegativeCounts } from '../../core/audit/metrics/falseNegatives.ts';
import type { LoggedList } from '../../core/audit/loggedList.ts';
import type { ListCounts } from '../../core/audit/metrics/sequences.ts';
import type { SampleColumns } from '../../core/audit/sampleColumns.ts';
import type { Answers } from '../../core/data/facts.ts';
import type { Sequence } from '../../core/data/sequences.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { AskedChoices, AskedQuestion } from '../../protocol/answers.ts';

/** What a metric and a data rule both show of a whole sample, by question of the rule: it is counted once. */
export interface SharedCounts {
  readonly 'false-negatives': { readonly params: AskedChoices; readonly counts: FalseNegativeCounts };
  readonly 'sequence-lists': { readonly params: readonly Sequence[]; readonly counts: readonly ListCounts[] };
  readonly 'sequence-log': {
    readonly params: Pick<AskedQuestion<'sequence-log'>, 'planned' | 'log'>;
    readonly counts: readonly LoggedList[];
  };
  readonly 'split-times': {
    readonly params: AskedQuestion<'split-times'>['cut'];
    readonly counts: Pick<Answers['split-times'], 'rows' | 'before' | 'after'>;
  };
  readonly 'exposure-rates': { readonly params: StagePlan; readonly counts: ExposureCounts };
}
export type ExposureCounts = Pick<Answers['exposure-rates']['splits'][number], 'file' | 'log' | 'error' | 'weights'>;

/**
 * What an audit has counted of a sample file of the layout long, in tables of its database. Questions about the same
 * columns read these instead of the file.
 */
export interface CountedSample {
  readonly columns: SampleColumns['columns'];
  readonly rows: number;
  /** `"user"`, `r` rows, with a row for the rows without a user; null if they were not counted. */
  readonly users: string | null;
  /** Negatives: `e`, the entry or source, `"user"`, `n`; null if they were not counted. */
  readonly userEntries: string | null;
  /**
   * All items of the file, `item`, and the negatives of each entry or source in a column `n`. Without a column that
   * names entries, there is one, null. Null if they were not counted, if there are too many entries, or if the ids are
   * not the integers or texts of the file.
   */
  readonly items: {
    readonly sql: string;
    readonly names: readonly { readonly name: string | null; readonly n: string }[];
  } | null;
  /** Columns of a group if no two rows of one have the same item, label, and entry or source; else null. */
  readonly distinctWithin: readonly string[] | null;
  /** Counts with the parameters that they are for. */
  readonly shared: Partial<SharedCounts>;
}
