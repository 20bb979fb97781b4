// Runs a command line of the bundle again and again in one process, each time with another fault. The target folder is
// moved aside after each run.
//   node manyRuns.cjs '{"cli", "args", "old", "target", "results", "faults": [{"at", "error"}]}'
// Writes the exit codes to results/runs.json, with whether the faults happened.
const { cpSync, openSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { compileFunction } = require('node:vm');

const { cli, args, old, target, results, faults } = JSON.parse(process.argv[2]);
const runs = [];
let run = -1;
// Each call is a new module. `require` would compile it again, which takes half of the time of a run.
const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];
const load = compileFunction(readFileSync(cli, 'utf8'), parameters, { filename: cli });
const requireOfCli = createRequire(cli);

/** Asks the library of faults for a fault. @returns whether the previous one happened */
function ask(at, error) {
  try {
    return openSync(`/fault/${at}/${error}`, 'r') === undefined;
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'ENXIO')
      throw new Error('the library of faults is not loaded', { cause: error });
    return error.code === 'ENOENT';
  }
}

// Nothing is left to do: a process of its own would end here.
process.on('beforeExit', (code) => {
  if (run >= 0) {
    const happened = ask(0, 0);
    renameSync(target, path.join(results, String(run)));
    runs.push({ code, happened });
  }
  run++;
  process.exitCode = undefined;
  if (run === faults.length) writeFileSync(path.join(results, 'runs.json'), JSON.stringify(runs));
  if (run >= faults.length) return;
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
  process.argv = [process.execPath, cli, ...args];
  cpSync(old, target, { recursive: true });
  ask(faults[run].at, faults[run].error);
  const module = { exports: {} };
  load(module.exports, requireOfCli, module, cli, path.dirname(cli));
});
