import { commands } from '../../src/cli/commands/registry.ts';
import { runCommandLine, type Host } from '../../src/cli/run.ts';
import { fakeEngine, type FakeTable } from './fakeEngine.ts';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly engine: ReturnType<typeof fakeEngine>;
}

/** Runs a command line in this process on a fake engine; relative paths are resolved against `/data`. */
export async function recsample(
  args: readonly string[],
  tables: Readonly<Record<string, FakeTable>> = {},
  host: Partial<Host> = {},
): Promise<Outcome> {
  const engine = fakeEngine(tables);
  let out = '';
  let err = '';
  const code = await runCommandLine(args, {
    commands,
    version: '1.2.3',
    directory: '/data',
    environment: {},
    terminal: { width: 120, colour: false },
    signal: new AbortController().signal,
    createEngine: () => Promise.resolve(engine),
    print: async (text) => {
      out += text;
      await Promise.resolve();
    },
    printError: (text) => {
      err += text;
    },
    note: () => undefined,
    ...host,
  });
  return { code, out, err, engine };
}
