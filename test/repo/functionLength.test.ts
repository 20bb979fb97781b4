import { test } from 'node:test';
import ts from 'typescript';
import { budget } from './budget.ts';
import { assertNone, read, trackedFiles } from './repository.ts';

const maxLines = 80;

/** The functions of a file with more than `maxLines` lines, by file and name. */
function longFunctions(file: string): [name: string, lines: number][] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  const found: [string, number][] = [];
  const visit = (node: ts.Node): void => {
    const lines = lineOf(node.end) - lineOf(node.getStart()) + 1;
    if (ts.isFunctionLike(node) && 'body' in node && node.body && lines > maxLines)
      found.push([`${file} ${nameOf(node)}`, lines]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function nameOf({ name, parent }: ts.SignatureDeclaration): string {
  if (name) return name.getText();
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : 'without a name';
}

test(`functions have at most ${maxLines} lines, but for those that test/repo/budget.json still lists`, () => {
  const long = new Map(
    trackedFiles()
      .filter((file) => /^(?:src|webview|examples|scripts)\/.*\.(?:ts|mjs)$/.test(file))
      .flatMap(longFunctions),
  );
  const { longFunctions: allowed } = budget;
  assertNone(
    [...long]
      .filter(([name, lines]) => lines > (allowed[name] ?? maxLines))
      .map(([name, lines]) => `${name}: ${lines} lines`),
    'functions to split',
  );
  assertNone(
    Object.keys(allowed).filter((name) => !long.has(name)),
    'functions that are short now: remove them from the list',
  );
});
