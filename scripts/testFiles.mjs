// Runs files of tests in one process.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from './paths.mjs';
import { countsMark } from './reporter.mjs';
import { withSourcePlaces } from './sourcePlaces.mjs';

/** Milliseconds after which a hung process ends. On a busy machine that is four times as slow, one took more than 25 minutes. */
const timeLimit = 2_700_000;

/**
 * What failed and is no test.
 * @param results of all files, without `counts` if the process ended before
 * @param strays counts of tests of no file, undefined if the process ended before
 * @param code of the exit, or the signal
 */
function problemsOf(results, strays, code) {
  const late = results.filter(({ counts }) => counts === undefined).map(({ name }) => name);
  const early = { name: late[0], reason: `the tests ended early with ${code}` };
  const lost = late.slice(1).map((name) => ({ name, reason: `did not run, because ${late[0]} ended early` }));
  if (late.length > 0) return [early, ...lost];
  const name = results.map((file) => file.name).join(', ');
  if (strays === undefined) return [{ name, reason: `the process ended early with ${code}` }];
  if (strays.passed + strays.failed > 0) {
    const tests = [...strays.failures, ...strays.slowest].map((test) => test.name).join(', ');
    return [{ name, reason: `tests started after the end of their file: ${tests}` }];
  }
  // A failed hook, for example, is no test.
  const hasFailed = results.some(({ counts }) => counts.failed > 0);
  return code === 0 || hasFailed ? [] : [{ name, reason: `ended with ${code}, although no test failed` }];
}

/**
 * Runs the files themselves and not `node --test`, which would start a second process for them.
 * @param files each with its `name`, relative to the clone, and its `bundle`
 * @param env environment of the process
 * @param grep only tests whose name matches this regular expression; it must not match the name of one of several files
 * @param started gets the id of the process
 * @returns `results`: of each file that ended, its `name`, what the reporter counted, `counts`, and `cpu`, the seconds of
 * processors of the process alone; `problems`: what failed and is no test, by the name of a file; `output`
 */
export async function runTestFiles(files, { env, grep, started }) {
  const args = [
    // A file runs for seconds: the optimizing compiler takes more time for most functions than it saves. By default, V8
    // starts it after 67,584 steps of a function. Functions that really are hot are still compiled.
    '--interrupt-budget=1000000',
    '--import',
    path.join(root, 'test', 'propertySeed.mjs'),
    `--test-reporter=${path.join(root, 'scripts', 'reporter.mjs')}`,
    '--test-reporter-destination=stdout',
  ];
  if (grep !== undefined) args.push(`--test-name-pattern=${grep}`);
  if (files.length === 1) args.push(files[0].bundle);
  else args.push(path.join(root, 'scripts', 'fileGroup.mjs'), ...files.flatMap(({ name, bundle }) => [name, bundle]));
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env });
  if (child.pid !== undefined) started(child.pid);
  const isLate = setTimeout(() => child.kill(), timeLimit);
  /** By file. Those of `undefined` are of tests of no file: all, if there is only one file. */
  const counted = new Map();
  let output = '';
  let begun = '';
  const keep = (line) => {
    if (line.startsWith(countsMark)) {
      const { file, ...result } = JSON.parse(line.slice(countsMark.length));
      counted.set(file, result);
    } else output += `${line}\n`;
  };
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text) => {
    const lines = (begun + text).split('\n');
    begun = lines.pop();
    lines.forEach(keep);
  });
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text) => (output += text));
  const code = await new Promise((resolve) => child.once('close', (status, signal) => resolve(signal ?? status)));
  clearTimeout(isLate);
  if (begun !== '') keep(begun);
  const isAlone = files.length === 1;
  const results = files.map(({ name }) => ({ name, ...counted.get(isAlone ? undefined : name) }));
  const strays = isAlone ? { passed: 0, failed: 0 } : counted.get(undefined)?.counts;
  return {
    results: results.filter(({ counts }) => counts !== undefined),
    problems: problemsOf(results, strays, code),
    output: code === 0 ? output : withSourcePlaces(output),
  };
}
