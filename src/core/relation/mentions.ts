import type { Expression, From, Relation, Select } from './tree.ts';

/** The columns of a query that its own parts name: those of a FROM item, and those without one. */
export class Mentions {
  /** Queries whose single value is used. */
  readonly queries: Relation[] = [];
  readonly #names = new Set<string>();
  readonly #of = new Map<string, Set<string>>();

  /** Names without a FROM item. They may be names of columns of the same query. */
  get unqualified(): ReadonlySet<string> {
    return this.#names;
  }

  /** Names that may be columns of this FROM item. */
  of({ as }: From): ReadonlySet<string> {
    return as === null ? this.#names : new Set([...this.#names, ...(this.#of.get(as) ?? [])]);
  }

  addName(name: string): void {
    this.#names.add(name);
  }

  /** Adds what a value, or a part of a tree, names. */
  add(part: unknown): void {
    if (typeof part !== 'object' || part === null) return;
    if (isName(part)) this.#addOf(part.name, part.of);
    else if (isQuery(part)) this.queries.push(part.relation);
    else for (const inner of Object.values(part)) this.add(inner);
  }

  #addOf(name: string, of: string | null): void {
    if (of === null) this.#names.add(name);
    else this.#of.set(of, (this.#of.get(of) ?? new Set()).add(name));
  }
}

/** Adds what the clauses after the columns and conditions name: columns of the query, or of its FROM items. */
export function addClauses(mentions: Mentions, query: Select): void {
  const { groupBy, having, together, tasks, sorted, ranges } = query;
  mentions.add([groupBy, having, together, sorted]);
  for (const name of [...(tasks === undefined ? [] : [tasks.by]), ...(ranges?.by ?? [])]) mentions.addName(name);
}

type Name = Extract<Expression, { readonly kind: 'name' }>;
type Query = Extract<Expression, { readonly kind: 'query' }>;
const isName = (part: object): part is Name => 'kind' in part && part.kind === 'name';
const isQuery = (part: object): part is Query => 'kind' in part && part.kind === 'query';
