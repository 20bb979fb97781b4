import { auditRoles, type SampleColumns } from '../audit/sampleColumns.ts';

/** The columns of a sample by role, as the audit reads them: `user_id = user, item_id = item`. */
export function sampleRoles({ columns }: SampleColumns): string {
  return auditRoles
    .flatMap((role) => {
      const { name, negatives } = columns[role] ?? { name: null, negatives: null };
      const names = [name, negatives].filter((column) => column !== null);
      return names.length === 0 ? [] : [`${names.join(' + ')} = ${role}`];
    })
    .join(', ');
}
