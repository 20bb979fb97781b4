import { findUsers } from '../sampling/preview/findUsers.ts';
import type { Method } from './method.ts';

export const sampleUsers: Method<'sampleUsers'> = async ({ samplingData }, request, context) =>
  await samplingData.use(request, context, async (sampling) => await findUsers(request, sampling, context));
