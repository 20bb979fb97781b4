import type { ConfigDocument } from '../config/document.ts';
import type { PassedPlace, PassProblem } from '../data/passThrough.ts';
import { message } from '../message/message.ts';
import { passFix, passPath } from './passFixes.ts';
import type { Report } from './rule.ts';

/** Reports a side or an age that does not fit the data set of a passed-through column. */
export function passProblem(
  problem: Extract<PassProblem, { kind: 'side' | 'max-age' }>,
  place: PassedPlace,
  document: ConfigDocument,
): Report {
  const { column, side } = place.asked;
  if (problem.kind === 'max-age')
    return {
      at: passPath(place),
      message: message('max_age of {0} applies only to from: impressions with side: item', column),
      fixes: [passFix(document, place, { max_age: undefined }, message('Remove max_age'))],
    };
  return {
    at: passPath(place),
    message: message('{0} of data.{1} cannot have the side {2}', column, problem.from, side ?? ''),
    details: [message('Sides that fit: {0}.', problem.fits.join(', '))],
    fixes: problem.fits.map((fit) => passFix(document, place, { side: fit }, message('Set the side {0}', fit))),
  };
}
