import type { Method } from './method.ts';

/** Opens files in their current state and describes their content without reading all of it. */
export const open: Method<'open'> = async (sessions, { ref }, context) => {
  const session = await sessions.get(ref, context, ref.fingerprint === undefined);
  return session.dataset(ref);
};
