/** A Python with the peers that it runs, and its extra environment variables. */
export interface Interpreter {
  readonly python: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Null if an interpreter is missing: its peers are left out. */
export interface Interpreters {
  /** With bench/peers/requirements.txt. */
  readonly peers: Interpreter | null;
  /** RecBole has its own interpreter, because it needs older versions of packages that the others need. */
  readonly recBole: Interpreter | null;
}

/** The interpreters that `scripts/bench.mjs` passes. */
export function interpretersOf({
  RECSAMPLE_BENCH_PYTHON: python,
  RECSAMPLE_BENCH_RECBOLE: recBole,
}: NodeJS.ProcessEnv): Interpreters {
  return {
    peers: python === undefined ? null : { python, env: {} },
    recBole: recBole === undefined ? null : (JSON.parse(recBole) as Interpreter),
  };
}
