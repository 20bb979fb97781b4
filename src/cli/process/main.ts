import { join } from 'node:path';
import { version } from '../../../package.json';
import { outputFailure } from '../outputFailure.ts';
import { commands } from '../commands/registry.ts';
import { runCommandLine } from '../run.ts';
import { terminalWidth } from '../terminalWidth.ts';

/** Path of the draw worker in the bundle. When run from source, the command line draws without threads. */
const bundled = typeof __dirname === 'undefined' ? {} : { drawWorker: join(__dirname, 'drawWorker.cjs') };

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
  // `recsample … | head`: the reader closed the pipe. This is not a failure. Other errors end the command that prints.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  process.stderr.on('error', () => undefined);
  const { env, stdout, stderr } = process;
  const colour = env['NO_COLOR']
    ? false
    : env['FORCE_COLOR']
      ? env['FORCE_COLOR'] !== '0'
      : stdout.isTTY && env['TERM'] !== 'dumb';
  void runCommandLine(process.argv.slice(2), {
    commands,
    version,
    directory: process.cwd(),
    environment: env,
    terminal: { width: terminalWidth(stdout), colour },
    signal: controller.signal,
    // Loaded on demand, so that help and usage errors do not wait for DuckDB.
    createEngine: async () => (await import('../../engine/process/engine.ts')).createEngine(bundled),
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
