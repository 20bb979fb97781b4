import { message } from '../../../message/message.ts';
import { isNested, typeName, type LogicalType } from '../../../table/type.ts';
import { columnNamed } from '../../../data/columnKinds.ts';
import { changed } from '../../examples/example.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { groupByNames } from '../../groupByNames.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

export const matchAttribute = defineRule({
  id: 'schema/match-attribute',
  kind: 'schema',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  needs: (context) => datasetNeeds(context, [...new Set([...attributes(context)].map(({ dataset }) => dataset))]),
  *check(context): Iterable<Report> {
    for (const { dataset, name, at } of attributes(context)) {
      const facts = context.facts.dataset(dataset);
      const column = facts?.state === 'known' ? columnNamed(facts, name) : undefined;
      if (column && !canRepeat(column.type))
        yield {
          at,
          message: message(
            'Column {0} has the type {1}: almost all values are unique, so each group has only one row',
            name,
            typeName(column.type),
          ),
        };
    }
  },
  docs: {
    summary: '`match` or `group_by` names an attribute whose values are nearly unique',
    why: `\`same_attribute\` draws from the items whose attribute equals that of the positive. \`group_by\` counts by
the value of a user attribute. With a vector, a floating-point number or a point in time, every row becomes its own
group. The entry then finds nothing, or the popularity is that of a single user. Use a category, or divide the number
into classes.

\`config/missing-input\` reports an attribute that the config does not declare. \`schema/column-missing\` reports an
attribute that the files do not have.`,
    source: 'By definition of the sources.',
    wrong: {
      text: changed(
        'recall',
        ['attributes: [city, category]', 'attributes: [city, category, item_emb]'],
        ['match: [city]', 'match: [item_emb]'],
      ),
      reportedAt: 'item_emb',
      after: 'match: [',
    },
    right: { text: changed('recall') },
  },
});

interface Attribute {
  readonly dataset: 'items' | 'users';
  readonly name: string;
  readonly at: readonly (string | number)[];
}

function* attributes({ stage, config }: Pick<RuleContext, 'stage' | 'config'>): Iterable<Attribute> {
  for (const { source, options, path } of stage.entries) {
    const { match } = options;
    if (source?.name === 'same_attribute' && Array.isArray(match) && config.data?.items) {
      for (const [k, name] of match.entries())
        if (typeof name === 'string') yield { dataset: 'items', name, at: [...path, 'match', k] };
    }
    if (source?.name === 'popularity' && config.data?.users)
      for (const attribute of groupByNames(options, path)) yield { dataset: 'users', ...attribute };
  }
}

/** True for types whose values can be equal in many rows. Decimals are included: a star rating may be a decimal. */
function canRepeat(type: LogicalType): boolean {
  return (
    !isNested(type) &&
    type.kind !== 'float' &&
    type.kind !== 'timestamp' &&
    type.kind !== 'time' &&
    type.kind !== 'binary'
  );
}
