/**
 * A Markdown link that runs a command. `title` is Markdown. VS Code decodes the arguments twice: when it parses the
 * address, and when it runs the command. Encoded once, the `%23` in the address of a folder `C#` would begin a
 * fragment. No character of the result ends the link.
 */
export function commandLink(title: string, command: string, args: readonly string[]): string {
  const json = encodeURIComponent(JSON.stringify(args)).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `[${title}](command:${command}?${encodeURIComponent(json)})`;
}
