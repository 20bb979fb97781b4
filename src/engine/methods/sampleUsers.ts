import { findUsers } from '../preview/findUsers.ts';
import type { Method } from './method.ts';

export const sampleUsers: Method<'sampleUsers'> = async (datasets, request, context) =>
  await (
    await datasets.samplingData()
  ).use(request, context, async (sampling) => await findUsers(request, sampling, context));
