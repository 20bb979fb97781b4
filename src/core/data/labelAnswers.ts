import type { DatasetName } from '../config/definition/data.ts';

/** Answers about the values of labels and events. */
export interface LabelAnswers {
  /**
   * `others`: rows whose flag is neither 0 nor 1; `min` and `max`: exact texts. `unknown`: rows of the table of an
   * event in which a NULL or NaN leaves open whether it happened.
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
}
