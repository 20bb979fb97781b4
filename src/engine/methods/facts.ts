import type { Method } from './method.ts';

export const facts: Method<'facts'> = async (sessions, { ref }, context) =>
  await (await sessions.get(ref, context)).source.facts(context);
