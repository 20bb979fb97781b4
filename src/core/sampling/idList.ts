/**
 * Ids in one text, separated by commas, as `--users` takes them. White space around an id is not of it. After a backslash a comma, a backslash or white
 * space is a part of the id; a backslash that is alone at the end is the empty id; before anything else it stands for itself.
 */
export function readIds(text: string): string[] {
  const written = text.match(/(?:\\[^]|[^\\,]|\\$)+/g) ?? [];
  return written.flatMap((part) => {
    const [, id = ''] = /^\s*((?:\\[^]|[^\\]|\\$)*?)\s*$/.exec(part) ?? [];
    return id === '' ? [] : [id === '\\' ? '' : id.replace(/\\([\\,\s])/g, '$1')];
  });
}

/** An id as `readIds` reads it. */
export function writtenId(id: string): string {
  return id === '' ? '\\' : id.replace(/[\\,]|^\s|\s$/g, '\\$&');
}
