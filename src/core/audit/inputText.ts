import { message, type Message } from '../message/message.ts';
import type { StageInput } from '../statistics/itemCounts.ts';

/** What the input of a stage is called in notes. */
export const inputNotes: Readonly<Record<StageInput, Message>> = {
  corpus: message('Input: the corpus, every item with the same weight'),
  corpus_by_impressions: message('Input: the corpus, every item by its exposures in the window'),
  candidates: message('Input: the candidates of the requests'),
  exposures: message('Input: the exposures of the window'),
};

export const ownPopularity = message('Popularity: the positives of the sample, because there is no log');

export const inferredNote = message(
  'The file does not name the sources of its negatives: they are inferred from the log, the candidates and the corpus',
);
