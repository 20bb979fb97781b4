/**
 * Runs the tasks in their order, up to `lanes` at the same time. If one fails, the signal of the others aborts, and no
 * further one starts. Returns when none runs any more.
 * @throws the first error of a task
 */
export async function inLanes<T>(
  tasks: readonly T[],
  lanes: number,
  signal: AbortSignal | undefined,
  run: (task: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]);
  const errors: unknown[] = [];
  const left = tasks.values();
  const lane = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true && errors.length === 0; next = left.next())
      try {
        await run(next.value, either);
      } catch (error) {
        errors.push(error);
        stop.abort();
      }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (errors.length > 0) throw errors[0];
}
