import { handOver } from '../sampling/handover/handOver.ts';
import type { Method } from './method.ts';

export const handover: Method<'handover'> = async (sessions, request, context) =>
  await handOver(request, sessions.options, context);
