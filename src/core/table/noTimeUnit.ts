import { refuse, type FailureError } from '../message/failure.ts';
import { message } from '../message/message.ts';

/** The failure for numbers that are read as times without a unit: a guess could be wrong by a factor of a million. */
export function noTimeUnit(column: string, path?: string): FailureError {
  return refuse('time-unit', message('the numbers in column {0} need a unit to be read as times', column), {
    place: path === undefined ? undefined : { path, column },
    advice: message('Set the unit in the config, for example {0}.', `time: {column: ${column}, unit: s}`),
  });
}
