import { message, type Message } from '../../core/message/message.ts';

/** A value that cannot be read, and how to repair it. */
export interface MisreadValue {
  readonly message: Message;
  readonly advice: Message;
}

const time =
  /^(?:invalid timestamp field format|timestamp field value out of range|invalid date field format|date field value out of range): "(.*?)", expected/s;
const integer = /^Could not convert string '(.*)' to INT/s;

/**
 * Extracts the value from DuckDB's text of a failed conversion. Null for other texts.
 * @param what the text without its class
 * @param column the column that the text names
 */
export function misreadValue(what: string, column: string): MisreadValue | null {
  const notTime = time.exec(what)?.[1];
  if (notTime !== undefined)
    return {
      message: message('{0} in column {1} is not a time', JSON.stringify(notTime), column),
      advice: message('Write times as ISO 8601, such as 2026-11-20 10:00:00.'),
    };
  const notInteger = integer.exec(what)?.[1];
  if (notInteger !== undefined)
    return {
      message: message('{0} in column {1} is not an integer', JSON.stringify(notInteger), column),
      advice: message('Correct the value, or remove the type of the column from the config.'),
    };
  return null;
}
