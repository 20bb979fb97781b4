/** Types of values. Each dialect has its own name for a type. */
export type SqlType =
  | 'BOOLEAN'
  | 'TINYINT'
  | 'SMALLINT'
  | 'INT'
  | 'BIGINT'
  | 'DOUBLE'
  | 'STRING'
  | 'DATE'
  | 'TIMESTAMP'
  | 'TIMESTAMP_NTZ';

/** Functions that dialects write differently. The comments give the arguments in their order. */
export type DialectFunction =
  /** Exclusive or of two integers. */
  | 'xor'
  /** Arithmetic shifts. Arguments: the value, and the number of bits. */
  | 'shiftRight'
  | 'shiftLeft'
  /** The integer of eight hexadecimal digits in a text. Arguments: the text, and the position of the first, from 1. */
  | 'hexWord'
  /** Microseconds since 1970 UTC of a time. Times without a zone, and dates, are in the time zone of the session. */
  | 'microseconds'
  /** Like `microseconds`, for a text in ISO 8601. The query fails if the text is not a time. */
  | 'textMicroseconds'
  /** Last microsecond of a date, in the time zone of the session. */
  | 'dayEnd'
  /** For a text that is only a date: its last microsecond. For other texts: as `textMicroseconds`. */
  | 'textDayEnd'
  /** The timestamp of microseconds since 1970 UTC. */
  | 'instant'
  /** The date of an instant in microseconds, as days since 1970, in the time zone of the session. */
  | 'dayNumber'
  /**
   * The same local time some days earlier, in microseconds, in the time zone of the session. If the clock shows that
   * time twice (end of daylight saving), the earlier one. Arguments: the instant in microseconds, and the days.
   */
  | 'daysEarlier'
  /** One row for each integer from the first to the last argument, both included. Only as a column of a query. */
  | 'eachInteger'
  /** Splits a text, and keeps empty parts. Arguments: the text, the separator, and the same as a regular expression. */
  | 'splitText'
  /** Removes spaces, tabs and line ends at both ends of a text. */
  | 'trimBlanks'
  /** The 64-bit integer in a text; NULL for other texts. */
  | 'wholeNumber'
  /** The 64-bit integer in a text. The query fails for other texts. */
  | 'integerOfText'
  /** One row for each element of a list. Only as a column of a query. */
  | 'eachElement'
  /** Fails when a row is computed. Argument: the error message. */
  | 'raise'
  /** The number of a row's range, ascending with their order; see `Select.ranges`. Arguments: the sorted columns. */
  | 'rangeBucket'
  /** The text of a date. Arguments: days since 1970, and a format with `yyyy`, `MM` and `dd`. */
  | 'dayText'
  /** A list of the arguments. */
  | 'listOf'
  /** A list with one field of each struct. Arguments: the list of structs, and the field. */
  | 'eachField'
  /** A list of the arguments that are not NULL. */
  | 'listOfKnown'
  /** The first distinct elements of a list, in list order. Arguments: the list, and the maximum number of elements. */
  | 'firstDistinct'
  /** Concatenates two lists. NULL is an empty list. */
  | 'joinedLists'
  /** Number of elements of a list. */
  | 'listSize'
  /** An element of a list. Arguments: the list, and the index from 0. */
  | 'elementAt'
  /** Some elements of a list. Arguments: the list, the number of the first one from 1, and the maximum number. */
  | 'slice'
  /** True if a list contains a value. A NULL list is empty. Arguments: the list, and the value. */
  | 'isInList'
  /** The task to which `Select.tasks` sends rows with a number. Arguments: the number, and the number of tasks. */
  | 'taskOf'
  /** A number from 0 to count - 1 that depends only on a text. Arguments: the text, and the count. */
  | 'partOf'
  /** The task that computes a row after `Select.tasks`. Argument: the expected task. */
  | 'ownTask';

/** An SQL expression, independent of a dialect. Only dialects quote names and texts. */
export type Expression =
  | { readonly kind: 'name'; readonly name: string; readonly of: string | null }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null'; readonly type: SqlType }
  | { readonly kind: 'function'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: DialectFunction; readonly arguments: readonly Expression[] }
  | { readonly kind: 'cast'; readonly value: Expression; readonly type: SqlType | DecimalType }
  | {
      readonly kind: 'case';
      readonly when: readonly (readonly [Expression, Expression])[];
      readonly otherwise: Expression | null;
    }
  | { readonly kind: 'window'; readonly value: Expression; readonly over: Window }
  /** The single value of a query with one row and one column. */
  | { readonly kind: 'query'; readonly relation: Relation }
  /**
   * Aggregate: a list with a struct for each row, sorted by its fields. The first fields must differ between rows. Then
   * the list is the same for any number of machines, and when a task runs again. `where`: null for all rows.
   */
  | {
      readonly kind: 'structs';
      readonly fields: readonly (readonly [name: string, value: Expression])[];
      readonly where: Expression | null;
    }
  /**
   * The elements of a list for which `where` holds, each as `value`. Both name an element `as`, as they name a FROM item.
   * Null: all elements, the elements themselves.
   */
  | {
      readonly kind: 'elements';
      readonly list: Expression;
      readonly as: string;
      readonly where: Expression | null;
      readonly value: Expression | null;
    }
  /** Operators and keywords between operands. A nested `syntax` is put in parentheses. */
  | { readonly kind: 'syntax'; readonly parts: readonly (string | Expression)[] };

export interface DecimalType {
  readonly precision: number;
  readonly scale: number;
}

/** The rows that a window function reads. */
export interface Window {
  readonly partition: readonly Expression[];
  readonly order: readonly Order[];
  /** Rows from the start of the partition to the current row, or to the row before it. Default: the whole partition. */
  readonly rows?: 'upToHere' | 'before';
}

export interface Order {
  readonly value: Expression;
  readonly descending?: boolean;
  /** Default: first. */
  readonly nulls?: 'first' | 'last';
}

/** An SQL query or table, independent of a dialect. */
export type Relation =
  | { readonly kind: 'named'; readonly name: string }
  /** Literal rows. Each has a value for every column. */
  | { readonly kind: 'values'; readonly columns: readonly string[]; readonly rows: readonly (readonly Expression[])[] }
  | { readonly kind: 'union'; readonly all: readonly Relation[]; readonly distinct: boolean }
  | Select;

export interface Select {
  readonly kind: 'select';
  readonly columns: readonly SelectColumn[];
  /** Null: no FROM clause, so the query has one row. */
  readonly from: From | null;
  readonly distinct?: boolean;
  readonly joins?: readonly Join[];
  readonly where?: readonly Expression[];
  readonly groupBy?: readonly Expression[];
  readonly having?: readonly Expression[];
  /**
   * Names of the columns that are computed only once: Spark does not push conditions of later steps into this query.
   * Otherwise, Spark repeats all steps of a hash in each comparison with its result.
   */
  readonly computed?: readonly string[];
  /** Partitions the rows into sorted ranges, for `rangeBucket`. `by`: columns. */
  readonly ranges?: { readonly by: readonly string[] };
  /** Rows with equal values are processed by the same task. */
  readonly together?: readonly Expression[];
  /** Each row is processed by the task `taskOf(by, count)`. `by`: a column of numbers. */
  readonly tasks?: { readonly count: number; readonly by: string };
  /** Sorts all rows, or the rows of each task. */
  readonly sorted?: { readonly within: 'all' | 'task'; readonly order: readonly Order[] };
}

/** A column, or every column of a FROM item. `all`: its alias; null: of all FROM items. */
export type SelectColumn = { readonly name: string; readonly value: Expression } | { readonly all: string | null };

export interface From {
  readonly relation: Relation;
  /** Alias; null if no expression needs one. */
  readonly as: string | null;
}

/** `semi`: keeps rows with a partner. `anti`: keeps rows without one. `one`: a cross join with a single row. */
export interface Join extends From {
  readonly kind: 'inner' | 'left' | 'semi' | 'anti' | 'one';
  readonly on: Expression | null;
  /** Each task gets a copy of the relation, so that no other rows move. For relations with at most a few hundred rows. */
  readonly few?: true;
}
