import { jsonText as json } from './jsonText.ts';
import type { PairExplanation, PairRow, Preview } from '../sampling/answers.ts';
import type { PassedCell, PassedValues, ShownColumn } from '../sampling/passedValues.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { valueAt } from '../valueAt.ts';
import { shownNulls } from './nullTexts.ts';
import { labelsJson } from './outcomesJson.ts';

/** A copied column: its name in the file, and where its values come from. */
export function columnJson({ name, column, from, side, maxAge }: ShownColumn): object {
  return { name, column, from, side, ...(maxAge === null ? {} : { max_age_seconds: maxAge / 1e6 }) };
}

/** The copied columns, and in how many of the shown rows each is NULL, by label. */
export function passedColumnsJson(preview: Pick<Preview, 'users'> & { readonly passed: PassedValues }): object[] {
  const { columns } = preview.passed;
  return shownNulls(preview).map(({ positives, negatives }, k) => ({
    ...columnJson(valueAt(columns, k)),
    null_positives: positives.nulls,
    null_negatives: negatives.nulls,
  }));
}

/** Exact texts of the copied columns of a row, by name; and why some are null. */
export function passedJson(cells: readonly PassedCell[], columns: readonly ShownColumn[]): object {
  const named = cells.map((cell, k) => [columns[k]?.name ?? '', cell] as const);
  const reasons = named.flatMap(([name, { reason }]) => (reason === null ? [] : [[name, reason] as const]));
  return {
    passed: Object.fromEntries(named.map(([name, { value }]) => [name, value])),
    ...(reasons.length === 0 ? {} : { null_reasons: Object.fromEntries(reasons) }),
  };
}

/** Lines of the explanation of a pair: the rows of the item, with the values of each and where they come from. */
export function valuesJson(plan: StagePlan, { rows, passed }: PairExplanation): string[] {
  if (!rows) return [];
  const lines = rows.map((row) => `    ${json(rowJson(plan, row, passed))}`);
  return [`  "rows": ${lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`}`];
}

function rowJson(
  plan: StagePlan,
  { key, time, label, entry, draw, teacher, teacherReason, outcomes, passed = [] }: PairRow,
  values: PassedValues | undefined,
): unknown {
  const { teacher: asked } = plan;
  return {
    key,
    time,
    label,
    entry,
    draw,
    ...(asked === undefined
      ? {}
      : {
          teacher: {
            value: teacher ?? null,
            from: asked.from,
            side: asked.from === 'candidates' ? 'candidate' : 'exposure',
            null_reason: teacherReason ?? null,
          },
        }),
    ...labelsJson(plan, outcomes === undefined ? {} : { outcomes }),
    ...(values === undefined
      ? {}
      : {
          passed: passed.map(({ value, source, reason }, k) => {
            const column = values.columns[k];
            const row = source === null ? null : values.sources[source];
            return {
              ...(column ? columnJson(column) : {}),
              value,
              null_reason: reason,
              source: row ? { time: row.time, key: row.key } : null,
            };
          }),
        }),
  };
}
