import { refsOfAudit } from '../audit/auditSample.ts';
import { inferDraws as infer } from '../audit/infer/inferDraws.ts';
import type { Method } from './method.ts';

/** Opens the sample and its inputs together, infers, and frees them. */
export const inferDraws: Method<'inferDraws'> = async (datasets, request, context) =>
  await datasets.together(refsOfAudit(request), context, async (tables) => {
    const answer = await infer(request, tables, context);
    await tables.checkCurrent();
    return answer;
  });
