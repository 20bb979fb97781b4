import type { DatasetName } from '../config/definition/data.ts';

/** Answers about the values of columns of the inputs. */
export interface ValueAnswers {
  /**
   * Labels and events of all stages. `others`: rows whose flag is neither 0 nor 1; `min` and `max`: exact texts.
   * `unknown`: rows of the table of an event in which a NULL or NaN leaves open whether it happened.
   */
  readonly 'label-values': {
    readonly columns: readonly {
      readonly dataset: DatasetName;
      readonly column: string;
      readonly others: number;
      readonly min: string;
      readonly max: string;
    }[];
    readonly events: readonly { readonly event: string; readonly rows: number; readonly unknown: number }[];
  };
  /** Candidates with a value in the column `reached`, those whose value is no stage, and their most frequent values. */
  readonly 'candidate-stages': {
    readonly rows: number;
    readonly unknown: number;
    readonly values: readonly { readonly value: string; readonly rows: number }[];
  };
}
