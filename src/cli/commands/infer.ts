import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { inferredConfig } from '../../core/report/inferredConfig.ts';
import { starterDatasets, type StarterDataset } from '../../core/config/starterData.ts';
import { fail } from '../../core/message/failure.ts';
import { message, render } from '../../core/message/message.ts';
import { stages } from '../../core/schema/stage.ts';
import { writeFailure } from '../../engine/files/writeFailure.ts';
import { dataPaths, inferSample } from '../../project/audit/inferSample.ts';
import { sampleRecord } from '../../project/audit/sampleRecord.ts';
import { FactsCache } from '../../project/facts/factsCache.ts';
import { projectRoot } from '../../project/projectRoot.ts';
import { callContext } from '../callContext.ts';
import type { Command, CommandContext, CommandInput } from '../command.ts';
import { readConfigFile } from '../configFile.ts';
import { configOptions, rootGiven } from '../configOptions.ts';
import { checkOut, outPath } from '../outPath.ts';
import { replaceFile } from '../replaceFile.ts';
import { roleOption, sampleRolesGiven } from '../roleOption.ts';
import { usageError } from '../usage.ts';

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
    out: {
      type: 'string',
      placeholder: 'CONFIG',
      help: message('Where to write the config. Default: standard output'),
    },
    force: { type: 'boolean', help: message('Replace the file of {0} if it exists', '--out') },
    stage: {
      type: 'string',
      placeholder: stages.join('|'),
      choices: stages,
      help: message('The stage of the sample, if it is known. Default: inferred'),
    },
    role: roleOption,
    root: configOptions.root,
  },
  examples: [
    'recsample infer theirs.parquet --data impressions=data/impressions --data items=data/items.parquet',
    'recsample infer out/recall.parquet --out configs/inferred.ratio.yaml',
  ],
  async run(input, context) {
    const sample = path.resolve(context.directory, input.arguments[0] ?? '');
    const out = input.text('out');
    const target = path.resolve(
      context.directory,
      out === undefined ? 'inferred.ratio.yaml' : configPath(outPath(out, '--out', help)),
    );
    const root = rootGiven(input, context, help) ?? projectRoot(target, [], context.directory);
    if (out !== undefined) {
      await checkOut(target, root);
      if (existsSync(target) && !input.flag('force'))
        throw fail('bad-request', message('{0} already exists', out), {
          advice: message('Choose another name, or replace the file with {0}.', '--force'),
        });
    }
    const { facts, data } = await inferSample(
      {
        sample,
        data: await dataOf(sample, input, context),
        target,
        root,
        stage: stages.find((stage) => stage === input.text('stage')) ?? null,
        set: sampleRolesGiven(input, help),
      },
      { engine: await context.engine(), cache: new FactsCache(), trusted: true },
      callContext(context),
    );
    context.note('');
    const seed = path.basename(target).replace(/\.ratio\.ya?ml$/, '');
    const text = inferredConfig(facts, { data, seed }, (text) => render(text, context.translate));
    if (out === undefined) await context.print(text, 'yaml');
    else {
      const folder = path.dirname(target);
      await mkdir(folder, { recursive: true }).catch((error: unknown) => {
        throw writeFailure(error, folder);
      });
      await replaceFile(target, text);
    }
    return undefined;
  },
};

/** @throws FailureError if the name is not that of a ratio config */
function configPath(out: string): string {
  if (!/\.ratio\.ya?ml$/.test(out))
    throw usageError(message('The name must end with .ratio.yaml or .ratio.yml'), message('See {0}.', help));
  return out;
}

/** The data sets of `--data`, else those of the config of the lock file. */
async function dataOf(
  sample: string,
  input: CommandInput,
  { directory }: CommandContext,
): Promise<Readonly<Partial<Record<StarterDataset, string>>>> {
  const given = input.texts('data');
  if (given.length > 0)
    return Object.fromEntries(
      given.map((text) => {
        const at = text.indexOf('=');
        const name = starterDatasets.find((one) => one === text.slice(0, at));
        if (name === undefined || at === text.length - 1)
          throw usageError(
            message('--data must be NAME=PATH with one of the names {0}, not {1}', starterDatasets.join(', '), text),
            message('See {0}.', help),
          );
        return [name, path.resolve(directory, text.slice(at + 1))];
      }),
    );
  const { config } = sampleRecord(sample);
  return config === null ? {} : dataPaths((await readConfigFile(config)).text, config);
}
