import type { ConfigDocument } from '../config/document.ts';
import type { TextFix } from '../config/problem.ts';
import type { Span } from '../config/span.ts';
import { message } from '../report/message.ts';
import { suggest } from '../report/suggest.ts';
import type { Finding } from './finding.ts';
import type { Outcome } from './outcome.ts';
import type { Report, Rule } from './rule.ts';
import type { RuleId } from './ruleId.ts';
import { suppressionComments, type SuppressedName, type SuppressionComment } from './suppressionComment.ts';

export const unusedSuppression: RuleId = 'config/unused-suppression';

/** What is wrong with the text itself is always told, and so is what is wrong with a suppression. */
const always: readonly string[] = ['config/syntax', unusedSuppression];

/** True where a comment can suppress the rule. */
export function canSuppress(rule: string): boolean {
  return !always.includes(rule);
}

/** Takes out of `outcomes` what the comments of a document suppress, and says which comments suppress nothing. */
export function suppress(outcomes: readonly Outcome[], document: ConfigDocument, rules: readonly Rule[]): Report[] {
  const comments = suppressionComments(document);
  if (comments.length === 0) return [];
  const index = new SuppressionIndex(comments);
  const used = new Set<SuppressionComment | SuppressedName>();
  for (const outcome of outcomes) {
    if (!canSuppress(outcome.rule.id) || outcome.findings.length === 0) continue;
    const kept = outcome.findings.filter((finding) => {
      const by = index.over(outcome.rule.id, finding, document.lines.offset(finding.range.start));
      by.forEach((part) => used.add(part));
      return by.length === 0;
    });
    if (kept.length === 0) outcome.because = message('{0} suppressed by comments', outcome.findings.length);
    outcome.findings = kept;
  }
  // While the text is broken, rules miss what they would find in it.
  const broken = outcomes.some(({ rule, findings }) => rule.id === 'config/syntax' && findings.length > 0);
  const ran = new Set<string>(broken ? [] : outcomes.filter(({ failed }) => !failed).map(({ rule }) => rule.id));
  const allRan = !broken && outcomes.every(({ failed }) => !failed);
  const known = rules.map(({ id }) => id).filter(canSuppress);
  return comments.flatMap((comment) => {
    if (comment.kind === 'enable') return index.ends(comment) ? [] : [wholly(document, comment.span, message('Nothing is disabled here'))];
    if (comment.names.length === 0) return used.has(comment) || !allRan ? [] : [wholly(document, comment.span, message('No rule finds anything here: the comment is not needed'))];
    const idle = comment.names.flatMap((one) => judged(one, { used: used.has(one), ran: ran.has(one.name), known }));
    return idle.map(({ name, text, near }): Report => {
      const remove = comment.names.length === 1 ? removal(document, comment.span) : { title: message('Remove {0}', name.name), changes: [{ span: withSeparator(document.text, name.span, comment), text: '' }], safe: false };
      const rename: TextFix[] = near === null ? [] : [{ title: message('Change to {0}', near), changes: [{ span: name.span, text: near }], safe: false }];
      return { at: comment.names.length === 1 ? comment.span : name.span, message: text, unnecessary: true, fixes: [...rename, remove] };
    });
  });
}

/** Why a name in a suppression is of no use; empty where it is, or where it cannot be told because the rule did not run. */
function judged(name: SuppressedName, { used, ran, known }: { readonly used: boolean; readonly ran: boolean; readonly known: readonly string[] }) {
  if (!canSuppress(name.name)) return [{ name, near: null, text: message('{0} cannot be suppressed by a comment', name.name) }];
  if (!known.includes(name.name)) {
    const near = suggest(name.name, known);
    return [{ name, near, text: near === null ? message('There is no rule {0}', name.name) : message('There is no rule {0}. Did you mean {1}?', name.name, near) }];
  }
  return used || !ran ? [] : [{ name, near: null, text: message('{0} finds nothing here: the comment is not needed', name.name) }];
}

function wholly(document: ConfigDocument, span: Span, text: Report['message']): Report {
  return { at: span, message: text, unnecessary: true, fixes: [removal(document, span)] };
}

/** Takes out a comment: with its line where it stands alone, else with the blanks before it. */
function removal({ text, lines }: ConfigDocument, span: Span): TextFix {
  const { line } = lines.position(span.start);
  const begin = lines.offset({ line, character: 0 });
  const alone = text.slice(begin, span.start).trim() === '';
  const after = /^(?:\r\n?|\n)/.exec(text.slice(span.end, span.end + 2))?.[0].length ?? 0;
  const before = /[ \t]*$/.exec(text.slice(begin, span.start))?.[0].length ?? 0;
  return { title: message('Remove the comment'), changes: [{ span: alone ? { start: begin, end: span.end + after } : { start: span.start - before, end: span.end }, text: '' }], safe: false };
}

/** A name with the separator that goes with it, so that the other names stay apart. */
function withSeparator(text: string, { start, end }: Span, { names }: SuppressionComment): Span {
  const k = names.findIndex(({ span }) => span.start === start);
  const next = names[k + 1];
  const previous = names[k - 1];
  if (next) return { start, end: next.span.start };
  return previous ? { start: previous.span.end, end } : { start, end: Math.min(end, text.length) };
}

/** Finds the comments over a place without going through all of them. */
class SuppressionIndex {
  readonly #byLine = new Map<number, SuppressionComment[]>();
  /** `disable` and `enable` by the name of the rule, `*` for those of all rules; in the order of the text. */
  readonly #blocks = new Map<string, SuppressionComment[]>();

  constructor(comments: readonly SuppressionComment[]) {
    for (const comment of comments) {
      if (comment.kind === 'disable-line' || comment.kind === 'disable-next-line') add(this.#byLine, comment.line, comment);
      else if (comment.names.length === 0) add(this.#blocks, '*', comment);
      else for (const name of new Set(comment.names.map(({ name }) => name))) add(this.#blocks, name, comment);
    }
  }

  /** The comments, or the names in them, that suppress a finding. */
  over(rule: string, { range }: Finding, offset: number): (SuppressionComment | SuppressedName)[] {
    const block = this.#last(rule, offset);
    const all = [...(this.#byLine.get(range.start.line) ?? []), ...(block?.kind === 'disable' ? [block] : [])];
    return all.flatMap((comment): (SuppressionComment | SuppressedName)[] => (comment.names.length === 0 ? [comment] : comment.names.filter(({ name }) => name === rule)));
  }

  /** True where an `enable` ends a `disable` above it. */
  ends({ span, names }: SuppressionComment): boolean {
    if (names.length > 0) return names.some(({ name }) => this.#last(name, span.start)?.kind === 'disable');
    return [...this.#blocks.keys()].some((name) => this.#last(name, span.start)?.kind === 'disable');
  }

  /** The nearest block comment before an offset that is about a rule. */
  #last(rule: string, offset: number): SuppressionComment | undefined {
    const own = before(this.#blocks.get(rule) ?? [], offset);
    const all = before(this.#blocks.get('*') ?? [], offset);
    return own && all ? (own.span.start > all.span.start ? own : all) : (own ?? all);
  }
}

function add<K>(map: Map<K, SuppressionComment[]>, key: K, comment: SuppressionComment): void {
  const list = map.get(key);
  if (list) list.push(comment);
  else map.set(key, [comment]);
}

/** The last of the comments, which are in the order of the text, that starts before an offset. */
function before(comments: readonly SuppressionComment[], offset: number): SuppressionComment | undefined {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle]?.span.start ?? Infinity) < offset) low = middle + 1;
    else high = middle;
  }
  return comments[low - 1];
}
