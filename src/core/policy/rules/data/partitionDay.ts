import { datasetPath, datasetsByDay } from '../../../data/dataColumns.ts';
import { message } from '../../../message/message.ts';
import { noRows, nothingIn } from '../../nothingIn.ts';
import { exampleRows } from '../../exampleRows.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

const path = 'path: ../data/impressions/dt=*/*.parquet\n';
export const byDay = changed('recall', [path, `${path}    partition: {column: dt, day_of: time}\n`]);
export const counted = (misplaced: number) =>
  ({
    'partition-days': {
      datasets: [
        {
          dataset: 'impressions',
          rows: 30_612,
          misplaced,
          examples: misplaced === 0 ? [] : [{ dt: '2026-11-02', ts: '2026-11-09 10:15:00' }],
        },
      ],
    },
  }) as const;

export const partitionDay = defineRule({
  id: 'data/partition-day',
  kind: 'data',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: ({ config, stage }) => {
    const declared = datasetsByDay(config);
    if (declared.length === 0) return [];
    return [
      ...declared.map(({ dataset }) => ({ dataset })),
      { question: { kind: 'partition-days', stage: stage.name } },
    ];
  },
  comparesNothing: nothingIn('partition-days', ({ datasets }) => noRows(...datasets.map(({ rows }) => rows))),
  *check({ facts, stage }): Iterable<Report> {
    const answer = facts.answer({ kind: 'partition-days', stage: stage.name });
    if (!answer || !('value' in answer)) return;
    for (const { dataset, rows, misplaced, examples } of answer.value.datasets) {
      if (misplaced === 0) continue;
      yield {
        at: [...datasetPath(dataset), 'partition'],
        message:
          misplaced === 1
            ? message('1 of {0} rows is more than a day away from the day of its folder', rows)
            : message('{0} of {1} rows are more than a day away from the day of their folder', misplaced, rows),
        details: exampleRows(examples),
      };
    }
  },
  docs: {
    summary: 'Rows are in a folder of another day',
    why: `With \`partition: {column: dt, day_of: time}\`, sampling does not read the folders of days that the stage does
not use. A row in such a folder would be missing from counts, exclusion and positives, silently.

A day of tolerance on each side is allowed: folders are often named by another time zone, and rows arrive late. Sampling
stops if a folder that it reads has such a row. This rule checks all folders.`,
    source: 'A fact about the files. One day covers every time zone.',
    wrong: { text: byDay, reportedAt: '{column: dt, day_of: time}', answers: counted(12) },
    right: { text: byDay, answers: counted(0) },
  },
});
