/**
 * Parses ids from one text, separated by commas, as in `--users`. White space around an id is ignored.
 * After a backslash, a comma, a backslash or white space is part of the id. A part that is only a backslash is the
 * empty id. Before anything else a backslash is literal.
 */
export function readIds(text: string): string[] {
  const written = text.match(/(?:\\[^]|[^\\,]|\\$)+/g) ?? [];
  return written.flatMap((part) => {
    const id = trimmed(part);
    return id === '' ? [] : [id === '\\' ? '' : id.replace(/\\([\\,\s])/g, '$1')];
  });
}

/** Removes the white space around an id, but keeps white space that a backslash escapes. */
function trimmed(part: string): string {
  const text = part.trimStart();
  const end = text.trimEnd();
  let escapes = 0;
  while (end[end.length - 1 - escapes] === '\\') escapes++;
  return escapes % 2 === 1 ? text.slice(0, end.length + 1) : end;
}

/** Writes an id in the form that `readIds` reads. */
export function writtenId(id: string): string {
  return id === '' ? '\\' : id.replace(/[\\,]|^\s|\s$/g, '\\$&');
}
