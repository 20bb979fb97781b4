import path from 'node:path';
import { inferredConfig } from '../../core/report/inferredConfig.ts';
import { starterDatasets, type StarterDataset } from '../../core/config/starterData.ts';
import { message, render } from '../../core/message/message.ts';
import { stages } from '../../core/schema/stage.ts';
import { dataPaths, inferSample } from '../../project/audit/inferSample.ts';
import { sampleRecord } from '../../project/audit/sampleRecord.ts';
import { FactsCache } from '../../project/facts/factsCache.ts';
import { callContext } from '../callContext.ts';
import type { Command, CommandContext, CommandInput } from '../command.ts';
import { readConfigFile } from '../configFile.ts';
import { configOptions } from '../configOptions.ts';
import { configTarget, parseData, newConfigOptions, seedOf, writeConfig } from '../newConfig.ts';
import { roleOptions, parseSampleRoles } from '../roleOption.ts';

const help = 'recsample infer --help';

/** `recsample infer SAMPLE`: writes the ratio config that would produce a finished sample file. */
export const inferCommand: Command = {
  name: 'infer',
  summary: message('Write the ratio config that would produce a finished sample file'),
  arguments: [{ name: 'SAMPLE', help: message('A sample file or a folder of samples, made by any tool') }],
  options: {
    data: {
      type: 'string',
      multiple: true,
      placeholder: 'NAME=PATH',
      help: message(
        'A data set that the sample was drawn from: {0}. Default: those of the config that the lock file names',
        starterDatasets.join(', '),
      ),
    },
    ...newConfigOptions,
    stage: {
      type: 'string',
      placeholder: stages.join('|'),
      choices: stages,
      help: message('The stage of the sample, if it is known. Default: inferred'),
    },
    ...roleOptions,
    root: configOptions.root,
  },
  examples: [
    'recsample infer theirs.parquet --data impressions=data/impressions --data items=data/items.parquet',
    'recsample infer out/recall.parquet --out configs/inferred.ratio.yaml',
  ],
  async run(input, context) {
    const sample = path.resolve(context.directory, input.arguments[0] ?? '');
    const target = await configTarget(input, context, { name: 'inferred.ratio.yaml', help });
    const { facts, data } = await inferSample(
      {
        sample,
        data: await dataOf(sample, input, context),
        target: target.file,
        root: target.root,
        stage: stages.find((stage) => stage === input.text('stage')) ?? null,
        ...parseSampleRoles(input, help),
      },
      { engine: await context.engine(), cache: new FactsCache(), trusted: true },
      callContext(context),
    );
    const text = inferredConfig(facts, { data, seed: seedOf(target) }, (text) => render(text, context.translate));
    await writeConfig(target, text, context);
    return undefined;
  },
};

/** The data sets of `--data`, or without it those of the config that the lock file names. */
async function dataOf(
  sample: string,
  input: CommandInput,
  context: CommandContext,
): Promise<Readonly<Partial<Record<StarterDataset, string>>>> {
  const dataFromOptions = parseData(input, context, { help });
  if (Object.keys(dataFromOptions).length > 0) return dataFromOptions;
  const { config } = sampleRecord(sample);
  return config === null ? {} : dataPaths((await readConfigFile(config)).text, config);
}
