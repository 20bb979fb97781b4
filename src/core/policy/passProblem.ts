import type { ConfigDocument } from '../config/document.ts';
import type { PassThroughEntry, PassProblem } from '../data/passThrough.ts';
import { message } from '../message/message.ts';
import { passThroughFix, passThroughPath } from './passFixes.ts';
import type { Report } from './rule.ts';

/** Reports a side, an age or a default that does not fit the data set of a passed-through column. */
export function passThroughReport(
  problem: Extract<PassProblem, { kind: 'side' | 'max-age' | 'default' }>,
  entry: PassThroughEntry,
  document: ConfigDocument,
): Report {
  const { column, side } = entry.keys;
  if (problem.kind === 'max-age')
    return {
      at: passThroughPath(entry),
      message: message('max_age of {0} applies only to values as of a time', column),
      details: [message('Those are columns of a table of data.features, and of the impressions with side: item.')],
      fixes: [passThroughFix(document, entry, { max_age: undefined }, message('Remove max_age'))],
    };
  if (problem.kind === 'default')
    return {
      at: passThroughPath(entry),
      message: message('{0} has the side exposure, so it can have no default', column),
      details: [message('Negatives without an exposure have NULL. A default would mark exactly these rows.')],
      fixes: [passThroughFix(document, entry, { default: undefined }, message('Remove default'))],
    };
  return {
    at: passThroughPath(entry),
    message: message('{0} of data.{1} cannot have the side {2}', column, problem.from, side ?? ''),
    details: [message('Sides that fit: {0}.', problem.fits.join(', '))],
    fixes: problem.fits.map((fit) => passThroughFix(document, entry, { side: fit }, message('Set the side {0}', fit))),
  };
}
