// Runs one file of tests in a process.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from './paths.mjs';
import { countsMark } from './reporter.mjs';
import { withSourcePlaces } from './sourcePlaces.mjs';

/** Milliseconds after which a hung file ends. On a busy machine that is four times as slow, one took more than 25 minutes. */
const timeLimit = 2_700_000;

/**
 * Runs the file itself and not `node --test`, which would start a second process for it.
 * @param bundle the bundle of a file of tests
 * @param env environment of the process
 * @param grep only tests whose name matches this regular expression
 * @param started gets the id of the process
 * @returns `counts`: what the reporter counted, undefined if the file ended before; `output`; the exit `code`
 */
export async function runTestFile(bundle, { env, grep, started }) {
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
  const child = spawn(process.execPath, [...args, bundle], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env });
  if (child.pid !== undefined) started(child.pid);
  const isLate = setTimeout(() => child.kill(), timeLimit);
  let counts;
  let output = '';
  let rest = '';
  const keep = (line) => {
    if (line.startsWith(countsMark)) counts = JSON.parse(line.slice(countsMark.length));
    else output += `${line}\n`;
  };
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    lines.forEach(keep);
  });
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text) => (output += text));
  const ended = await new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
  clearTimeout(isLate);
  if (rest !== '') keep(rest);
  return { counts, output: ended === 0 ? output : withSourcePlaces(output), code: ended };
}
