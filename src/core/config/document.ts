import { message } from '../message/message.ts';
import { Lines } from './lines.ts';
import type { Problem } from './problem.ts';
import { checkHalfCharacters } from './reading/halfCharacters.ts';
import { readJson } from './reading/json.ts';
import { Problems } from './reading/problems.ts';
import { readYaml } from './reading/yaml.ts';
import { MAX_CONFIG_MEGABYTES, MAX_CONFIG_SIZE } from './size.ts';
import type { Span } from './span.ts';
import { childOf, pairOf, spanOfPair, type ConfigNode, type ConfigPath } from './tree.ts';

export type ConfigLanguage = 'yaml' | 'json';

/** Position of the value at a path, or of the deepest existing part of the path. */
export interface Location {
  /** The key; null for list items and the top. */
  readonly key: Span | null;
  readonly value: ConfigNode | null;
  /** The span of the pair; without a value, of the key. */
  readonly span: Span;
}

/** A text with its tree. Never throws: errors are in `problems`, and the tree holds what could be read. */
export class ConfigDocument {
  readonly lines: Lines;
  readonly root: ConfigNode | null;
  readonly problems: readonly Problem[];

  constructor(
    readonly text: string,
    readonly language: ConfigLanguage,
  ) {
    this.lines = new Lines(text);
    const problems = new Problems();
    this.root = this.#read(problems);
    this.problems = problems.list;
  }

  #read(problems: Problems): ConfigNode | null {
    if (this.text.length > MAX_CONFIG_SIZE) {
      problems.add(
        'config/syntax',
        { start: 0, end: 0 },
        message('The config is larger than the maximum of {0} MB and is not read', MAX_CONFIG_MEGABYTES),
      );
      return null;
    }
    const root = this.language === 'json' ? readJson(this.text, problems) : readYaml(this.text, problems);
    checkHalfCharacters(this.text, root, problems);
    return root;
  }

  /** The position of the deepest part of `path` that exists in the text. */
  locate(path: ConfigPath): Location {
    let node: ConfigNode | null = this.root;
    let location: Location = { key: null, value: node, span: node?.span ?? { start: 0, end: 0 } };
    for (const step of path) {
      const next = typeof step === 'number' ? itemAt(node, step) : pairAt(node, step);
      if (!next) return location;
      location = next;
      node = next.value;
    }
    return location;
  }

  /** True if the text has a value, or a key, at `path`. */
  has(path: ConfigPath): boolean {
    let node: ConfigNode | null = this.root;
    for (const step of path) {
      const next: ConfigNode | null | undefined = childOf(node, step);
      if (next === undefined) return false;
      node = next;
    }
    return true;
  }
}

function pairAt(node: ConfigNode | null, key: string): Location | null {
  const pair = pairOf(node, key);
  return pair
    ? {
        key: pair.key.span,
        value: pair.value,
        span:
          pair.value?.alias === true || pair.value === null
            ? spanOfPair(pair)
            : {
                start: Math.min(pair.key.span.start, pair.value.span.start),
                end: Math.max(pair.key.span.end, pair.value.span.end),
              },
      }
    : null;
}
function itemAt(node: ConfigNode | null, index: number): Location | null {
  const item = node?.kind === 'list' ? node.items[index] : undefined;
  return item ? { key: null, value: item, span: item.span } : null;
}
