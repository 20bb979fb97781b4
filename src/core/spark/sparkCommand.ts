import { fail } from '../message/failure.ts';
import { message } from '../message/message.ts';

/** A program and its arguments. No shell reads them. */
export interface SparkProgram {
  readonly program: string;
  readonly args: readonly string[];
}

/** In a command, this is replaced by the file of the job. */
const placeholder = '{file}';

/** The command that runs a file of a job, unless the user has another one. */
export function defaultSparkCommand(file: string): 'spark-sql' | 'spark-submit' {
  return file.endsWith('.py') ? 'spark-submit' : 'spark-sql';
}

/**
 * The program that runs a file of a job. `command`: a program with arguments. `{file}` in an argument is the file;
 * without it, the file comes last, after `-f` if it is SQL. `setting`: where the user wrote the command.
 * @throws FailureError if the command has an open quote or no program
 */
export function sparkProgram(command: string, file: string, setting: string): SparkProgram {
  const [program, ...given] = commandWords(command) ?? [];
  if (program === undefined || program === '')
    throw fail('bad-request', message('{0} is not a command: {1}', setting, command), {
      advice: message('Write a program and its arguments, such as {0}. Close every quote.', 'spark-sql --master yarn'),
    });
  const args = given.map((word) => word.split(placeholder).join(file));
  if (given.some((word) => word.includes(placeholder))) return { program, args };
  return { program, args: [...args, ...(file.endsWith('.py') ? [file] : ['-f', file])] };
}

/**
 * The words of a command: blanks separate them, quotes keep blanks, and a backslash before a blank, a quote or a
 * backslash makes it literal, except in single quotes. Nothing is expanded. Null if a quote is open.
 */
function commandWords(line: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let k = 0; k < line.length; k++) {
    const character = line.charAt(k);
    if (quote !== '' && character === quote) quote = '';
    else if (quote === '' && /["']/.test(character)) {
      quote = character;
      word ??= '';
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      const isEscape = character === '\\' && quote !== "'" && /[\s"'\\]/.test(line.charAt(k + 1));
      word = (word ?? '') + (isEscape ? line.charAt(++k) : character);
    }
  }
  if (word !== null) words.push(word);
  return quote === '' ? words : null;
}
