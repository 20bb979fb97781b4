/** A Python with the peers that it runs, and what it adds to the environment. */
export interface Interpreter {
  readonly python: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Null where one is missing: its peers are left out. */
export interface Interpreters {
  /** With bench/peers/requirements.txt. */
  readonly peers: Interpreter | null;
  /** RecBole has one of its own: it needs older versions of what the others need. */
  readonly recBole: Interpreter | null;
}

/** As `scripts/bench.mjs` gives them. */
export function interpretersOf({
  RECSAMPLE_BENCH_PYTHON: python,
  RECSAMPLE_BENCH_RECBOLE: recBole,
}: NodeJS.ProcessEnv): Interpreters {
  return {
    peers: python === undefined ? null : { python, env: {} },
    recBole: recBole === undefined ? null : (JSON.parse(recBole) as Interpreter),
  };
}
