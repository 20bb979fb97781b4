import { findUsers } from '../sampling/preview/findUsers.ts';
import type { Method } from './method.ts';

export const sampleUsers: Method<'sampleUsers'> = async ({ samplingData: samplers }, request, context) =>
  await samplers.use(request, context, async (sampling) => await findUsers(request, sampling, context));
