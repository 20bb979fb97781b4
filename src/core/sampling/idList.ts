/**
 * Ids in one text, separated by commas, as `--users` takes them. White space around an id is not of it. After a
 * backslash a comma, a backslash or white space is a part of the id; a backslash that is alone at the end is the empty
 * id; before anything else it stands for itself.
 */
export function readIds(text: string): string[] {
  const written = text.match(/(?:\\[^]|[^\\,]|\\$)+/g) ?? [];
  return written.flatMap((part) => {
    const id = trimmed(part);
    return id === '' ? [] : [id === '\\' ? '' : id.replace(/\\([\\,\s])/g, '$1')];
  });
}

/** Without the white space around it, but with that which a backslash makes a part of the id. */
function trimmed(part: string): string {
  const text = part.trimStart();
  const end = text.trimEnd();
  let escapes = 0;
  while (end[end.length - 1 - escapes] === '\\') escapes++;
  return escapes % 2 === 1 ? text.slice(0, end.length + 1) : end;
}

/** An id as `readIds` reads it. */
export function writtenId(id: string): string {
  return id === '' ? '\\' : id.replace(/[\\,]|^\s|\s$/g, '\\$&');
}
