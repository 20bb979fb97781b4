import { message } from '../../../message/message.ts';
import { columnNamed } from '../../../data/columnKinds.ts';
import { dataColumn } from '../../../data/dataColumns.ts';
import { isNumeric, typeName } from '../../../table/type.ts';
import { teacherRoles } from '../../../data/teacherRoles.ts';
import { changed } from '../../examples/example.ts';
import { files, impressionColumns } from '../../examples/files.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { suggestIn } from '../../suggestions.ts';

export const teacherType = defineRule({
  id: 'schema/teacher-type',
  kind: 'schema',
  severity: 'error',
  stages: ['coarse_ranking', 'fine_ranking', 'recall'],
  options: {},
  needs: (context) => {
    const teacher = teacherColumn(context);
    return teacher === null || !context.config.data?.[teacher.dataset] ? [] : datasetNeeds(context, [teacher.dataset]);
  },
  *check(context): Iterable<Report> {
    const teacher = teacherColumn(context);
    const facts = teacher && context.facts.dataset(teacher.dataset);
    if (teacher === null || facts?.state !== 'known') return;
    const { dataset, name } = teacher;
    const at = [...context.stage.path, 'teacher', 'column'];
    const column = columnNamed(facts, name);
    if (column && !isNumeric(column.type))
      yield {
        at,
        message: message(
          'column {0} of data.{1} must contain numbers, but its type is {2}',
          name,
          dataset,
          typeName(column.type),
        ),
      };
    // A missing column of a role is reported where the role names it.
    if (column || dataset === 'candidates') return;
    const near = suggestIn(context, name, () => facts.columns.map((candidate) => candidate.name));
    yield {
      at,
      message:
        near === null
          ? message('The files of {0} have no column {1}', `data.${dataset}`, name)
          : message('The files of {0} have no column {1}. Did you mean {2}?', `data.${dataset}`, name, near),
    };
  },
  docs: {
    summary: 'The values of the teacher are not numbers, or there is no such column',
    why: `The output has the values of the teacher in the column \`teacher\`, a double. A text or a list is not a score.
In CSV files, one text makes a column a text column.`,
    source: 'A fact about the files.',
    wrong: {
      text: changed('coarse_ranking', [
        'teacher: {column: teacher, kind',
        'teacher: {column: device, from: impressions, kind',
      ]),
      reportedAt: 'device',
      datasets: { impressions: files(`${impressionColumns} device:string`) },
    },
    right: { text: changed('coarse_ranking') },
  },
});

/** The column of the teacher; null without one, and in the unit positive, where it has no effect. */
function teacherColumn({
  config,
  stage: {
    unit,
    draft: { teacher },
  },
}: Pick<RuleContext, 'config' | 'stage'>): {
  readonly dataset: 'impressions' | 'candidates';
  readonly name: string;
} | null {
  if (teacher?.column === undefined || unit === undefined || unit === 'positive') return null;
  if (teacher.from === 'impressions') return { dataset: 'impressions', name: teacher.column };
  if (!teacherRoles.some((role) => role === teacher.column)) return null;
  const column = dataColumn(config, 'candidates', teacher.column);
  return column ? { dataset: 'candidates', name: column.name } : null;
}
