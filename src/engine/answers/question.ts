import type { Answers, QuestionKind } from '../../core/data/facts.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { Work } from '../database/connections.ts';
import type { Tables } from '../tables/tables.ts';

/** How one kind of question is answered. Each kind has its own file and one line in the registry. */
export interface QuestionAnswerer<K extends QuestionKind> {
  /** The data sets that the question reads. */
  tables(question: AskedQuestion<K>): readonly DatasetRef[];
  /** Exact counts over all rows. Memory is bounded, because DuckDB spills to disk. */
  answer(question: AskedQuestion<K>, tables: Tables, work: Work): Promise<Answers[K]>;
}
