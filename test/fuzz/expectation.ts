import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { nanosecondsOf } from './timeText.ts';

/** A text or a struct of texts; or a time, since midnight or 1970. `cut`: nanoseconds below it may be cut off. */
export type Expected =
  | string
  | { readonly nanoseconds: string; readonly cut?: string }
  | { readonly fields: readonly (readonly [name: string, value: Expected])[] };

/** What an accepted mutant must give: an independent reading of the same bytes. */
export type Expectation =
  /** Rows of an exported file of JSON Lines, in their order; those of the report if `file` is null. */
  | { readonly kind: 'rows'; readonly file: string | null; readonly rows: readonly (readonly [string, Expected][])[] }
  /** A Spark job whose program is that of another job: they differ only in texts. */
  | { readonly kind: 'job'; readonly file: string; readonly like: string };

/** How the result of a command differs from what is expected; null if it does not. */
export async function judgeExpectation(
  expected: Expectation,
  folder: string,
  { out, err }: { readonly out: string; readonly err: string },
): Promise<string | null> {
  if (expected.kind === 'job') {
    const [file, like] = [path.join(folder, expected.file), path.join(folder, expected.like)];
    return file.endsWith('.py') ? await differentProgram(file, like) : differentStatements(file, like);
  }
  const shown: unknown[] =
    expected.file === null
      ? (JSON.parse(out) as { readonly sample: unknown[] }).sample
      : readFileSync(path.join(folder, expected.file), 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line): unknown => JSON.parse(line));
  const isRead = ([name]: readonly [string, Expected]): boolean => !err.includes(`Column ${name} cannot be read`);
  // A half of a character has no UTF-8. A notice reports it.
  const isReported = err.includes('half a character');
  if (shown.length === 0 && !(expected.rows[0] ?? []).some(isRead)) return null;
  if (shown.length !== expected.rows.length) return `${shown.length} rows, not ${expected.rows.length}`;
  for (const [k, row] of expected.rows.entries()) {
    const difference = differentValue(
      shown[k],
      { fields: row.filter(isRead) },
      { place: `row ${k}`, halves: isReported },
    );
    if (difference !== null) return difference;
  }
  return null;
}

/** @param halves whether halves of characters are reported, and may be shown as U+FFFD */
function differentValue(
  shown: unknown,
  expected: Expected,
  { place, halves }: { readonly place: string; readonly halves: boolean },
): string | null {
  const wrong = (what: string): string => `${place} is ${JSON.stringify(shown)}, not ${what}`;
  if (typeof expected === 'string') {
    const text = halves ? Buffer.from(expected).toString() : expected;
    return String(shown) === text ? null : wrong(JSON.stringify(text));
  }
  if ('nanoseconds' in expected) {
    const [time, exact] = [nanosecondsOf(String(shown)), BigInt(expected.nanoseconds)];
    const cut = BigInt(expected.cut ?? '1');
    const rest = ((exact % cut) + cut) % cut;
    return time === exact || time === exact - rest ? null : wrong(`${expected.nanoseconds} ns`);
  }
  // The cells of a report are texts.
  const struct: unknown = typeof shown === 'string' ? JSON.parse(shown) : shown;
  if (typeof struct !== 'object' || struct === null) return wrong('a struct');
  const names = Object.keys(struct);
  if (names.length !== expected.fields.length) return wrong(`of ${expected.fields.length} columns`);
  for (const [name, value] of expected.fields) {
    if (!Object.hasOwn(struct, name)) return `${place} has no ${JSON.stringify(name)}: ${JSON.stringify(names)}`;
    const inner = (struct as Readonly<Record<string, unknown>>)[name];
    const difference = differentValue(inner, value, { place: `${place}, ${JSON.stringify(name)}`, halves });
    if (difference !== null) return difference;
  }
  return null;
}

/** Empty if there is no Python. */
const python = process.env['RECSAMPLE_PYTHON'] ?? 'python3';

/** Prints the syntax trees without the contents of texts, and whether a variable of Spark is in one of these. */
const compare = `
import ast, sys

def program(path):
    tree = ast.parse(open(path, encoding="utf-8", newline="").read())
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    values = [node.value for node in texts]
    for node in texts:
        node.value = ""
    return ast.dump(tree), values

(job, texts), (like, _) = map(program, sys.argv[1:])
if job != like:
    at = next((k for k, (a, b) in enumerate(zip(job, like)) if a != b), len(like))
    sys.exit("another program: ..." + job[max(0, at - 100):at + 200])
if any("\${" in text for text in texts) and not any("spark.sql.variable.substitute" in text for text in texts):
    sys.exit("Spark would replace variables")
`;

async function differentProgram(file: string, like: string): Promise<string | null> {
  if (python === '') return null;
  return await new Promise((resolve) => {
    execFile(python, ['-c', compare, file, like], { timeout: 60_000 }, (error, _out, err) => {
      resolve(error === null ? null : `${path.basename(file)}: ${err.trim().slice(-1000) || error.message}`);
    });
  });
}

function differentStatements(file: string, like: string): string | null {
  const text = readFileSync(file, 'utf8');
  const [count, expected] = [statementsOf(text), statementsOf(readFileSync(like, 'utf8'))];
  if (count !== expected) return `${path.basename(file)} has ${count} statements, not ${expected}`;
  const isReplaced = text.includes('${') && !/SET spark\.sql\.variable\.substitute\s*=\s*false/i.test(text);
  return isReplaced ? `in ${path.basename(file)}, Spark would replace variables` : null;
}

/** Statements as spark-sql counts them: semicolons end them except in texts and comments, but also in names. */
function statementsOf(sql: string): number {
  const tokens = /'(?:\\[^]|[^\\'])*'|"(?:\\[^]|[^\\"])*"|--[^\n]*|\/\*[^]*?\*\/|;/g;
  return (sql.match(tokens) ?? []).filter((token) => token === ';').length;
}
