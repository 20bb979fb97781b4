import type { Method } from './method.ts';

export const facts: Method<'facts'> = async (datasets, { ref }, context) =>
  await (await datasets.get(ref, context)).source.facts(context);
