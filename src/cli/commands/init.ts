import path from 'node:path';
import { starterConfig } from '../../core/config/starter.ts';
import type { StarterFiles } from '../../core/config/starterColumns.ts';
import { likelyColumns, missingRoles, starterDatasets, type StarterDataset } from '../../core/config/starterData.ts';
import { fail } from '../../core/message/failure.ts';
import { message, render } from '../../core/message/message.ts';
import { printable } from '../../core/message/printable.ts';
import { quoteForShell } from '../../core/report/quoteForShell.ts';
import { stages as allStages, type Stage } from '../../core/schema/stage.ts';
import { roles } from '../../core/table/role.ts';
import { starterFiles } from '../../project/audit/starterFile.ts';
import { withHotEffect } from '../../project/audit/starterHotEffect.ts';
import { FactsCache } from '../../project/facts/factsCache.ts';
import { callContext } from '../callContext.ts';
import type { Command, CommandContext, CommandInput } from '../command.ts';
import { configOptions } from '../configOptions.ts';
import { configTarget, parseData, newConfigOptions, seedOf, writeConfig } from '../newConfig.ts';
import { parseRoles } from '../roleOption.ts';
import { usageError } from '../usage.ts';

/** Absolute paths of the data sets. */
type DataPaths = Readonly<Partial<Record<StarterDataset, string>>>;

const help = 'recsample init --help';
const furtherDatasets = starterDatasets.filter((name) => name !== 'impressions');

/** `recsample init LOG`: writes a first ratio config for a log, with the same defaults as New Ratio Config…. */
export const initCommand: Command = {
  name: 'init',
  summary: message('Write a first ratio config for your log'),
  arguments: [
    {
      name: 'LOG',
      help: message('The exposure log, one row per shown item: a file, a folder of partitions, or a glob in quotes'),
    },
  ],
  options: {
    stage: {
      type: 'string',
      placeholder: 'STAGES',
      help: message('The stages, with commas: {0}. Default: all that the data are enough for', allStages.join(', ')),
    },
    data: {
      type: 'string',
      multiple: true,
      placeholder: 'NAME=PATH',
      help: message('A further data set: {0}', furtherDatasets.join(', ')),
    },
    ...newConfigOptions,
    role: {
      type: 'string',
      multiple: true,
      placeholder: 'COLUMN=ROLE',
      help: message(
        'The role of a column of the data, if its name does not say it: {0}. Without a role: the column is not used',
        roles.join(', '),
      ),
    },
    root: configOptions.root,
  },
  examples: [
    'recsample init logs/impressions --out configs/first.ratio.yaml',
    'recsample init log.csv --role buyer=user --role bought=label --stage recall',
  ],
  async run(input, context) {
    const target = await configTarget(input, context, { name: 'first.ratio.yaml', help });
    const log = path.resolve(context.directory, input.arguments[0] ?? '');
    const paths = { ...parseData(input, context, { names: furtherDatasets, help }), impressions: log };
    // Check the stages before reading the log, which may take long.
    const stages = parseStages(input, paths);
    const engine = await context.engine();
    const assignedRoles = parseRoles(input, roles, help);
    const set = Object.fromEntries(starterDatasets.map((name) => [name, assignedRoles]));
    const call = callContext(context);
    const starterData = await starterFiles(engine, { paths, set, target: target.file }, call);
    refuseMissingRoles(starterData, paths);
    const place = { path: target.file, root: target.root };
    const data = await withHotEffect(
      starterData,
      { stages, place },
      { engine, cache: new FactsCache(), trusted: true },
      call,
    );
    const request = { stages, data, seed: seedOf(target), place };
    const text = starterConfig(request, (comment) => render(comment, context.translate));
    await writeConfig(target, text, context);
    if (!target.isPrinted)
      await context.print(
        nextSteps(target.file, { stages, hasDefaultStages: input.text('stage') === undefined }, context),
      );
    return undefined;
  },
};

/** @throws FailureError if a column that every stage needs is not recognised */
function refuseMissingRoles(data: StarterFiles, paths: DataPaths): void {
  for (const name of starterDatasets) {
    const file = data[name];
    const missing = file ? missingRoles(name, file) : [];
    const [first] = missing;
    if (file === undefined || first === undefined) continue;
    throw fail('bad-request', message('No column was recognised as {0}', missing.join(', ')), {
      place: { path: paths[name] ?? file.path },
      advice: message(
        'Name it: {0}. The columns are {1}.',
        missing.map((role) => `--role COLUMN=${role}`).join(' '),
        likelyColumns(first, file.columns)
          .map((column) => column.name)
          .join(', '),
      ),
    });
  }
}

/** The stages of `--stage`, else those that the data supports. */
function parseStages(input: CommandInput, { candidates }: DataPaths): readonly Stage[] {
  const value = input.text('stage');
  if (value === undefined) return allStages.filter((stage) => stage !== 'coarse_ranking' || candidates !== undefined);
  return value.split(',').map((word) => {
    const stage = allStages.find((name) => name === word.trim());
    if (stage === undefined)
      throw usageError(message('{0} is not a stage. Stages are {1}', word, allStages.join(', ')), { help });
    if (stage === 'coarse_ranking' && candidates === undefined)
      throw fail('bad-request', message('Coarse ranking needs the candidates of each request'), {
        advice: message(
          'Name them: {0}. They have an item, a request and the last stage that the candidate reached.',
          '--data candidates=PATH',
        ),
      });
    return stage;
  });
}

/** What to do with the new config. `hasDefaultStages`: `--stage` was not given. */
function nextSteps(
  file: string,
  { stages, hasDefaultStages }: { readonly stages: readonly Stage[]; readonly hasDefaultStages: boolean },
  { directory, translate }: CommandContext,
): string {
  const name = path.relative(directory, file);
  const config = printable(quoteForShell(name));
  const [first = 'recall'] = stages;
  const steps = [
    `recsample lint ${config} --facts data`,
    `recsample preview ${config} --stage ${first}`,
    `recsample sample ${config} --stage ${first}`,
    `recsample audit ${config} --stage ${first}`,
  ];
  const lines = [
    render(message('Written: {0}. Next:', printable(name)), translate),
    ...steps.map((step) => `  ${step}`),
    ...(stages.includes('coarse_ranking') || !hasDefaultStages
      ? []
      : [render(message('Coarse ranking is left out. It needs {0}.', '--data candidates=PATH'), translate)]),
  ];
  return `${lines.join('\n')}\n`;
}
