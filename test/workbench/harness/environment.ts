/** What `npm test` prepared for the workbench tests; it passes the paths in environment variables. */
export interface TestEnvironment {
  readonly chromium: string;
  /** Extension folder with the packaged RecSample and the test driver installed. */
  readonly extensions: string;
  /** Folder with the extensions of VS Code that most tests need. */
  readonly builtins: string;
  /** A demo workspace; tests work on copies. */
  readonly demo: string;
}

/** @throws Error that explains how to run these tests, if a path is missing */
export function testEnvironment(): TestEnvironment {
  return {
    chromium: variable('RECSAMPLE_CHROMIUM'),
    extensions: variable('RECSAMPLE_EXTENSIONS'),
    builtins: variable('RECSAMPLE_BUILTINS'),
    demo: variable('RECSAMPLE_DEMO'),
  };
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: run these tests by "npm test -- --only host,browser"`);
  return value;
}
