import type { DatasetName } from '../config/definition/data.ts';

/** Answers about the values of columns of the inputs. */
export interface ValueAnswers {
  /** Labels and events of all stages. */
  readonly 'label-values': {
    readonly columns: readonly {
      readonly dataset: DatasetName;
      readonly column: string;
      /** Rows whose value is neither 0 nor 1. */
      readonly others: number;
      /** Smallest and largest value, as exact texts. */
      readonly min: string;
      readonly max: string;
    }[];
    /** Rows of the table of an event, and rows in which a NULL or NaN leaves open if the event happened. */
    readonly events: readonly { readonly event: string; readonly rows: number; readonly unknown: number }[];
  };
  /** Candidates with a value in the column `reached`. */
  readonly 'candidate-stages': {
    readonly rows: number;
    /** Rows whose value is not a stage. */
    readonly unknown: number;
    /** The most frequent of these values. */
    readonly values: readonly { readonly value: string; readonly rows: number }[];
  };
}
