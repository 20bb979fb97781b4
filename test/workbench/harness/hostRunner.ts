import Mocha from 'mocha';
import { writeFileSync } from 'node:fs';

/** One test as it ended in the extension host. `error` is absent where it passed. */
export interface HostResult {
  readonly title: string;
  readonly skipped: boolean;
  readonly error?: string;
}

/** Makes the `run` that VS Code calls inside its extension host: `load` defines the tests. */
export function hostRunner(load: () => void): () => Promise<void> {
  return () =>
    new Promise((resolve) => {
      const pattern = process.env.RECSAMPLE_GREP ?? '';
      const mocha = new Mocha({ ui: 'tdd', timeout: 60_000, ...(pattern === '' ? {} : { grep: new RegExp(pattern) }) });
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
        // A failed hook is told here too, by the hook's own title.
        .on('fail', (test, error: Error) =>
          results.push({ title: test.fullTitle(), skipped: false, error: error.stack ?? error.message }),
        );
    });
}
