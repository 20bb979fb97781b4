import type { Method } from './method.ts';

/** Opens files as they are now and says what is in them, without reading all of them. */
export const open: Method<'open'> = async (sessions, { ref }, context) => {
  const session = await sessions.get(ref, context, ref.fingerprint === undefined);
  return session.dataset(ref);
};
