import { FailureError } from '../../core/message/failure.ts';
import type { SamplingRequest } from '../../protocol/sampling.ts';
import type { ResolvedStage } from './resolveStage.ts';

/** The engine's answer, and the sampling that it belongs to. */
export interface Asked<T> {
  readonly sampling: ResolvedStage;
  readonly request: SamplingRequest;
  readonly answer: T;
}

/**
 * Asks the engine about a stage. Some damage appears only when rows are read. If the stage can do without that data
 * set, it is left out, the problems of the returned sampling say so, and the engine is asked again.
 * @throws FailureError the engine's failure, if the damaged data set cannot be left out
 */
export async function askSampling<T>(
  sampling: ResolvedStage,
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
