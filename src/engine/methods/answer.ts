import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { SamplingRequest } from '../../protocol/sampling.ts';
import type { QuestionAnswerer } from '../answers/question.ts';
import { answering, type CountedKind } from '../answers/registry.ts';
import { chances } from '../chances/chances.ts';
import { hotEffect } from '../preview/hotEffect.ts';
import { askedLengths } from '../preview/histories/askedLengths.ts';
import { itemDistances } from '../chances/itemDistances.ts';
import { refusalOf } from '../preview/refusalOf.ts';
import type { Sampling } from '../preview/openSamplingData.ts';
import { shortfalls } from '../preview/shortfalls.ts';
import type { Method } from './method.ts';

/**
 * Opens the data sets of a question together and counts. Questions that need sampling use the data that
 * previews keep open.
 */
export const answer: Method<'answer'> = async (datasets, request, context) =>
  await datasets.counted.during(async () => await answerTo(datasets, request, context));

const answerTo: Method<'answer'> = async (datasets, { question }, context) => {
  const sampled = async <T>(request: SamplingRequest, answered: (sampling: Sampling) => Promise<T>): Promise<T> =>
    await (await datasets.samplingData()).use(request, context, answered);
  if (question.kind === 'shortfalls')
    return await sampled(question.request, async (sampling) => await shortfalls(question, sampling, context));
  if (question.kind === 'refusal')
    return await sampled(question.request, async (sampling) => await refusalOf(question, sampling, context));
  if (question.kind === 'hot-effect')
    return await sampled(question.request, async (sampling) => await hotEffect(question, sampling, context));
  if (question.kind === 'history-lengths')
    return await sampled(question.request, async (sampling) => await askedLengths(question, sampling, context));
  if (question.kind === 'item-distances') return await itemDistances(question, datasets, context);
  if (question.kind === 'chances') return await chances(question, datasets, context);
  if (!Object.hasOwn(answering, question.kind))
    throw fail('bad-request', message('There is no question {0}', question.kind));
  const counting = answering[question.kind] as QuestionAnswerer<CountedKind>;
  return await datasets.asked(counting.tables(question), context, async (open) => {
    return await counting.answer(question, open, context);
  });
};
