import type { Expression, From, Relation, Select } from './tree.ts';

/** The columns that the clauses of one query mention, with or without the alias of a FROM item. Not of subqueries. */
export class Mentions {
  /** Subqueries that are used as values. */
  readonly queries: Relation[] = [];
  readonly #unqualified = new Set<string>();
  readonly #byAlias = new Map<string, Set<string>>();

  /** Names without an alias. They may be names of columns of the same query. */
  get unqualified(): ReadonlySet<string> {
    return this.#unqualified;
  }

  /** Mentioned names that may be columns of this FROM item. */
  of({ as }: From): ReadonlySet<string> {
    return as === null ? this.#unqualified : new Set([...this.#unqualified, ...(this.#byAlias.get(as) ?? [])]);
  }

  addName(name: string): void {
    this.#unqualified.add(name);
  }

  /** Adds all names in an expression, or in a list or object of expressions. */
  add(node: unknown): void {
    if (typeof node !== 'object' || node === null) return;
    if (isName(node)) this.#addQualified(node.name, node.of);
    else if (isQuery(node)) this.queries.push(node.relation);
    else for (const child of Object.values(node)) this.add(child);
  }

  #addQualified(name: string, of: string | null): void {
    if (of === null) this.#unqualified.add(name);
    else this.#byAlias.set(of, (this.#byAlias.get(of) ?? new Set()).add(name));
  }
}

/** Adds the names in the clauses after WHERE: columns of the query, or of its FROM items. */
export function addClauses(mentions: Mentions, query: Select): void {
  const { groupBy, having, together, tasks, sorted, ranges } = query;
  mentions.add([groupBy, having, together, sorted]);
  for (const name of [...(tasks === undefined ? [] : [tasks.by]), ...(ranges?.by ?? [])]) mentions.addName(name);
}

type Name = Extract<Expression, { readonly kind: 'name' }>;
type Query = Extract<Expression, { readonly kind: 'query' }>;
const isName = (node: object): node is Name => 'kind' in node && node.kind === 'name';
const isQuery = (node: object): node is Query => 'kind' in node && node.kind === 'query';
