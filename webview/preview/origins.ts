import { originParts, teacherOriginParts } from '../../src/core/report/originText.ts';
import { printable } from '../../src/core/message/printable.ts';
import type { PairRow } from '../../src/core/sampling/answers.ts';
import type { PassedValues } from '../../src/core/sampling/passedValues.ts';
import { outcomeColumn } from '../../src/core/config/outcomeNames.ts';
import type { StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import type { PreviewRow } from '../../src/protocol/sampling.ts';
import { say } from '../strings.ts';

/** Maximum number of characters of a value in a sentence. */
const maxShown = 500;

/** Values of a row and where they come from, one line for each: the teacher, labels of events, copied columns. */
export function originSentences(
  {
    teacher,
    teacherReason,
    outcomes = [],
    passed = [],
  }: Pick<PairRow, 'teacher' | 'teacherReason' | 'outcomes' | 'passed'>,
  plan: Pick<StagePlan, 'teacher' | 'outcomes'> | null | undefined,
  values: PassedValues | undefined,
): string[] {
  const line = (name: string, value: string | null, parts: ReturnType<typeof originParts>): string => {
    const text = value === null ? 'null' : value === '' ? '""' : printable(value.slice(0, maxShown));
    return [`${printable(name)} = ${text}`, ...parts.map(say)].join(' · ');
  };
  const plannedTeacher = plan?.teacher;
  return [
    ...(plannedTeacher === undefined || teacher === undefined
      ? []
      : [
          line('teacher', teacher === null ? null : String(teacher), teacherOriginParts(plannedTeacher, teacherReason)),
        ]),
    ...outcomes.map((value, k) =>
      line(outcomeColumn(plan?.outcomes?.events[k]?.name ?? ''), value === null ? null : String(value), []),
    ),
    ...passed.flatMap((cell, k) => {
      const column = values?.columns[k];
      return column ? [line(column.name, cell.value, originParts(column, cell, values))] : [];
    }),
  ];
}

/** A row as JSON, with the copied values by name. */
export function rowJson(
  { passed, ...row }: PreviewRow,
  group: { readonly user: string; readonly time: string },
  values: PassedValues | undefined,
): string {
  const valuesByName = passed?.map(({ value }, k) => [values?.columns[k]?.name ?? String(k), value] as const);
  return JSON.stringify(
    { ...group, ...row, ...(valuesByName ? { passed: Object.fromEntries(valuesByName) } : {}) },
    null,
    2,
  );
}
