import { message } from '../../message/message.ts';
import type { ConfigNode } from '../tree.ts';
import type { Problems } from './problems.ts';

/**
 * Reports the texts with half a character, which escapes such as `\ud800` can write. No file of UTF-8 has such a text,
 * so it would match nothing, or another text.
 */
export function checkHalfCharacters(text: string, root: ConfigNode | null, problems: Problems): void {
  if (root === null || !/\p{Surrogate}|\\[uU]0*d[89a-f]/iu.test(text)) return;
  // Aliases share their nodes.
  const seen = new Set<ConfigNode>([root]);
  for (const node of seen) {
    if (node.kind === 'list') for (const item of node.items) seen.add(item);
    else if (node.kind === 'map')
      for (const { key, value } of node.pairs) {
        seen.add(key);
        if (value !== null) seen.add(value);
      }
    else if (typeof node.value === 'string' && /\p{Surrogate}/u.test(node.value))
      problems.add(
        'config/syntax',
        node.span,
        message('The text {0} contains half a character (an unpaired surrogate)', JSON.stringify(node.value)),
      );
  }
}
