import path from 'node:path';
import { diffJson } from '../../core/report/diffJson.ts';
import { diffText, type DiffSide } from '../../core/report/diffText.ts';
import { message, render } from '../../core/message/message.ts';
import { printable } from '../../core/message/printable.ts';
import { diffRuns } from '../../core/sampling/lock/diffRuns.ts';
import type { Command, CommandContext } from '../command.ts';
import { formatOption } from '../formatOption.ts';
import { readRun, type NamedRun } from '../lockFile.ts';
import { textOptions } from '../textOptions.ts';

/** `recsample diff A B`: the differences between two sample files, from their lock files. */
export const diffCommand: Command = {
  name: 'diff',
  summary: message('Compare two sample files: how they were generated and how the mix changed'),
  arguments: [
    { name: 'A', help: message('A sample file or a folder of samples with its lock file, or a lock file') },
    { name: 'B', help: message('Another sample file, folder or lock file') },
  ],
  options: {
    format: formatOption(['text', 'json']),
  },
  examples: [
    'recsample diff out/monday.parquet out/tuesday.parquet',
    'recsample diff main.recsample.json out/recall.parquet.recsample.json --format json',
  ],
  async run(input, context) {
    const [a = '', b = ''] = input.arguments;
    const [runA, runB] = [await openRun(a, context), await openRun(b, context)] as const;
    context.note('');
    for (const notice of [runA, runB].flatMap(({ notices }) => notices))
      context.warn(printable(render(notice, context.translate)));
    const diff = diffRuns(runA.run, runB.run);
    const sides = [diffSide(a, runA), diffSide(b, runB)] as const;
    await context.print(
      input.text('format') === 'json' ? diffJson(...sides, diff) : diffText(...sides, diff, textOptions(context)),
      input.text('format'),
    );
    return diff.same ? 0 : 1;
  },
};

async function openRun(name: string, context: CommandContext): Promise<NamedRun> {
  return await readRun(path.resolve(context.directory, name), name, context);
}

function diffSide(name: string, { run: { facts, locked } }: NamedRun): DiffSide {
  const { stage, split, seed, epoch } = facts;
  return { name, stage, split, seed, epoch, locked };
}
