import type { Answers, QuestionKind } from '../../core/policy/facts.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { Work } from '../database/connections.ts';
import type { Tables } from './tables.ts';

/** How one kind of question is answered: a file, a line in the registry. */
export interface Answering<K extends QuestionKind> {
  /** The data sets that it looks at. */
  tables(question: AskedQuestion<K>): readonly DatasetRef[];
  /** Exact counts over all rows, in memory that is bounded: DuckDB spills. */
  answer(question: AskedQuestion<K>, tables: Tables, work: Work): Promise<Answers[K]>;
}
