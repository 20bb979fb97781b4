import {
  choice,
  dictionary,
  either,
  field,
  list,
  number,
  record,
  boolean,
  text,
  type Field,
  type TypeOf,
} from '../schema/shape.ts';
import { message } from '../message/message.ts';

/** Comparison operators of conditions in `where` and `events`. */
export const comparison = choice({
  '=': message('Equal'),
  '!=': message('Not equal'),
  '>': message('Greater'),
  '>=': message('Greater or equal'),
  '<': message('Less'),
  '<=': message('Less or equal'),
});

/** A value that a column is compared with. */
export const literal = either(text(), number(), boolean());

/** A column and the value that it is compared with; with `in`, a list of allowed values. */
export interface ColumnComparison {
  readonly column: string;
  readonly op: TypeOf<typeof comparison> | 'in';
  readonly values: readonly TypeOf<typeof literal>[];
}

const condition = either(
  literal,
  list(literal, { min: 1 }),
  record({
    op: field(comparison, message('How the column is compared'), { required: true }),
    value: field(literal, message('What the column is compared with'), { required: true }),
  }),
);

const whereShape = dictionary(
  'column',
  condition,
  message('The name is a column. The condition is one value, a list of allowed values, or {op, value}.'),
);
/** `{status: online}`, `{city: [杭州, Paris]}`, `{price: {op: ">", value: 10}}`. */
export type Where = TypeOf<typeof whereShape>;

export const where: Field<Where> = field(whereShape, message('Only items that meet every condition.'), {
  example: '{status: online}',
});

/** Like `where`, of a table whose rows are not items. */
export const whereRows: Field<Where> = field(whereShape, message('Only rows that meet every condition.'), {
  example: '{scene: home}',
});
