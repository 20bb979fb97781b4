import type { ConfigDocument } from '../config/document.ts';
import type { PassThroughEntry, PassProblem } from '../data/passThrough.ts';
import { message } from '../message/message.ts';
import { passThroughFix, passThroughPath } from './passFixes.ts';
import type { Report } from './rule.ts';

/** Reports a side or an age that does not fit the data set of a passed-through column. */
export function passThroughReport(
  problem: Extract<PassProblem, { kind: 'side' | 'max-age' }>,
  entry: PassThroughEntry,
  document: ConfigDocument,
): Report {
  const { column, side } = entry.keys;
  if (problem.kind === 'max-age')
    return {
      at: passThroughPath(entry),
      message: message('max_age of {0} applies only to from: impressions with side: item', column),
      fixes: [passThroughFix(document, entry, { max_age: undefined }, message('Remove max_age'))],
    };
  return {
    at: passThroughPath(entry),
    message: message('{0} of data.{1} cannot have the side {2}', column, problem.from, side ?? ''),
    details: [message('Sides that fit: {0}.', problem.fits.join(', '))],
    fixes: problem.fits.map((fit) => passThroughFix(document, entry, { side: fit }, message('Set the side {0}', fit))),
  };
}
