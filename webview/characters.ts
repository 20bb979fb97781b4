/**
 * Number of characters (Unicode code points) of a text, as the engine counts them. `length` would count an emoji twice.
 */
export function characterCount(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at = after(text, at)) count++;
  return count;
}

/** The first `count` characters of a text; never cuts a character in two. */
export function firstCharacters(text: string, count: number): string {
  let at = 0;
  for (let k = 0; k < count && at < text.length; k++) at = after(text, at);
  return text.slice(0, at);
}

const after = (text: string, at: number): number => at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
