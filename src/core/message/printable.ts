const unsafe = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Makes data safe to print: shows control characters, which could control the terminal, as symbols or code points. */
export function printable(text: string): string {
  return text.replace(unsafe, (c) => {
    const code = c.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '␡' : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Text of an id; an empty id is shown as two quotes. */
export function printableId(id: string): string {
  return id === '' ? '""' : printable(id);
}
