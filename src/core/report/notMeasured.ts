import { message, type Message } from '../message/message.ts';
import type { AuditReport } from './auditReport.ts';

/** What an audit could not measure or check, with the reasons: metrics first, then rules. */
export function notMeasured({
  metrics,
  rules,
}: Pick<AuditReport, 'metrics' | 'rules'>): { readonly name: Message; readonly because: Message }[] {
  return [
    ...metrics.flatMap((outcome) =>
      outcome.state === 'not-run' ? [{ name: outcome.title, because: outcome.because }] : [],
    ),
    ...rules.flatMap(({ rule, status, because }) =>
      status === 'not-run' && because ? [{ name: message('{0}', rule), because }] : [],
    ),
  ];
}
