import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The folder with the packages that our code is compared with. They are never installed in the project. */
export const folder = path.resolve(process.argv[2] ?? '.');
const { resolve } = createRequire(path.join(folder, 'package.json'));

/** A package of the folder. */
export const load = async (name) => await import(pathToFileURL(resolve(name)).href);

/** Median CPU time of `repeats` calls of each function, in milliseconds. The functions take turns. */
export function cpuTimes(functions, repeats = 5) {
  const times = Object.fromEntries(Object.keys(functions).map((name) => [name, []]));
  for (let k = 0; k < repeats; k++) {
    for (const [name, run] of Object.entries(functions)) {
      const before = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(before);
      times[name].push((user + system) / 1000);
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([name, all]) => [name, Math.round(all.sort((a, b) => a - b)[repeats >> 1])]),
  );
}
