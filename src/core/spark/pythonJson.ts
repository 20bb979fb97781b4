/** Widest line of a list or an object, in characters. */
const WIDTH = 110;

/**
 * Plain values as JSON for people, in a raw text of Python between three quotes. Only ASCII: no character can be mistaken
 * for another one, or change the order in which an editor shows a line. Quotes and backslashes of texts are written by
 * their number, so no text can end the literal or join it to what follows.
 */
export function jsonLines(value: unknown, indent = ''): string[] {
  const whole = asciiJson(value);
  if (typeof value !== 'object' || value === null || indent.length + whole.length <= WIDTH) return [whole];
  const inner = `${indent} `;
  const [begin, end] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const parts = Array.isArray(value)
    ? value.map((one: unknown) => jsonLines(one, inner))
    : Object.entries(value).map(([name, one]: readonly [string, unknown]) => {
        const [first = '', ...rest] = jsonLines(one, inner);
        return [`${asciiJson(name)}: ${first}`, ...rest];
      });
  const lines = parts.flatMap((part, k) =>
    part.map((line, n) => {
      const isEnd = n === part.length - 1 && k < parts.length - 1;
      return `${n === 0 ? inner : ''}${line}${isEnd ? ',' : ''}`;
    }),
  );
  return [begin, ...lines, `${indent}${end}`];
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll(/\\["\\]/g, (escaped) => numbered(escaped.slice(1)))
    .replaceAll(/[^ -~]/g, numbered);
}

const numbered = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
