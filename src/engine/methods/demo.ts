import type { Method } from './method.ts';

/** The generator is loaded on demand. Otherwise it would delay the first page of every start. */
export const demo: Method<'demo'> = async (_sessions, params, context) => {
  const { writeDemo } = await import('../demo/write.ts');
  return await writeDemo(params, {
    signal: context.signal ?? new AbortController().signal,
    progress: context.progress ?? (() => undefined),
  });
};
