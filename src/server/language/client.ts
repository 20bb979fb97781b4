import { labelText, renderMarkdown } from '../../core/message/escape.ts';
import { render, type Message, type Translate } from '../../core/message/message.ts';
import { localeOfTag, translator, type Locale } from '../../core/message/translator.ts';
import type { InitializationOptions } from '../../protocol/language.ts';

/** What the features need to know of the client: its language, its commands, what it can show. */
export interface Client {
  readonly locale: Locale;
  readonly translate: Translate;
  /** A sentence in the client's language, for what shows plain text. */
  text(message: Message): string;
  /** A sentence for a lens, a hint or a title of an action, which may show icons. */
  label(message: Message): string;
  /** A sentence for hovers and documentation: the values in it are no Markdown. */
  markdown(message: Message): string;
  /** A count with the digit groups of the client's language. */
  count(value: number): string;
  /** Three digits: `39.1M`, `3,910万`. */
  shortCount(value: number): string;
  has(command: string): boolean;
  /** Address of a rule's page; undefined where it has none that this client can open. */
  rulePage(rule: string): string | undefined;
  /** True where the client takes snippets with places to fill in. */
  readonly snippets: boolean;
  /** True where the client shows a note beside every proposal, not only beside the one that is chosen. */
  readonly labelDetails: boolean;
  /** True where an edit may say which version of the text it is for. */
  readonly versionedEdits: boolean;
}

export interface ClientTraits {
  readonly options: InitializationOptions;
  /** The `locale` of `initialize`. */
  readonly locale: string | undefined;
  /** Where neither says a language. */
  readonly fallback: Locale;
  readonly snippets: boolean;
  readonly labelDetails: boolean;
  readonly versionedEdits: boolean;
  /** `repository` of the package, as npm writes it. */
  readonly repository: unknown;
}

export function clientOf({
  options,
  locale: asked,
  fallback,
  snippets,
  labelDetails,
  versionedEdits,
  repository,
}: ClientTraits): Client {
  const tag = typeof options.locale === 'string' ? options.locale : asked;
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

/** Where a repository shows `docs/rules/<rule>.md`; undefined where the package names no repository that can be read in a browser. */
export function publishedPages(repository: unknown): string | undefined {
  const url: unknown =
    typeof repository === 'object' && repository !== null && 'url' in repository ? repository.url : repository;
  if (typeof url !== 'string') return undefined;
  const address = /^(?:git\+)?(https:\/\/.+?)(?:\.git)?\/?$/.exec(url)?.[1];
  return address === undefined ? undefined : `${address}/blob/main/docs/rules/{rule}.md`;
}
