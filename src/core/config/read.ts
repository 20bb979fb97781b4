import { checkShape } from './check.ts';
import { ratioConfig, type ConfigDraft } from './definition/config.ts';
import { ConfigDocument, type ConfigLanguage } from './document.ts';
import { withoutLongForms } from './longForms.ts';
import type { Problem } from './problem.ts';
import { Problems } from './reading/problems.ts';
import { Variables } from './variables.ts';

/** A config after reading: its text, its valid part, and its problems. */
export interface ReadConfig {
  readonly document: ConfigDocument;
  readonly config: ConfigDraft;
  readonly problems: readonly Problem[];
}

export interface ReadOptions {
  readonly language: ConfigLanguage;
  /** Values of `--set`; they override `vars`. */
  readonly set?: Readonly<Record<string, string>>;
}

/** Reads a config. Never throws; the work is bounded by the length of the text. */
export function readConfig(text: string, { language, set = {} }: ReadOptions): ReadConfig {
  const document = new ConfigDocument(text, language);
  const problems = new Problems();
  const config =
    checkShape(document, ratioConfig, { variables: new Variables(document, set, problems), problems }) ?? {};
  return { document, config: withoutLongForms(config), problems: [...document.problems, ...problems.list] };
}
