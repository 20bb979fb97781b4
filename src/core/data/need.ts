import type { DatasetName } from '../config/definition/data.ts';
import { message, type Message } from '../message/message.ts';
import type { DatasetFacts, Facts, Question, QuestionKind } from './facts.ts';

/**
 * A fact that a rule requires. `dataset`: the columns of a data set. `probed`: the result of probing its files, even
 * that they are missing. `question`: the answer to a question. `without`: why the columns of the sample file leave
 * nothing to compare.
 */
export type Need =
  | { readonly dataset: DatasetName }
  | { readonly probed: DatasetName }
  | { readonly question: Question }
  | { readonly without: Message };

/** False if the sample file does not exist yet, so there is nothing to check. */
export function applies(need: Need, facts: Facts): boolean {
  const name = 'question' in need ? sampleOf(need.question) : 'dataset' in need ? need.dataset : null;
  return name === null || !isSample(name) || facts.dataset(name)?.state !== 'missing';
}

/** Why a rule cannot run: the missing fact, and why it is unknown. Null if it can run. */
export function missingFact(need: Need, facts: Facts): Message | null {
  if ('question' in need) {
    const answer = facts.answer(need.question);
    if (answer && 'value' in answer) return null;
    if (answer) return message('the rows could not be counted: {0}', answer.failure.message);
    if (facts.level !== 'data') return message('it needs row counts, but rows are not read');
    const sample = sampleOf(need.question);
    // Questions are only answered if the columns are known, so the state of the file is the more direct reason.
    return (
      (sample === null ? null : whyUnknown(sample, facts.dataset(sample))) ?? message('the rows have not been counted')
    );
  }
  if ('without' in need) return null;
  if (facts.level === 'none') return message('data files are not read');
  if ('probed' in need) {
    const dataset = facts.dataset(need.probed);
    return dataset === undefined || dataset.state === 'closed' || dataset.state === 'unknown'
      ? whyUnknown(need.probed, dataset)
      : null;
  }
  return whyUnknown(need.dataset, facts.dataset(need.dataset));
}

/** What to do if a data set is a table of Spark. */
export const tableAdvice = message(
  'Write the job with {0}. To preview some users here, write an extract with {1}. Or name files with {2}.',
  'recsample spark',
  'recsample spark --extract',
  'path',
);

/** Why the columns of a data set are unknown; null if they are known. */
export function whyUnknown(name: DatasetName, dataset: DatasetFacts | undefined): Message | null {
  switch (dataset?.state) {
    case 'known':
      return null;
    case undefined:
      return message('the files of data.{0} have not been read', name);
    case 'missing':
      return message('the files of data.{0} do not exist', name);
    case 'unreadable':
    case 'unknown':
      return message('the files of data.{0} cannot be read: {1}', name, dataset.failure.message);
    case 'refused':
      return message('the path of data.{0} is refused', name);
    case 'closed':
      switch (dataset.reason) {
        case 'untrusted':
          return message('the workspace is in Restricted Mode, so data.{0} is not opened', name);
        case 'table':
          return message('data.{0} is a Spark table, which only the Spark job can read', name);
        case 'path':
          return message('the path of data.{0} is not known', name);
      }
  }
}

/** Questions about the inputs of the stage, not about its sample file. */
const inputQuestions: readonly QuestionKind[] = [
  'groups',
  'refusal',
  'shortfalls',
  'partition-days',
  'label-values',
  'candidate-stages',
  'history-lengths',
  'hot-effect',
  'group-popularity',
];

/** The sample file of a question; null if it is about the inputs of the stage. */
function sampleOf({ kind, stage }: Question): DatasetName | null {
  return inputQuestions.includes(kind) ? null : `samples.${stage}`;
}

function isSample(name: DatasetName): boolean {
  return name.startsWith('samples.');
}
