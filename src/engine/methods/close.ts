import type { Method } from './method.ts';

export const close: Method<'close'> = async (sessions, { id }) => {
  await sessions.close(id);
  return null;
};
