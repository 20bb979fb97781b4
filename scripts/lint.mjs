// Types and rules of all TypeScript and JavaScript, in one process: the rules ask for the same types as the compiler,
// so they are computed once. Ends with 1 if something is wrong.
import path from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { root } from './paths.mjs';

/**
 * A file is linted with the first project that has it: its own one, because the project of the whole clone has all
 * types of Node.
 */
const projects = ['src/core', 'assembly', 'webview', 'test/webview', '.'];

/** The program of a `tsconfig.json`. */
function programOf(project) {
  const file = path.join(root, project, 'tsconfig.json');
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  const parsed = ts.parseJsonConfigFileContent(config ?? {}, ts.sys, path.dirname(file), undefined, file);
  return ts.createProgram({
    rootNames: parsed.fileNames,
    options: parsed.options,
    // The rules go from a node to its parents.
    host: ts.createCompilerHost(parsed.options, true),
    configFileParsingDiagnostics: [...(error ? [error] : []), ...parsed.errors],
  });
}

const host = { getCurrentDirectory: () => root, getCanonicalFileName: (name) => name, getNewLine: () => '\n' };
const programs = projects.map(programOf);
const mistakes = programs.flatMap((program) =>
  ts.getPreEmitDiagnostics(program).map((mistake) => ts.formatDiagnostic(mistake, host)),
);
// Two projects can have a file, with the same mistakes.
process.stdout.write([...new Set(mistakes)].join(''));

const eslint = new ESLint({
  cwd: root,
  overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false, programs } } },
});
const results = await eslint.lintFiles(['.']);
process.stdout.write(await (await eslint.loadFormatter('stylish')).format(results));
const isRight = mistakes.length === 0 && results.every((one) => one.messages.length === 0);
process.exitCode = isRight ? 0 : 1;
