import { performance } from 'node:perf_hooks';
import { readConfig } from '../../src/core/config/read.ts';
import { examples } from '../../src/core/policy/examples/example.ts';
import { preset } from '../../src/core/policy/presets.ts';
import { policyOfConfig } from '../../src/core/policy/resolvePolicy.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { lint } from '../../src/core/policy/run.ts';
import { markdownTable } from '../table.ts';

/** Lines of the configs, by task. */
export const sizes = { '200': 200, '500': 500, '2000': 2000, '10000': 10_000 } as const;
export const tasks: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(sizes).map((lines) => [lines, `a keystroke in a config of ${lines} lines`]),
);

const WARMUP = 30;
const KEYSTROKES = 200;
const noFacts = { level: 'none', dataset: () => undefined, answer: () => undefined } as const;

/**
 * Measures the work of the language server after a keystroke: wall time and CPU time in milliseconds, median and 95th
 * percentile. Returns a Markdown table.
 */
export function benchLint(only: readonly string[] | null): string {
  const rows = Object.entries(sizes)
    .filter(([name]) => only === null || only.includes(name))
    .map(([name, lines]) => {
      const text = configOf(lines);
      const times: number[] = [];
      const cpu: number[] = [];
      for (let k = 0; k < WARMUP + KEYSTROKES; k++) {
        // Another character at another place each time, so that no cache helps.
        const offset = Math.floor(((k * 0.618034) % 1) * text.length);
        const typed =
          k % 2 === 0
            ? text.slice(0, offset) + String.fromCharCode(97 + (k % 26)) + text.slice(offset)
            : text.replace('seed: demo', `seed: demo${k}`);
        const start = performance.now();
        const used = process.cpuUsage();
        keystroke(typed);
        const { user, system } = process.cpuUsage(used);
        if (k >= WARMUP) {
          times.push(performance.now() - start);
          cpu.push((user + system) / 1000);
        }
      }
      times.sort((a, b) => a - b);
      cpu.sort((a, b) => a - b);
      return [
        name,
        String(Math.round(text.length / 1000)),
        ...[times, cpu]
          .flatMap((all) => [all[KEYSTROKES >> 1], all[Math.floor(KEYSTROKES * 0.95)]])
          .map((ms) => (ms ?? 0).toFixed(1)),
      ];
    });
  return markdownTable(
    ['lines', 'kB', 'median ms', 'p95 ms', 'CPU median ms', 'CPU p95 ms'],
    ['right', 'right', 'right', 'right', 'right', 'right'],
    rows,
  );
}

function keystroke(text: string): void {
  const config = readConfig(text, { language: 'yaml' });
  const { problems } = policyOfConfig(config, { folder: null, root: null, rules, readText: () => ({ text: '' }) });
  lint({
    read: config,
    rules,
    policy: preset('recommended', rules),
    policyProblems: problems,
    facts: noFacts,
    folder: null,
    root: null,
  });
}

/** The recall example with extra mix entries, so that it has the given number of lines. */
function configOf(lines: number): string {
  const example = examples.recall;
  const extraLines = lines - example.trimEnd().split('\n').length;
  const share = (0.2 / (extraLines + 1)).toFixed(9);
  const last = (0.2 - Number(share) * extraLines).toFixed(9);
  const entries = Array.from(
    { length: extraLines },
    (_, k) => `        city_${k}: {source: global_random, share: ${share}, where: {city: "city ${k}"}}\n`,
  ).join('');
  // Enough draws that each entry has some; otherwise a finding for every line would be measured.
  return example
    .replace('per_positive: 10\n', 'per_positive: 10000\n')
    .replace('        global_random: 0.2\n', `        global_random: ${last}\n${entries}`);
}
