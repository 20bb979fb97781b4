import type { ConfigDraft } from '../config/definition/config.ts';
import { nameOfPassed } from '../config/definition/passThrough.ts';
import type { ConfigDocument } from '../config/document.ts';
import { setValue } from '../config/edits.ts';
import type { TextFix } from '../config/problem.ts';
import type { ConfigPath } from '../config/tree.ts';
import { written, type WrittenValue } from '../config/written.ts';
import type { AskedPass, PassThroughEntry } from '../data/passThrough.ts';
import { message, type Message } from '../message/message.ts';

/** The place of an entry of `output.pass_through`. */
export function passThroughPath({ index }: Pick<PassThroughEntry, 'index'>): ConfigPath {
  return ['output', 'pass_through', index];
}

/** A fix that removes an entry of `output.pass_through`. */
export function removePassThrough(
  document: ConfigDocument,
  { output }: Pick<ConfigDraft, 'output'>,
  { index, keys: asked }: PassThroughEntry,
): TextFix {
  const others = (output?.pass_through ?? []).filter((_, other) => other !== index);
  const list = others.map((entry): WrittenValue => (typeof entry === 'string' ? entry : { ...entry }));
  return {
    title: message('Remove column {0}', asked.column),
    changes: setValue(document, ['output', 'pass_through'], written(list, document.language)),
    safe: false,
  };
}

/** A fix that changes some keys of an entry of `output.pass_through`; an undefined key is removed. */
export function passThroughFix(
  document: ConfigDocument,
  { index, keys: asked }: PassThroughEntry,
  change: Partial<AskedPass>,
  title: Message,
): TextFix {
  const { column, from, side, as, max_age: age, default: fallback } = { ...asked, ...change };
  const table = from && nameOfPassed(from);
  const entry: Record<string, WrittenValue> = { column };
  for (const [key, value] of Object.entries({ from: table, side, as, max_age: age, default: fallback }))
    if (value !== undefined) entry[key] = value;
  return {
    title,
    changes: setValue(document, passThroughPath({ index }), written(entry, document.language)),
    safe: false,
  };
}
