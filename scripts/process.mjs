// Runs other programs for all scripts, with the same handling of output, failures and retries.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';

/** A failure that the user can act on; scripts print its message without a stack trace. */
export class ScriptError extends Error {}

/** Prints to standard error, so that the standard output contains only the output of the command. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Runs a program to its end. With `show`, its output is shown ('inherit' goes to this process's standard error).
 * Without it, the output is kept and printed if the program fails. `started` gets the id of the process.
 * @returns {Promise<{code: number, output: string}>} never rejects for an exit code with `allowFailure`
 */
export function run(program, args, { cwd, env, show = false, allowFailure = false, started } = {}) {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] };
    // A shell splits at blanks: `C:\\Program Files\\…` would not be found.
    const child = needsShell(program)
      ? spawn([program, ...args].map((word) => `"${word}"`).join(' '), { ...options, shell: true })
      : spawn(program, args, options);
    if (child.pid !== undefined) started?.(child.pid);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        if (show) process.stderr.write(text);
      });
    }
    child.once('error', (error) => reject(new ScriptError(`${program} could not be started: ${error.message}`)));
    child.once('close', (status, signal) => {
      const code = status ?? 1;
      if (code === 0 || allowFailure) return resolve({ code, output });
      const said = show ? '' : `\n${lastLines(output, 40)}`;
      reject(new ScriptError(`${program} ${args.join(' ')} ended with ${signal ?? `code ${code}`}${said}`));
    });
  });
}

/** Seconds before the second and the third try of a download: networks are often back after some seconds. */
const pauses = [3, 20];

/**
 * Runs a program that downloads, with up to three tries in case the network fails. `prepare` is called before each.
 */
export async function runDownload(program, args, { prepare, ...options } = {}) {
  for (let attempt = 0; ; attempt++) {
    prepare?.();
    try {
      return await run(program, args, options);
    } catch (error) {
      const pause = pauses[attempt];
      if (pause === undefined) throw error;
      say(`${program} failed (try ${attempt + 1} of ${pauses.length + 1}), trying again in ${pause} s …`);
      await setTimeout(1000 * pause);
    }
  }
}

/** The absolute path of a program on PATH, or undefined. */
export function findProgram(name, env = process.env) {
  const suffixes = process.platform === 'win32' ? (env.PATHEXT ?? '.EXE;.CMD').split(';') : [''];
  for (const folder of (env.PATH ?? '').split(path.delimiter)) {
    for (const suffix of suffixes) {
      const candidate = path.join(folder, name + suffix);
      try {
        accessSync(candidate, constants.X_OK);
        return candidate;
      } catch {
        // not in this folder
      }
    }
  }
  return undefined;
}

/** Ends the script with the message of a failure; an unexpected error keeps its stack trace. */
export function fail(error) {
  say(error instanceof ScriptError ? error.message : (error?.stack ?? String(error)));
  process.exitCode = 1;
}

/**
 * The options of this script's command line, in the form of `parseArgs`. An invalid option ends the script with one
 * line.
 */
export function readOptions(options) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    say(error.message);
    process.exit(2);
  }
}

/** True if `file` is the script that Node was started with. */
export function isMain(file) {
  return process.argv[1] !== undefined && path.resolve(process.argv[1]) === file;
}

const needsShell = (program) => process.platform === 'win32' && !program.toLowerCase().endsWith('.exe');

const lastLines = (text, count) => text.trimEnd().split('\n').slice(-count).join('\n');
