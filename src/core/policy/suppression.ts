import type { ConfigDocument } from '../config/document.ts';
import type { TextFix } from '../config/problem.ts';
import type { Span } from '../config/span.ts';
import { message } from '../message/message.ts';
import type { Finding } from './finding.ts';
import type { Outcome } from './outcome.ts';
import type { Report, Rule } from './rule.ts';
import type { RuleId } from './ruleId.ts';
import { suggestIn } from './suggestions.ts';
import { suppressionComments, type SuppressedName, type SuppressionComment } from './suppressionComment.ts';

export const unusedSuppression: RuleId = 'config/unused-suppression';

/** Syntax errors and faults of suppressions are always reported. */
const always: readonly string[] = ['config/syntax', unusedSuppression];

/** True if a comment can suppress the rule. */
export function canSuppress(rule: string): boolean {
  return !always.includes(rule);
}

/** Removes the suppressed findings from `outcomes`, and returns reports about comments that suppress nothing. */
export function suppress(outcomes: readonly Outcome[], document: ConfigDocument, rules: readonly Rule[]): Report[] {
  const comments = suppressionComments(document);
  if (comments.length === 0) return [];
  const index = new SuppressionIndex(comments);
  for (const outcome of outcomes) {
    if (!canSuppress(outcome.rule.id) || outcome.findings.length === 0) continue;
    const kept = outcome.findings.filter(
      (finding) => !index.covers(outcome.rule.id, finding, document.lines.offset(finding.range.start)),
    );
    if (kept.length === 0) outcome.because = message('{0} suppressed by comments', outcome.findings.length);
    outcome.findings = kept;
  }
  // With syntax errors, rules may miss findings, so unused suppressions are not reported.
  const broken = outcomes.some(({ rule, findings }) => rule.id === 'config/syntax' && findings.length > 0);
  const ran = new Set<string>(broken ? [] : outcomes.filter(({ failed }) => !failed).map(({ rule }) => rule.id));
  const allRan = !broken && outcomes.every(({ failed, nothingToCompare }) => !failed || nothingToCompare === true);
  const { used } = index;
  const known = new Set<string>(rules.map(({ id }) => id).filter(canSuppress));
  return comments.flatMap((comment) => {
    if (comment.kind === 'enable')
      return index.ends(comment) ? [] : [wholly(document, comment.span, message('No rule is disabled here'))];
    if (comment.names.length === 0)
      return used.has(comment) || !allRan
        ? []
        : [wholly(document, comment.span, message('No rule finds anything here: the comment is not needed'))];
    const idle = comment.names.flatMap((one, k) =>
      judged(one, { used: used.has(one), ran: ran.has(one.name), known }).map((reason) => ({ ...reason, k })),
    );
    return idle.map(({ name, text, near, k }): Report => {
      const remove =
        comment.names.length === 1
          ? removal(document, comment.span)
          : {
              title: message('Remove {0}', name.name),
              changes: [{ span: withSeparator(document.text, comment, k), text: '' }],
              safe: false,
            };
      const rename: TextFix[] =
        near === null
          ? []
          : [{ title: message('Change to {0}', near), changes: [{ span: name.span, text: near }], safe: false }];
      return {
        at: comment.names.length === 1 ? comment.span : name.span,
        message: text,
        unnecessary: true,
        fixes: [...rename, remove],
      };
    });
  });
}

/**
 * Why a name in a suppression has no effect; empty if it has one, or if this is unknown because the rule did not run.
 */
function judged(
  name: SuppressedName,
  { used, ran, known }: { readonly used: boolean; readonly ran: boolean; readonly known: ReadonlySet<string> },
) {
  if (!canSuppress(name.name))
    return [{ name, near: null, text: message('{0} cannot be suppressed by a comment', name.name) }];
  if (!known.has(name.name)) {
    const near = suggestIn(known, name.name, () => [...known]);
    return [
      {
        name,
        near,
        text:
          near === null
            ? message('There is no rule {0}', name.name)
            : message('There is no rule {0}. Did you mean {1}?', name.name, near),
      },
    ];
  }
  return used || !ran
    ? []
    : [{ name, near: null, text: message('{0} finds nothing here: the comment is not needed', name.name) }];
}

function wholly(document: ConfigDocument, span: Span, text: Report['message']): Report {
  return { at: span, message: text, unnecessary: true, fixes: [removal(document, span)] };
}

/** Removes a comment: with its line if it is alone there, else with the blanks before it. */
function removal({ text, lines }: ConfigDocument, span: Span): TextFix {
  const { line } = lines.position(span.start);
  const begin = lines.offset({ line, character: 0 });
  const alone = text.slice(begin, span.start).trim() === '';
  const after = /^(?:\r\n?|\n)/.exec(text.slice(span.end, span.end + 2))?.[0].length ?? 0;
  let before = 0;
  while (begin < span.start - before && /[ \t]/.test(text[span.start - before - 1] ?? '')) before++;
  return {
    title: message('Remove the comment'),
    changes: [
      {
        span: alone ? { start: begin, end: span.end + after } : { start: span.start - before, end: span.end },
        text: '',
      },
    ],
    safe: false,
  };
}

/** The span of the name at `k` with its separator, so that the other names stay separated. */
function withSeparator(text: string, { names }: SuppressionComment, k: number): Span {
  const { start, end } = names[k]?.span ?? { start: 0, end: 0 };
  const next = names[k + 1];
  const previous = names[k - 1];
  if (next) return { start, end: next.span.start };
  return previous ? { start: previous.span.end, end } : { start, end: Math.min(end, text.length) };
}

/** A comment without names, or a name in a comment. */
type Part = SuppressionComment | SuppressedName;

/** Rules that one comment, or all comments about a line, suppress. */
class Parts {
  readonly #all: SuppressionComment[] = [];
  readonly #byRule = new Map<string, SuppressedName[]>();

  constructor(comments: readonly SuppressionComment[]) {
    for (const comment of comments) this.add(comment);
  }

  add(comment: SuppressionComment): void {
    if (comment.names.length === 0) this.#all.push(comment);
    else for (const one of comment.names) add(this.#byRule, one.name, one);
  }

  /** The lists of parts that suppress a rule. Calls with the same rule return the same lists. */
  of(rule: string): (readonly Part[])[] {
    const named = this.#byRule.get(rule);
    return [...(this.#all.length > 0 ? [this.#all] : []), ...(named ? [named] : [])];
  }
}

/** Finds the comments that apply to a place without a linear search. */
class SuppressionIndex {
  /** Comments and names that have suppressed a finding so far. */
  readonly used = new Set<Part>();
  readonly #counted = new Set<readonly Part[]>();
  readonly #byLine = new Map<number, Parts>();
  /** `disable` and `enable` comments by rule name, `*` for those of all rules; in text order. */
  readonly #blocks = new Map<string, SuppressionComment[]>();
  readonly #partsOfBlock = new Map<SuppressionComment, Parts>();
  /** Each `enable` that ends a `disable` above it. */
  readonly #ends = new Set<SuppressionComment>();

  constructor(comments: readonly SuppressionComment[]) {
    /** Names of rules that are disabled, and that are enabled again, since the last comment about all rules. */
    const open = new Set<string>();
    const closed = new Set<string>();
    let allDisabled = false;
    for (const comment of comments) {
      const { kind, line, names } = comment;
      if (kind === 'disable-line' || kind === 'disable-next-line') {
        const parts = this.#byLine.get(line);
        if (parts) parts.add(comment);
        else this.#byLine.set(line, new Parts([comment]));
        continue;
      }
      this.#partsOfBlock.set(comment, new Parts([comment]));
      const isOpen = (name: string): boolean => open.has(name) || (allDisabled && !closed.has(name));
      if (
        kind === 'enable' &&
        (names.length === 0 ? allDisabled || open.size > 0 : names.some(({ name }) => isOpen(name)))
      )
        this.#ends.add(comment);
      if (names.length === 0) {
        add(this.#blocks, '*', comment);
        open.clear();
        closed.clear();
        allDisabled = kind === 'disable';
      } else
        for (const name of new Set(names.map(({ name }) => name))) {
          add(this.#blocks, name, comment);
          (kind === 'disable' ? open : closed).add(name);
          (kind === 'disable' ? closed : open).delete(name);
        }
    }
  }

  /** True if a comment suppresses a finding. Marks such comments as used. */
  covers(rule: string, { range }: Finding, offset: number): boolean {
    const block = this.#last(rule, offset);
    const lists = [
      ...(this.#byLine.get(range.start.line)?.of(rule) ?? []),
      ...(block?.kind === 'disable' ? (this.#partsOfBlock.get(block)?.of(rule) ?? []) : []),
    ];
    for (const list of lists) {
      if (this.#counted.has(list)) continue;
      this.#counted.add(list);
      for (const part of list) this.used.add(part);
    }
    return lists.length > 0;
  }

  /** True if an `enable` ends a `disable` above it. */
  ends(comment: SuppressionComment): boolean {
    return this.#ends.has(comment);
  }

  /** The nearest block comment before an offset that applies to a rule. */
  #last(rule: string, offset: number): SuppressionComment | undefined {
    const own = before(this.#blocks.get(rule) ?? [], offset);
    const all = before(this.#blocks.get('*') ?? [], offset);
    return own && all ? (own.span.start > all.span.start ? own : all) : (own ?? all);
  }
}

function add<T>(map: Map<string, T[]>, key: string, one: T): void {
  const list = map.get(key);
  if (list) list.push(one);
  else map.set(key, [one]);
}

/** The last comment that starts before an offset. `comments` must be in text order. */
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
