import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { markdownTable } from '../table.ts';
import type { Answer } from './answers.ts';
import { halfTyped, type HalfTyped } from './halfTyped.ts';

type Answers = (moment: HalfTyped) => Answer;
type Better = 'ours' | 'yaml' | 'each' | '';

/** Replaces our reader by the library, which then reads the whole text. All else is the product. */
const libraryAlone: Plugin = {
  name: 'library-alone',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]reading[\\/]yaml\.ts$/ }, ({ path: file }) => ({
      contents: `import { readWithLibrary } from './library.ts';
        export const readYaml = (text, problems) => readWithLibrary(text, 0, problems);`,
      resolveDir: path.dirname(file),
    }));
  },
};

/** Findings and proposals at 50 moments of typing, with our reader and with `yaml` alone. */
export async function benchYaml(root: string, { texts = false } = {}): Promise<string> {
  const ours = await answersWith(root, []);
  const library = await answersWith(root, [libraryAlone]);
  const count = new Map<Better, number>();
  const rows = halfTyped.map((moment) => {
    const scores = [ours, library].map((answers) => scoreOf(moment, answers(moment)));
    const better = betterOf(scores);
    count.set(better, (count.get(better) ?? 0) + 1);
    return [
      moment.name,
      ...scores.map(({ wrong }) => String(wrong)),
      ...scores.map(({ offers }) => (moment.wants === null ? '' : offers ? 'yes' : 'no')),
      better,
    ];
  });
  const table = markdownTable(
    ['moment', 'false: ours', 'false: yaml', 'offered: ours', 'offered: yaml', 'better'],
    ['left', 'right', 'right', 'left', 'left', 'left'],
    rows,
  );
  const countOf = (better: Better): number => count.get(better) ?? 0;
  const summary = `ours ${countOf('ours')}, equal ${countOf('')}, yaml ${countOf('yaml')}, each in one respect ${countOf('each')}`;
  const all = texts ? halfTyped.map((moment) => textOf(moment, ours(moment), library(moment))) : [];
  return [table, summary, ...all].join('\n\n');
}

async function answersWith(root: string, plugins: Plugin[]): Promise<Answers> {
  const folder = await mkdtemp(path.join(tmpdir(), 'recsample-yaml-'));
  try {
    const outfile = path.join(folder, 'answers.mjs');
    await build({
      entryPoints: [path.join(root, 'bench/yaml/answers.ts')],
      absWorkingDir: root,
      outfile,
      plugins,
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      logLevel: 'error',
    });
    const { answer } = (await import(pathToFileURL(outfile).href)) as { readonly answer: Answers };
    return answer;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Score {
  /** Findings at lines where nothing is wrong, and lines with a fault but without any finding. */
  readonly wrong: number;
  readonly offers: boolean;
}

function scoreOf({ wants, at }: HalfTyped, { findings, offered }: Answer): Score {
  const isMissed = at.includes(0) && !findings.some(({ line }) => line === 0);
  return {
    wrong: findings.filter(({ line }) => !at.includes(line)).length + (isMissed ? 1 : 0),
    offers: wants === null || offered.includes(wants),
  };
}

function betterOf([ours, library]: readonly Score[]): Better {
  if (!ours || !library) return '';
  const byFindings = Math.sign(library.wrong - ours.wrong);
  const byOffers = Number(ours.offers) - Number(library.offers);
  if (byFindings * byOffers < 0) return 'each';
  return byFindings + byOffers > 0 ? 'ours' : byFindings + byOffers < 0 ? 'yaml' : '';
}

function textOf({ name }: HalfTyped, ...answers: readonly Answer[]): string {
  const lines = answers.flatMap(({ findings, offered }, k) => [
    k === 0 ? '  ours' : '  yaml',
    ...findings.map(({ line, text }) => `    ${line < 0 ? line : `+${line}`} ${text}`),
    `    offers ${offered.join(', ')}`,
  ]);
  return [name, ...lines].join('\n');
}
