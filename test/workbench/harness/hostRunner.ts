import Mocha from 'mocha';
import { writeFileSync } from 'node:fs';
import { hung } from './deadlines.ts';

/** The result of one test in the extension host. `error` is missing if it passed. */
export interface HostResult {
  readonly title: string;
  readonly skipped: boolean;
  readonly error?: string;
}

/** Makes the `run` function that VS Code calls in its extension host; `load` defines the tests. */
export function hostRunner(load: () => void): () => Promise<void> {
  return () =>
    new Promise((resolve) => {
      const pattern = process.env.RECSAMPLE_GREP ?? '';
      // Waits inside of a test begin after it, and have the timeout `hung` too.
      const mocha = new Mocha({
        ui: 'tdd',
        timeout: 2 * hung,
        ...(pattern === '' ? {} : { grep: new RegExp(pattern) }),
      });
      mocha.suite.emit('pre-require', {} as Mocha.MochaGlobals, '', mocha);
      load();
      const results: HostResult[] = [];
      mocha
        .run(() => {
          writeFileSync(process.env.RECSAMPLE_HOST_RESULTS ?? '', JSON.stringify(results));
          resolve();
        })
        .on('pass', (test) => results.push({ title: test.fullTitle(), skipped: false }))
        .on('pending', (test) => results.push({ title: test.fullTitle(), skipped: true }))
        // A failed hook is reported here too, under the hook's title.
        .on('fail', (test, error: Error) =>
          results.push({ title: test.fullTitle(), skipped: false, error: error.stack ?? error.message }),
        );
    });
}
