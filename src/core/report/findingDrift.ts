import { message, type Message } from '../message/message.ts';
import type { AuditReport } from './auditReport.ts';

/** Lines about the findings that are new, and that are gone, since the baseline. */
export function findingDrift({ fresh, resolved }: NonNullable<AuditReport['baseline']>): readonly Message[] {
  if (fresh.length === 0 && resolved.length === 0) return [message('The data rules find the same as in the baseline')];
  return [
    ...fresh.map(({ rule, message: says }) => message('New: {0} ({1})', says, rule)),
    ...resolved.map(({ rule, message: says }) => message('No longer found: {0} ({1})', says, rule)),
  ];
}
