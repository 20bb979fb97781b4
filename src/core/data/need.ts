import type { DatasetName } from '../config/definition/data.ts';
import { message, type Message } from '../message/message.ts';
import type { DatasetFacts, Facts, Question, QuestionKind } from './facts.ts';

/**
 * A required fact. `dataset`: the columns of a data set. `probed`: any result of probing its files, even that they are
 * missing. `question`: the answer to a question. `without`: why the sample file's columns leave nothing to compare.
 */
export type Need =
  | { readonly dataset: DatasetName }
  | { readonly probed: DatasetName }
  | { readonly question: Question }
  | { readonly without: Message };

/** False if there is nothing to check: a sample file that does not exist yet. */
export function applies(need: Need, facts: Facts): boolean {
  const name = 'question' in need ? sampleOf(need.question) : 'dataset' in need ? need.dataset : null;
  return name === null || !isSample(name) || facts.dataset(name)?.state !== 'missing';
}

/** Why a rule cannot run: what it needs, and why that is unknown. Null if it can run. */
export function lacking(need: Need, facts: Facts): Message | null {
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
    const found = facts.dataset(need.probed);
    return found === undefined || found.state === 'closed' || found.state === 'unknown'
      ? whyUnknown(need.probed, found)
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
export function whyUnknown(name: DatasetName, found: DatasetFacts | undefined): Message | null {
  switch (found?.state) {
    case 'known':
      return null;
    case undefined:
      return message('the files of data.{0} have not been read', name);
    case 'missing':
      return message('the files of data.{0} do not exist', name);
    case 'unreadable':
    case 'unknown':
      return message('the files of data.{0} cannot be read: {1}', name, found.failure.message);
    case 'refused':
      return message('the path of data.{0} is refused', name);
    case 'closed':
      switch (found.reason) {
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
const ofInputs: readonly QuestionKind[] = [
  'groups',
  'refusal',
  'shortfalls',
  'partition-days',
  'label-values',
  'candidate-stages',
  'hot-effect',
  'group-popularity',
];

/** The sample file of a question; null if it is about the inputs of the stage. */
function sampleOf({ kind, stage }: Question): DatasetName | null {
  return ofInputs.includes(kind) ? null : `samples.${stage}`;
}

function isSample(name: DatasetName): boolean {
  return name.startsWith('samples.');
}
