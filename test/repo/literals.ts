import ts from 'typescript';
import { read, trackedFiles } from './repository.ts';

/** A sentence for users, as written in the source. */
export interface Sentence {
  readonly text: string;
  /** `file:line`. */
  readonly place: string;
  /** Number of values for its placeholders; undefined if they are spread. */
  readonly values: number | undefined;
}

export interface Collected {
  readonly sentences: readonly Sentence[];
  /** Places where the text is not a literal, so that its translation cannot be checked. */
  readonly computed: readonly string[];
}

/** The modules that define the functions, where the text is a parameter. */
const definitions = ['src/core/message/message.ts', 'webview/strings.ts'];

/**
 * Collects the first arguments of `message(…)` everywhere, of `vscode.l10n.t(…)` in the host, and of `t(…)` in
 * webviews.
 */
export function collectSentences(): Collected {
  const sentences: Sentence[] = [];
  const computed: string[] = [];
  const files = trackedFiles().filter(
    (file) => /^(src|webview|examples)\/.*\.ts$/.test(file) && !definitions.includes(file),
  );
  for (const file of files) {
    const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isSentenceCall(node, file)) {
        const place = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
        const [first, ...values] = node.arguments;
        const text = first === undefined ? undefined : literalText(first);
        if (text === undefined) computed.push(place);
        else
          sentences.push({
            text,
            place,
            values: values.some((value) => ts.isSpreadElement(value)) ? undefined : values.length,
          });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { sentences, computed };
}

function isSentenceCall({ expression }: ts.CallExpression, file: string): boolean {
  if (ts.isIdentifier(expression))
    return expression.text === 'message' || (expression.text === 't' && file.startsWith('webview/'));
  return (
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === 't' &&
    /(^|\.)l10n$/.test(expression.expression.getText())
  );
}

/** The value of a string literal, or of several joined by `+`. */
function literalText(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isParenthesizedExpression(node)) return literalText(node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const left = literalText(node.left);
    const right = literalText(node.right);
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return undefined;
}
