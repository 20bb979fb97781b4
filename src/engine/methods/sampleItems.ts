import { findItems } from '../preview/findItems.ts';
import type { Method } from './method.ts';

export const sampleItems: Method<'sampleItems'> = async (datasets, request, context) =>
  await (
    await datasets.samplingData()
  ).use(request, context, async (sampling) => await findItems(request, sampling, context));
