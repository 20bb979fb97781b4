import type { Method } from './method.ts';

export const close: Method<'close'> = async (datasets, { id }) => {
  await datasets.close(id);
  return null;
};
