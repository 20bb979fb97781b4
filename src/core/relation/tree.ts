/** Types of values in a script. Dialects name them. */
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

/** Functions that dialects write differently. */
export type DialectFunction =
  /** Exclusive or of two integers. */
  | 'xor'
  /** Arithmetic shifts: the value, and the number of bits. */
  | 'shiftRight'
  | 'shiftLeft'
  /** The integer of eight hexadecimal digits of a text: the text, and the place of the first digit. */
  | 'hexWord'
  /** Microseconds since 1970 UTC. A time without a zone, or a date, is in the zone of the session. */
  | 'microseconds'
  /** The same of a text in ISO 8601. Fails for a text that is not a time. */
  | 'textMicroseconds'
  /** Last microsecond of a date in the zone of the session. */
  | 'dayEnd'
  /** The last microsecond of a text if it is only a day, else its microsecond. */
  | 'textDayEnd'
  /** An instant from microseconds since 1970 UTC. */
  | 'instant'
  /** Days since 1970 of an instant in microseconds, in the zone of the session. */
  | 'dayNumber'
  /**
   * The microsecond at which the clock of the session shows what it shows at an instant, so many days earlier: the first
   * one if it shows this twice. The instant, and the days.
   */
  | 'daysEarlier'
  /** One row for each integer from … to, both included. Only as a column of a query. */
  | 'eachInteger'
  /** The parts of a text, empty ones too: the text, the separator, and the separator as a regular expression. */
  | 'splitText'
  /** A text without spaces, tabs and line ends around it. */
  | 'trimBlanks'
  /** The integer of 64 bits in a text; NULL for any other text. */
  | 'wholeNumber'
  /** The same, but fails for another text. */
  | 'integerOfText'
  /** One row for each element of a list. Only as a column of a query. */
  | 'eachElement'
  /** Fails with a text when a row is computed. */
  | 'raise'
  /** Number of the partition of a range, ascending in the order of the range: the columns that sort it. */
  | 'rangeBucket'
  /** The text of a day: days since 1970, and a format with `yyyy`, `MM` and `dd` as a text. */
  | 'dayText'
  /** A list of the values. */
  | 'listOf'
  /** A list with one field of each struct of a list: the list, and the name of the field. */
  | 'eachField'
  /** A list of the values that are not NULL. */
  | 'listOfKnown'
  /** The different elements of a list in the order of their first place, at most so many: the list, and the number. */
  | 'firstDistinct'
  /** The elements of two lists. NULL is an empty list. */
  | 'joinedLists'
  /** The number of elements of a list. */
  | 'listSize'
  /** An element of a list: the list, and its place from 0. */
  | 'elementAt'
  /** Whether a list has a value. NULL is an empty list. */
  | 'isInList'
  /** The task to which `Select.tasks` sends rows with a number: the number, and how many tasks there are. */
  | 'taskOf'
  /** A number from 0 below a count that depends on a text only: the text, and the count. */
  | 'partOf'
  /** The task that computes a row, after `Select.tasks`. The argument is what it must be. */
  | 'ownTask';

/** A value in SQL, independent of a dialect. Nothing but the dialects quotes names and texts. */
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
  /** The single value of a query. */
  | { readonly kind: 'query'; readonly relation: Relation }
  /**
   * An aggregate: structs of the rows, as a list in the order of their fields. The first fields differ between rows. So
   * the list is the same however often, and on however many machines, a task runs.
   */
  | {
      readonly kind: 'structs';
      readonly fields: readonly (readonly [name: string, value: Expression])[];
      readonly where: Expression | null;
    }
  /** Operators and keywords around operands. A nested one is in parentheses. */
  | { readonly kind: 'syntax'; readonly parts: readonly (string | Expression)[] };

export interface DecimalType {
  readonly precision: number;
  readonly scale: number;
}

/** The rows that a window function sees. */
export interface Window {
  readonly partition: readonly Expression[];
  readonly order: readonly Order[];
  /** Default: all rows of the partition without an order. `before`: without the current row. */
  readonly rows?: 'upToHere' | 'before';
}

export interface Order {
  readonly value: Expression;
  readonly descending?: boolean;
  /** Default: first. */
  readonly nulls?: 'first' | 'last';
}

/** Rows in SQL, independent of a dialect. */
export type Relation =
  | { readonly kind: 'named'; readonly name: string }
  /** Rows in the text of the script. Each has a value for every column. */
  | { readonly kind: 'values'; readonly columns: readonly string[]; readonly rows: readonly (readonly Expression[])[] }
  | { readonly kind: 'union'; readonly all: readonly Relation[]; readonly distinct: boolean }
  | Select;

export interface Select {
  readonly kind: 'select';
  readonly columns: readonly SelectColumn[];
  /** Null: one row. */
  readonly from: From | null;
  readonly distinct?: boolean;
  readonly joins?: readonly Join[];
  readonly where?: readonly Expression[];
  readonly groupBy?: readonly Expression[];
  readonly having?: readonly Expression[];
  /**
   * Names of columns that are computed once: no condition of a later step is pushed into this query. Without it, Spark
   * writes each step of a hash out again wherever its result is compared.
   */
  readonly computed?: readonly string[];
  /** The rows are sorted into ranges, so that `rangeBucket` ascends with them. */
  readonly ranges?: { readonly by: readonly string[] };
  /** Rows with equal values are processed together. */
  readonly together?: readonly Expression[];
  /** Each row is processed by the task that `taskOf` gives for the number in a column. */
  readonly tasks?: { readonly count: number; readonly by: string };
  /** Orders all rows, or those of each task. */
  readonly sorted?: { readonly within: 'all' | 'task'; readonly order: readonly Order[] };
}

/** `all`: every column of a FROM item. */
export type SelectColumn = { readonly name: string; readonly value: Expression } | { readonly all: string | null };

export interface From {
  readonly relation: Relation;
  /** Its name in expressions; null if no expression names it. */
  readonly as: string | null;
}

/** `semi` and `anti` keep rows that have a partner, or none. */
export interface Join extends From {
  readonly kind: 'inner' | 'left' | 'semi' | 'anti' | 'one';
  readonly on: Expression | null;
  /** The relation has a few hundred rows at most: each task gets all of them, so that no other row moves. */
  readonly few?: true;
}
