import type { Method } from './method.ts';
import { timelineOf } from '../view/timeline.ts';

/** Rows of a view by time. */
export const timeline: Method<'timeline'> = async (datasets, { ref, view }, context) => {
  const dataset = await datasets.get(ref, context);
  await dataset.source.settle(context);
  const { connections, source } = dataset;
  try {
    return await timelineOf(connections, source, dataset.describe(ref).columns, view.filter, context);
  } catch (error) {
    throw await dataset.failure(error);
  }
};
