import { FailureError } from '../../core/message/failure.ts';
import type { SamplingRequest } from '../../protocol/sampling.ts';
import type { StageSampling } from './samplingRequest.ts';

/** What the engine answered, and the sampling that it answered about. */
export interface Asked<T> {
  readonly sampling: StageSampling;
  readonly request: SamplingRequest;
  readonly answer: T;
}

/**
 * Asks the engine about a stage. Damage that only rows show is met here: a data set that the stage can do without is then left out, which the problems of the
 * returned sampling say, and the engine is asked again.
 * @throws FailureError what the engine fails with, where what is damaged cannot be left out
 */
export async function askSampling<T>(
  sampling: StageSampling,
  request: SamplingRequest,
  ask: (request: SamplingRequest) => Promise<T>,
): Promise<Asked<T>> {
  try {
    return { sampling, request, answer: await ask(request) };
  } catch (error) {
    const less = error instanceof FailureError ? sampling.without(error.failure) : null;
    if (!less?.request) throw error;
    return await askSampling(less, less.request, ask);
  }
}
