import { cancelled } from './cancelled.ts';

/**
 * The answer, or a rejection without waiting: neither a busy native call nor an earlier read may delay a cancel.
 * @param onAbort called before the rejection
 * @throws FailureError `cancelled`
 */
export async function untilAborted<T>(
  answer: Promise<T>,
  signal: AbortSignal | undefined,
  onAbort?: () => void,
): Promise<T> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      onAbort?.();
      reject(cancelled());
    };
  });
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([aborted, answer]);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
