import { message, type Message } from '../message/message.ts';
import { alternatives, type PlainShape, type Shape } from '../schema/shape.ts';

/** Longer lists of words are cut, because users do not search a longer list. */
const MAX_WORDS = 12;

/** The expected value, by the kinds of the alternatives in the order of `kindOrder`. */
const byKinds: Readonly<Record<string, Message>> = {
  text: message('A string is expected here'),
  number: message('A number is expected here'),
  integer: message('A whole number is expected here'),
  boolean: message('true or false is expected here'),
  list: message('A list is expected here, such as [a, b]'),
  map: message('A map is expected here: keys with their values'),
  'text map': message('A string or a map is expected here'),
  'text integer': message('A string or a whole number is expected here'),
  'text number': message('A string or a number is expected here'),
  'text number boolean': message('A string, a number, true or false is expected here'),
  'text number boolean list': message('A single value or a list of values is expected here'),
  'text number boolean list map': message('A value, a list of values or a map is expected here'),
  'number map': message('A number or a map is expected here'),
  'integer map': message('A whole number or a map is expected here'),
  duration: message('A duration is expected here: a whole number and s, m, h or d, such as 30m or 7d'),
  period: message('A duration such as 1h or 1d, or none, is expected here'),
  day: message('A day or a time is expected here, such as 2026-11-20 or 2026-11-20T10:00:00'),
  separator: message('A separator of at least one character is expected here, such as " " or ","'),
  'day-format': message('A format of days is expected here, such as yyyy-MM-dd or yyyyMMdd'),
  timezone: message('A time zone is expected here, such as UTC or Asia/Shanghai'),
};
const kindOrder = [
  'text',
  'duration',
  'period',
  'day',
  'separator',
  'day-format',
  'timezone',
  'number',
  'integer',
  'boolean',
  'list',
  'map',
];

/** The expected value of a shape, as a sentence. */
export function expectation(shape: Shape): Message {
  const options = alternatives(shape);
  const words = wordsOf(shape);
  const kinds = new Set(options.flatMap(kindOf));
  if (words.length === 0)
    return (
      byKinds[kindOrder.filter((kind) => kinds.has(kind)).join(' ')] ??
      message('Another kind of value is expected here')
    );
  const listed = words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS).join(', ')}, …` : words.join(', ');
  if (kinds.has('map')) return message('A map, or one of these, is expected here: {0}', listed);
  if (kinds.has('list')) return message('A list, or one of these, is expected here: {0}', listed);
  if (kinds.has('day'))
    return message('A day or a time such as 2026-11-20, or one of these, is expected here: {0}', listed);
  return message('One of these is expected here: {0}', listed);
}

/** The allowed words. For a word with a number, an example: `above_last_click+2`. */
export function wordsOf(shape: Shape): string[] {
  return alternatives(shape).flatMap((option) =>
    option.kind === 'choice'
      ? option.choices.map(({ value }) => String(value))
      : option.kind === 'text' && option.meaning === 'last-click'
        ? ['above_last_click+2']
        : [],
  );
}

function kindOf(shape: PlainShape): string[] {
  switch (shape.kind) {
    case 'choice':
      return [];
    case 'text':
      return shape.meaning === 'last-click' ? [] : [kindOrder.includes(shape.meaning) ? shape.meaning : 'text'];
    case 'number':
      return [shape.integer ? 'integer' : 'number'];
    case 'record':
    case 'dictionary':
    case 'dependent':
      return ['map'];
    case 'boolean':
    case 'list':
      return [shape.kind];
  }
}
