import type { ErrorCode } from 'yaml';
import { message, type Message } from '../../message/message.ts';
import type { TextFix } from '../problem.ts';
import type { Span } from '../span.ts';

interface SyntaxProblem {
  readonly text: Message;
  readonly span: Span;
  readonly fixes: readonly TextFix[];
}

/** Converts an error of the YAML library to a problem, using its code and the text at its position. */
export function libraryError(code: ErrorCode, text: string, start: number): SyntaxProblem {
  const here = text[start] ?? '';
  const span = { start, end: Math.min(text.length, start + Math.max(1, wordAt(text, start).length)) };
  const said = (words: Message, place: Span = span, fixes: readonly TextFix[] = []): SyntaxProblem => ({
    text: words,
    span: place,
    fixes,
  });
  const single = { start, end: Math.min(text.length, start + 1) };
  switch (code) {
    case 'TAB_AS_INDENT': {
      const tabs = /[ \t]*/y;
      tabs.lastIndex = Math.max(text.lastIndexOf('\n', start - 1) + 1, 0);
      const at = tabs.lastIndex;
      const found = tabs.exec(text)?.[0] ?? '';
      const place = { start: at, end: at + Math.max(1, found.length) };
      return said(message('YAML does not allow tabs for indentation. Indent with spaces'), place, [
        {
          title: message('Replace tabs with spaces'),
          changes: [{ span: place, text: found.replaceAll('\t', '  ') }],
          safe: false,
        },
      ]);
    }
    case 'BAD_ALIAS': {
      const name = wordAt(text, start).replace(/^\*/, '');
      return said(message('There is no anchor &{0} above', name));
    }
    case 'MULTIPLE_DOCS':
      return said(message('A config can have only one document: the text after this line is not read'), single);
    case 'BAD_DQ_ESCAPE':
      return said(
        message(
          '{0} is not an escape in a double-quoted string. Write a backslash as \\\\',
          text.slice(start, start + 2),
        ),
        { start, end: Math.min(text.length, start + 2) },
      );
    case 'BAD_SCALAR_START':
      return said(message('Put quotes around a string that begins with {0}', here), span, quoteFix(text, start));
    case 'BLOCK_AS_IMPLICIT_KEY':
      return said(
        message(
          'A map or a second colon cannot be on the same line as its key. Put quotes around the string, or start a new line with deeper indentation',
        ),
      );
    case 'MULTILINE_IMPLICIT_KEY':
      return said(message('A key and its colon must be on one line'));
    case 'BAD_INDENT':
      return said(message('The indentation matches no line above, or a bracket is not closed'));
    case 'BLOCK_IN_FLOW':
      return said(message('Inside { } and [ ], separate entries with commas, not with new lines and dashes'));
    case 'KEY_OVER_1024_CHARS':
      return said(message('A key can have at most 1024 characters'));
    case 'MISSING_CHAR':
      return missing(text, start, said);
    case 'TAG_RESOLVE_FAILED':
    case 'BAD_COLLECTION_TYPE':
      return said(message('The tag {0} is unknown here. Remove it: no value needs a tag', wordAt(text, start)));
    case 'BAD_DIRECTIVE':
      return said(message('A config cannot have YAML directives: remove this line'));
    case 'ALIAS_PROPS':
    case 'BAD_PROP_ORDER':
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
      return said(message('A value can have only one anchor, and an alias cannot have an anchor'));
    case 'RESOURCE_EXHAUSTION':
      return said(message('The text is too deeply nested to be read'));
    case 'UNEXPECTED_TOKEN':
    case 'DUPLICATE_KEY':
    case 'NON_STRING_KEY':
    case 'IMPOSSIBLE':
      return here === '' || /\s/.test(here)
        ? said(message('Something is missing here'), single)
        : said(message('{0} is not expected here', wordAt(text, start)));
  }
}

function missing(
  text: string,
  start: number,
  said: (words: Message, place?: Span, fixes?: readonly TextFix[]) => SyntaxProblem,
): SyntaxProblem {
  const here = text[start] ?? '';
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  if (here === '#')
    return said(message('A comment needs a space before its #'), { start, end: start + 1 }, [
      { title: message('Put a space before #'), changes: [{ span: { start, end: start }, text: ' ' }], safe: true },
    ]);
  if (/["']/.test(here) || (/^[^"]*"[^"]*$/.test(line) && !line.includes('#')))
    return said(message('A quote is not closed'));
  const word = wordAt(text, start);
  if (/^\s*[\w.-]+$/.test(line + word)) return said(message('A colon is missing after {0}', word));
  return said(message('A comma, a colon or a closing bracket is missing here'));
}

function quoteFix(text: string, start: number): TextFix[] {
  const end = /[^\n\r#,\]}]*/y;
  end.lastIndex = start;
  const word = (end.exec(text)?.[0] ?? '').trimEnd();
  return word === ''
    ? []
    : [
        {
          title: message('Quote it'),
          changes: [{ span: { start, end: start + word.length }, text: `'${word.replaceAll("'", "''")}'` }],
          safe: false,
        },
      ];
}

/** The word at an offset, up to the next space or bracket: 1 to 40 characters. */
function wordAt(text: string, start: number): string {
  const word = /[^\s,:[\]{}]{1,40}/y;
  word.lastIndex = start;
  return word.exec(text)?.[0] ?? text.slice(start, start + 1);
}
