import { fail, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';

/**
 * The failure if an error says that JavaScript or WebAssembly got no memory for vectors or rows, here or in a thread;
 * null for another error.
 */
export function memoryFailure(error: unknown): FailureError | null {
  if (!(error instanceof Error)) return null;
  const isThread = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  const isArray =
    error instanceof RangeError &&
    /memory|allocation failed|invalid (?:typed )?array (?:buffer )?length/i.test(error.message);
  if (!isThread && !isArray) return null;
  return fail('out-of-memory', message('There is not enough memory to train the probe'), {
    cause: error.message,
    advice: message('Use fewer threads, draw fewer negatives, or do not train on all positives.'),
  });
}
