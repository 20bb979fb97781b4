/** Resolves when the signal is aborted, at once if it already is. */
export async function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<unknown>((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}
