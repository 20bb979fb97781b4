import type { DatasetName } from '../../core/config/definition/data.ts';
import type { DatasetFacts } from '../../core/data/facts.ts';
import { tableAdvice, whyUnknown } from '../../core/data/need.ts';
import type { Failure } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';

/** Why a data set is not known: the broken file and what to do about it. */
export function whyUnavailable(
  dataset: DatasetName,
  found: DatasetFacts | undefined,
): Pick<Failure, 'message' | 'advice'> | null {
  const reason = whyUnknown(dataset, found);
  if (reason && found?.state === 'closed' && found.reason === 'table') return { message: reason, advice: tableAdvice };
  if (reason === null || found?.state !== 'unreadable' || found.failure.place?.path === undefined)
    return reason && { message: reason };
  const {
    place: { path },
    message: what,
    advice,
  } = found.failure;
  return {
    message: message('{0} of data.{1} cannot be read: {2}', path, dataset, what),
    ...(advice ? { advice } : {}),
  };
}
