import { labelText, renderMarkdown } from '../../core/message/escape.ts';
import { render, type Message, type Translate } from '../../core/message/message.ts';
import { localeOfTag, translator, type Locale } from '../../core/message/translator.ts';
import type { InitializationOptions } from '../../protocol/language.ts';

/** What the features need to know about the client: its language, its commands and what it can show. */
export interface Client {
  readonly locale: Locale;
  readonly translate: Translate;
  /** A sentence in the client's language, for places that show plain text. */
  text(message: Message): string;
  /** A sentence for a code lens, an inlay hint or the title of a code action; these may show icons. */
  label(message: Message): string;
  /** A sentence for hovers and documentation. Values in it are escaped, so they are not read as Markdown. */
  markdown(message: Message): string;
  /** A count with the digit grouping of the client's language. */
  count(value: number): string;
  /** A count with three significant digits: `39.1M`, `3,910万`. */
  shortCount(value: number): string;
  has(command: string): boolean;
  /** Address of a rule's page; undefined if the rule has no page that this client can open. */
  rulePage(rule: string): string | undefined;
  /** True if the client supports snippets with placeholders. */
  readonly snippets: boolean;
  /** True if the client shows a detail next to every completion item, not only next to the selected one. */
  readonly labelDetails: boolean;
  /** True if an edit may name the version of the text that it applies to. */
  readonly versionedEdits: boolean;
}

export interface ClientTraits {
  readonly options: InitializationOptions;
  /** The `locale` of `initialize`. */
  readonly locale: string | undefined;
  /** The fallback if neither names a language. */
  readonly fallback: Locale;
  readonly snippets: boolean;
  readonly labelDetails: boolean;
  readonly versionedEdits: boolean;
  /** `repository` in package.json, in the form that npm writes. */
  readonly repository: unknown;
}

export function clientOf({
  options,
  locale: uiLocale,
  fallback,
  snippets,
  labelDetails,
  versionedEdits,
  repository,
}: ClientTraits): Client {
  const tag = typeof options.locale === 'string' ? options.locale : uiLocale;
  const locale = tag === undefined ? fallback : localeOfTag(tag);
  const translate = translator(locale);
  const commands = new Set(Array.isArray(options.commands) ? options.commands : []);
  const pages = typeof options.rulePage === 'string' ? options.rulePage : publishedPages(repository);
  return {
    locale,
    translate,
    snippets,
    labelDetails,
    versionedEdits,
    text: (message) => render(message, translate),
    label: (message) => labelText(render(message, translate)),
    markdown: (message) => renderMarkdown(message, translate),
    count: (value) => value.toLocaleString(locale),
    shortCount: (value) =>
      value < 10_000
        ? value.toLocaleString(locale)
        : value.toLocaleString(locale, { notation: 'compact', maximumSignificantDigits: 3 }),
    has: (command) => commands.has(command),
    rulePage: (rule) => pages?.replaceAll('{rule}', rule),
  };
}

/**
 * Where the repository shows `docs/rules/<rule>.md`: an address with `{rule}` as placeholder. Undefined if package.json
 * names no repository that a browser can open.
 */
export function publishedPages(repository: unknown): string | undefined {
  const url: unknown =
    typeof repository === 'object' && repository !== null && 'url' in repository ? repository.url : repository;
  if (typeof url !== 'string') return undefined;
  const address = /^(?:git\+)?(https:\/\/.+?)(?:\.git)?\/?$/.exec(url)?.[1];
  return address === undefined ? undefined : `${address}/blob/main/docs/rules/{rule}.md`;
}
