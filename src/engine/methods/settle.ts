import type { Method } from './method.ts';

export const settle: Method<'settle'> = async (sessions, { ref }, context) => {
  const session = await sessions.get(ref, context);
  await session.source.settle(context);
  return session.dataset(ref);
};
