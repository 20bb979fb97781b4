import type { Method } from './method.ts';

export const badRows: Method<'badRows'> = async (sessions, { ref, limit }, context) =>
  await (await sessions.get(ref, context)).source.badRows(limit, context);
