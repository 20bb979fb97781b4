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
    const remaining = outcome.findings.filter(
      (finding) => !index.isSuppressed(outcome.rule.id, finding, document.lines.offset(finding.range.start)),
    );
    if (remaining.length === 0) outcome.because = message('{0} suppressed by comments', outcome.findings.length);
    outcome.findings = remaining;
  }
  // With syntax errors, rules may miss findings, so unused suppressions are not reported.
  const broken = outcomes.some(({ rule, findings }) => rule.id === 'config/syntax' && findings.length > 0);
  const ran = new Set<string>(broken ? [] : outcomes.filter(({ failed }) => !failed).map(({ rule }) => rule.id));
  const allRan = !broken && outcomes.every(({ failed, nothingToCompare }) => !failed || nothingToCompare === true);
  const { used } = index;
  const ruleIds = new Set<string>(rules.map(({ id }) => id).filter(canSuppress));
  return comments.flatMap((comment) => {
    if (comment.kind === 'enable')
      return index.endsBlock(comment)
        ? []
        : [unusedComment(document, comment.span, message('No rule is disabled here'))];
    if (comment.names.length === 0)
      return used.has(comment) || !allRan
        ? []
        : [unusedComment(document, comment.span, message('No rule finds anything here: the comment is not needed'))];
    const unusedNames = comment.names.flatMap((name, k) =>
      unusedReasons(name, used.has(name), ran.has(name.name), ruleIds).map((reason) => ({ ...reason, k })),
    );
    return unusedNames.map(({ name, text, near, k }): Report => {
      const remove =
        comment.names.length === 1
          ? removeComment(document, comment.span)
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
function unusedReasons(name: SuppressedName, isUsed: boolean, hasRun: boolean, ruleIds: ReadonlySet<string>) {
  if (!canSuppress(name.name))
    return [{ name, near: null, text: message('{0} cannot be suppressed by a comment', name.name) }];
  if (!ruleIds.has(name.name)) {
    const near = suggestIn(ruleIds, name.name, () => [...ruleIds]);
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
  return isUsed || !hasRun
    ? []
    : [{ name, near: null, text: message('{0} finds nothing here: the comment is not needed', name.name) }];
}

function unusedComment(document: ConfigDocument, span: Span, text: Report['message']): Report {
  return { at: span, message: text, unnecessary: true, fixes: [removeComment(document, span)] };
}

/** Removes a comment: with its line if it is alone there, else with the blanks before it. */
function removeComment({ text, lines }: ConfigDocument, span: Span): TextFix {
  const { line } = lines.position(span.start);
  const begin = lines.offset({ line, character: 0 });
  const alone = text.slice(begin, span.start).trim() === '';
  const after = /^(?:\r\n?|\n)/.exec(text.slice(span.end, span.end + 2))?.[0].length ?? 0;
  let blanks = 0;
  while (begin < span.start - blanks && /[ \t]/.test(text[span.start - blanks - 1] ?? '')) blanks++;
  return {
    title: message('Remove the comment'),
    changes: [
      {
        span: alone ? { start: begin, end: span.end + after } : { start: span.start - blanks, end: span.end },
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
type Suppressor = SuppressionComment | SuppressedName;

/** The rules that one comment suppresses, or that all comments about one line suppress. */
class Suppressors {
  readonly #all: SuppressionComment[] = [];
  readonly #byRule = new Map<string, SuppressedName[]>();

  constructor(comments: readonly SuppressionComment[]) {
    for (const comment of comments) this.add(comment);
  }

  add(comment: SuppressionComment): void {
    if (comment.names.length === 0) this.#all.push(comment);
    else for (const name of comment.names) addTo(this.#byRule, name.name, name);
  }

  /** The lists of parts that suppress a rule. Calls with the same rule return the same lists. */
  suppressorsOf(rule: string): (readonly Suppressor[])[] {
    const names = this.#byRule.get(rule);
    return [...(this.#all.length > 0 ? [this.#all] : []), ...(names ? [names] : [])];
  }
}

/** Finds the comments that apply to a place without a linear search. */
class SuppressionIndex {
  /** Comments and names that have suppressed a finding so far. */
  readonly used = new Set<Suppressor>();
  readonly #usedLists = new Set<readonly Suppressor[]>();
  readonly #byLine = new Map<number, Suppressors>();
  /** `disable` and `enable` comments by rule name, `*` for those of all rules; in text order. */
  readonly #blocks = new Map<string, SuppressionComment[]>();
  readonly #suppressorsOfBlock = new Map<SuppressionComment, Suppressors>();
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
        const suppressors = this.#byLine.get(line);
        if (suppressors) suppressors.add(comment);
        else this.#byLine.set(line, new Suppressors([comment]));
        continue;
      }
      this.#suppressorsOfBlock.set(comment, new Suppressors([comment]));
      const isOpen = (name: string): boolean => open.has(name) || (allDisabled && !closed.has(name));
      if (
        kind === 'enable' &&
        (names.length === 0 ? allDisabled || open.size > 0 : names.some(({ name }) => isOpen(name)))
      )
        this.#ends.add(comment);
      if (names.length === 0) {
        addTo(this.#blocks, '*', comment);
        open.clear();
        closed.clear();
        allDisabled = kind === 'disable';
      } else
        for (const name of new Set(names.map(({ name }) => name))) {
          addTo(this.#blocks, name, comment);
          (kind === 'disable' ? open : closed).add(name);
          (kind === 'disable' ? closed : open).delete(name);
        }
    }
  }

  /** True if a comment suppresses a finding. Marks such comments as used. */
  isSuppressed(rule: string, { range }: Finding, offset: number): boolean {
    const block = this.#last(rule, offset);
    const lists = [
      ...(this.#byLine.get(range.start.line)?.suppressorsOf(rule) ?? []),
      ...(block?.kind === 'disable' ? (this.#suppressorsOfBlock.get(block)?.suppressorsOf(rule) ?? []) : []),
    ];
    for (const list of lists) {
      if (this.#usedLists.has(list)) continue;
      this.#usedLists.add(list);
      for (const suppressor of list) this.used.add(suppressor);
    }
    return lists.length > 0;
  }

  /** True if an `enable` ends a `disable` above it. */
  endsBlock(comment: SuppressionComment): boolean {
    return this.#ends.has(comment);
  }

  /** The nearest block comment before an offset that applies to a rule. */
  #last(rule: string, offset: number): SuppressionComment | undefined {
    const ruleComment = lastBefore(this.#blocks.get(rule) ?? [], offset);
    const allComment = lastBefore(this.#blocks.get('*') ?? [], offset);
    if (!ruleComment || !allComment) return ruleComment ?? allComment;
    return ruleComment.span.start > allComment.span.start ? ruleComment : allComment;
  }
}

function addTo<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}

/** The last comment that starts before an offset. `comments` must be in text order. */
function lastBefore(comments: readonly SuppressionComment[], offset: number): SuppressionComment | undefined {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle]?.span.start ?? Infinity) < offset) low = middle + 1;
    else high = middle;
  }
  return comments[low - 1];
}
