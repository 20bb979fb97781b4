import { message } from '../../message/message.ts';
import type { ArithmeticOp, ComparisonOp, Expression } from './ast.ts';
import { tokenize, type Keyword, type Token, type TokenSymbol } from './lexer.ts';
import { badFilter, type Range } from './range.ts';

/** Maximum nesting of parentheses and operators; chains of `and` and `or` count once. */
export const maxDepth = 100;

/**
 * Parses the text of one expression. Weakest binding first: or, and, not, comparisons (= != < <= > >= in between like
 * ilike is), + −, * / %, unary −. Never overflows the stack.
 * @throws FailureError `bad-filter` with the place
 */
export function parse(text: string): Expression {
  return new Parser(tokenize(text)).whole();
}

const comparisons: Partial<Record<TokenSymbol, ComparisonOp>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const sums: Partial<Record<TokenSymbol, ArithmeticOp>> = { '+': '+', '-': '-' };
const products: Partial<Record<TokenSymbol, ArithmeticOp>> = { '*': '*', '/': '/', '%': '%' };

class Parser {
  private position = 0;
  private nesting = 0;
  private readonly depths = new WeakMap<Expression, number>();

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): Expression {
    const e = this.or();
    const token = this.peek();
    if (token.kind !== 'end') throw this.unexpected(token);
    return e;
  }

  private or(): Expression {
    return this.chain('or', () => this.and());
  }

  private and(): Expression {
    return this.chain('and', () => this.not());
  }

  private chain(kind: 'and' | 'or', operand: () => Expression): Expression {
    const first = operand();
    if (!this.isKeyword(kind)) return first;
    const operands = [first];
    while (this.takeKeyword(kind)) operands.push(operand());
    // `(a and b) and c` is the same condition as `a and b and c`, and prints the same.
    const flat = operands.flatMap((o) => (o.kind === kind ? o.operands : [o]));
    return this.withDepth({ kind, operands: flat, range: span(first, operands.at(-1) ?? first) }, flat);
  }

  private not(): Expression {
    const token = this.peek();
    if (!this.takeKeyword('not')) return this.comparison();
    return this.nested(token, () => {
      const operand = this.not();
      return this.withDepth({ kind: 'not', operand, range: span(token, operand) }, [operand]);
    });
  }

  private comparison(): Expression {
    const left = this.sum();
    const e = this.comparisonOf(left);
    if (e === left) return left;
    const next = this.peek();
    if (
      (next.kind === 'symbol' && comparisons[next.text]) ||
      (next.kind === 'keyword' && ['in', 'between', 'like', 'ilike', 'is'].includes(next.text))
    ) {
      throw badFilter(
        next.range,
        message('Comparisons cannot be chained'),
        message('Join them with “and”, or write “between … and …”.'),
      );
    }
    return e;
  }

  private comparisonOf(operand: Expression): Expression {
    const token = this.peek();
    if (token.kind === 'symbol') {
      const op = comparisons[token.text];
      if (!op) return operand;
      this.position++;
      const right = this.sum();
      return this.withDepth({ kind: 'compare', op, left: operand, right, range: span(operand, right) }, [
        operand,
        right,
      ]);
    }
    if (this.takeKeyword('is')) {
      const negated = this.takeKeyword('not');
      const last = this.expectKeyword('null');
      return this.withDepth({ kind: 'is-null', operand, negated, range: span(operand, last) }, [operand]);
    }
    const negated = this.takeKeyword('not');
    if (this.takeKeyword('in')) return this.inList(operand, negated);
    if (this.takeKeyword('between')) {
      const low = this.sum();
      this.expectKeyword('and');
      const high = this.sum();
      return this.withDepth({ kind: 'between', operand, low, high, negated, range: span(operand, high) }, [
        operand,
        low,
        high,
      ]);
    }
    const anyCase = this.isKeyword('ilike');
    if (this.takeKeyword('like') || this.takeKeyword('ilike')) {
      const pattern = this.sum();
      return this.withDepth({ kind: 'like', operand, pattern, anyCase, negated, range: span(operand, pattern) }, [
        operand,
        pattern,
      ]);
    }
    if (negated) throw this.unexpected(this.peek(), 'in, between, like, ilike');
    return operand;
  }

  private inList(operand: Expression, negated: boolean): Expression {
    const open = this.expectSymbol('(');
    const { items, close } = this.list(open);
    if (items.length === 0) throw badFilter(span(open, close), message('The list of “in” is empty'));
    return this.withDepth({ kind: 'in', operand, list: items, negated, range: span(operand, close) }, [
      operand,
      ...items,
    ]);
  }

  /** Parses expressions separated by commas, up to the closing parenthesis. */
  private list(open: Token): { items: Expression[]; close: Token } {
    return this.nested(open, () => {
      const items: Expression[] = [];
      if (!this.isSymbol(')')) {
        do items.push(this.or());
        while (this.takeSymbol(','));
      }
      return { items, close: this.expectSymbol(')') };
    });
  }

  private sum(): Expression {
    return this.leftAssociative(sums, () => this.product());
  }

  private product(): Expression {
    return this.leftAssociative(products, () => this.unary());
  }

  private leftAssociative(ops: Partial<Record<TokenSymbol, ArithmeticOp>>, operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const token = this.peek();
      const op = token.kind === 'symbol' ? ops[token.text] : undefined;
      if (!op) return left;
      this.position++;
      const right = operand();
      left = this.withDepth({ kind: 'arithmetic', op, left, right, range: span(left, right) }, [left, right]);
    }
  }

  private unary(): Expression {
    const token = this.peek();
    if (!this.takeSymbol('-')) return this.primary();
    return this.nested(token, () => {
      const operand = this.unary();
      return this.withDepth({ kind: 'negate', operand, range: span(token, operand) }, [operand]);
    });
  }

  private primary(): Expression {
    const token = this.peek();
    this.position++;
    switch (token.kind) {
      case 'number':
        return { kind: 'number', text: token.text, range: token.range };
      case 'string':
        return { kind: 'string', value: token.text, range: token.range };
      case 'name':
        return this.isSymbol('(') ? this.call(token.text, token.range) : this.path(token);
      case 'quoted-name':
        return this.path(token);
      case 'keyword':
        if (token.text === 'true' || token.text === 'false')
          return { kind: 'boolean', value: token.text === 'true', range: token.range };
        if (token.text === 'null') return { kind: 'null', range: token.range };
        break;
      case 'symbol':
        if (token.text !== '(') break;
        return this.nested(token, () => {
          const inner = this.or();
          this.expectSymbol(')');
          return inner;
        });
      case 'end':
        break;
    }
    throw this.unexpected(token);
  }

  private call(name: string, nameRange: Range): Expression {
    const open = this.expectSymbol('(');
    if (/^(try_)?cast$/i.test(name))
      throw badFilter(
        nameRange,
        message('Casts are not allowed in an expression'),
        message('A value gets the type of the column that it is compared with.'),
      );
    const { items, close } = this.list(open);
    return this.withDepth(
      {
        kind: 'call',
        name: name.toLowerCase(),
        nameRange,
        arguments: items,
        range: { start: nameRange.start, end: close.range.end },
      },
      items,
    );
  }

  private path(first: Token): Expression {
    const path: string[] = [first.text];
    let last = first;
    while (this.takeSymbol('.')) {
      const field = this.peek();
      this.position++;
      // After a dot even a keyword is a field name.
      if (field.kind === 'name' || field.kind === 'quoted-name') path.push(field.text);
      else if (field.kind === 'keyword') path.push(field.written);
      else throw this.unexpected(field);
      last = field;
    }
    return { kind: 'name', path, range: span(first, last) };
  }

  private nested<T>(token: Token, inner: () => T): T {
    if (++this.nesting > maxDepth) throw tooDeep(token.range);
    const result = inner();
    this.nesting--;
    return result;
  }

  /** Records the height of the tree and limits it. Chains such as `1 + 1 + 1 + …` grow without recursion. */
  private withDepth(e: Expression, children: readonly Expression[]): Expression {
    let depth = 1;
    for (const child of children) depth = Math.max(depth, 1 + (this.depths.get(child) ?? 0));
    if (depth > maxDepth) throw tooDeep(e.range);
    this.depths.set(e, depth);
    return e;
  }

  private peek(): Token {
    const token = this.tokens[Math.min(this.position, this.tokens.length - 1)];
    if (!token) throw new RangeError('no tokens');
    return token;
  }

  private isKeyword(text: Keyword): boolean {
    const token = this.peek();
    return token.kind === 'keyword' && token.text === text;
  }

  private isSymbol(text: TokenSymbol): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.text === text;
  }

  private takeKeyword(text: Keyword): boolean {
    const isMatch = this.isKeyword(text);
    if (isMatch) this.position++;
    return isMatch;
  }

  private takeSymbol(text: TokenSymbol): boolean {
    const isMatch = this.isSymbol(text);
    if (isMatch) this.position++;
    return isMatch;
  }

  private expectKeyword(text: Keyword): Token {
    const token = this.peek();
    if (!this.takeKeyword(text)) throw this.unexpected(token, text);
    return token;
  }

  private expectSymbol(text: TokenSymbol): Token {
    const token = this.peek();
    if (!this.takeSymbol(text)) throw this.unexpected(token, text);
    return token;
  }

  private unexpected(token: Token, expected?: string): Error {
    if (token.kind === 'end') {
      return expected === undefined
        ? badFilter(token.range, message('The expression ends too early'))
        : badFilter(token.range, message('The expression ends too early; expected: {0}', expected));
    }
    const text = token.kind === 'keyword' ? token.written : token.text;
    for (const neighbour of [this.tokens[this.position - 1], token]) {
      if (neighbour?.kind === 'name' && /^(select|with|from|exists)$/i.test(neighbour.text))
        return badFilter(
          neighbour.range,
          message('Queries are not allowed in an expression'),
          message('Write a condition on the columns.'),
        );
    }
    return expected === undefined
      ? badFilter(token.range, message('“{0}” is not expected here', text))
      : badFilter(token.range, message('“{0}” is not expected here; expected: {1}', text, expected));
  }
}

function tooDeep(range: Range): Error {
  return badFilter(range, message('The expression is nested too deeply; at most {0} levels are allowed', maxDepth));
}

function span(first: { readonly range: Range }, last: { readonly range: Range }): Range {
  return { start: first.range.start, end: last.range.end };
}
