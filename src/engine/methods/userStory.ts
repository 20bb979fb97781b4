import { storyOfUser } from '../preview/storyOfUser.ts';
import type { Method } from './method.ts';

export const userStory: Method<'userStory'> = async (datasets, request, context) =>
  await (
    await datasets.samplingData()
  ).use(request, context, async (sampling) => await storyOfUser(request, sampling, context));
