import { join } from 'node:path';
import { version } from '../../../package.json';
import { outputFailure } from '../outputFailure.ts';
import { commands } from '../commands/registry.ts';
import { runCommandLine } from '../run.ts';
import { terminalWidth } from '../terminalWidth.ts';

/** Path of the draw worker in the bundle. When run from source, the command line draws without threads. */
const engineOptions = typeof __dirname === 'undefined' ? {} : { drawWorker: join(__dirname, 'drawWorker.cjs') };

function hasColour({ NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (NO_COLOR) return false;
  return FORCE_COLOR ? FORCE_COLOR !== '0' : isTerminal && TERM !== 'dumb';
}

function main(): void {
  const controller = new AbortController();
  // SIGHUP: the terminal was closed.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // A second signal ends the process at once.
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  // `recsample … | head`: the reader closed the pipe. This is not a failure. Other errors fail the command.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  process.stderr.on('error', () => undefined);
  const { env, stdout, stderr } = process;
  void runCommandLine(process.argv.slice(2), {
    commands,
    version,
    directory: process.cwd(),
    environment: env,
    terminal: { width: terminalWidth(stdout), colour: hasColour(env, stdout.isTTY) },
    signal: controller.signal,
    // Loaded on demand, so that help and usage errors do not wait for DuckDB.
    createEngine: async () => (await import('../../engine/process/engine.ts')).createEngine(engineOptions),
    print: (text) =>
      new Promise((resolve, reject) => {
        stdout.write(text, (error) => {
          if (error) reject(outputFailure(error));
          else resolve();
        });
      }),
    printError: (text) => {
      stderr.write(text);
    },
    note: (text) => {
      if (stderr.isTTY) stderr.write(`\r\u001B[K${text}`);
    },
  }).then((code) => {
    process.exitCode = code;
  });
}

main();
