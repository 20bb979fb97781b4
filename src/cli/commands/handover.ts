import path from 'node:path';
import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { sequencesOf, type Sequence } from '../../core/data/sequences.ts';
import { handoverText } from '../../core/report/handoverText.ts';
import { message } from '../../core/message/message.ts';
import { trainers, type HandoverRequest, type Trainer } from '../../protocol/handover.ts';
import { outputNames } from '../../project/plan/sampleOutput.ts';
import { callContext } from '../callContext.ts';
import type { Command, CommandContext, CommandInput } from '../command.ts';
import { warnUnusedVariables } from '../configOptions.ts';
import { checkOutputLink, parseOutPath } from '../outputPath.ts';
import { openStage, requireComplete, type OpenStage } from '../sampling/openStage.ts';
import { samplingOptions, parseSplit, parseUsers, usersOption, type Split } from '../sampling/samplingOptions.ts';
import { textOptions } from '../textOptions.ts';
import { usageError } from '../usage.ts';

const help = 'recsample handover --help';
const { format: _textOrJson, ...planOptions } = samplingOptions;

/** `recsample handover CONFIG --for TRAINER --out DIR`: exports the plan as files that a trainer reads. */
export const handoverCommand: Command = {
  name: 'handover',
  summary: message(
    'Write the rows that a stage draws, or the tables it draws from, as files for EasyRec, TorchEasyRec or RecBole',
  ),
  arguments: [{ name: 'CONFIG', help: message('A ratio config') }],
  options: {
    for: {
      type: 'string',
      placeholder: trainers.join('|'),
      choices: trainers,
      help: message('Trainer that reads the files. Required'),
    },
    out: {
      type: 'string',
      placeholder: 'DIR',
      help: message('A new or empty folder, or the folder of an earlier handover. Required'),
    },
    sequence: {
      type: 'string',
      placeholder: 'NAME',
      help: message('For RecBole: write the positives with the histories of this sequence of output.sequences'),
    },
    ...usersOption,
    ...planOptions,
    split: {
      ...planOptions.split,
      help: message('Window of the positives. Default: {0}; for RecBole both, if the config has window.eval', 'train'),
    },
  },
  examples: [
    'recsample handover configs/recall.ratio.yaml --for torcheasyrec --out out/recall-tables',
    'recsample handover configs/fine_ranking.ratio.yaml --for recbole --out dataset/fine',
    'recsample handover configs/recall.ratio.yaml --for recbole --sequence clicks --out dataset/clicks',
  ],
  async run(input, context) {
    const trainer = trainers.find((one) => one === required(input, 'for')) ?? 'easyrec';
    const out = parseOutPath(required(input, 'out'), '--out', help);
    const users = parseUsers(input, help);
    const split = parseSplit(input);
    const first = await openComplete(split ?? 'train', input, context);
    warnUnusedVariables(first.unused, context);
    await checkOutputLink(path.resolve(context.directory, out), first.job.place.root);
    const both = split === undefined && trainer === 'recbole' && first.stage.request.plan.window.eval !== null;
    const parts: HandoverRequest['parts'] = [
      first.stage.request,
      ...(both ? [(await openComplete('eval', input, context)).stage.request] : []),
    ];
    const { job, stage } = first;
    const sequence = sequenceOf(input.text('sequence'), trainer, both, job.config.read.config);
    const otherSequences = sequencesOf(job.config.read.config)
      .map(({ name }) => name)
      .filter((name) => name !== sequence?.name);
    const output = {
      path: path.resolve(context.directory, out),
      named: path.normalize(out),
      names: outputNames(job.config.read.config, job.stage),
      facts: {
        ...job.sampleFacts(stage.request.plan, { version: context.version, users }),
        split: parts.map((part) => part.plan.split).join(' + '),
      },
    };
    const summary = await (
      await context.engine()
    ).call(
      'handover',
      { trainer, parts, users, output, otherSequences, ...(sequence ? { sequence } : {}) },
      callContext(context),
    );
    context.note('');
    await context.print(
      handoverText(
        titles[trainer],
        parts.map((part) => part.plan),
        summary,
        { ...textOptions(context), folder: output.named },
      ),
    );
  },
};

const titles: { readonly [T in Trainer]: string } = {
  easyrec: 'EasyRec',
  torcheasyrec: 'TorchEasyRec',
  recbole: 'RecBole',
};

/**
 * The sequence that an option names. RecBole reads lists only from separate files for training and evaluation.
 * @throws UsageError if the config has no such sequence, or it cannot be handed over
 */
function sequenceOf(
  name: string | undefined,
  trainer: Trainer,
  isSplit: boolean,
  config: ConfigDraft,
): Sequence | undefined {
  if (name === undefined) return undefined;
  if (trainer !== 'recbole') throw usageError(message('{0} needs {1}', '--sequence', '--for recbole'), { help });
  const sequences = sequencesOf(config);
  const sequence = sequences.find((other) => other.name === name);
  if (!sequence) {
    const names = sequences.map((other) => other.name).join(', ');
    throw usageError(message('output.sequences has no {0}. It has: {1}', name, names || '–'), { help });
  }
  if (!isSplit)
    throw usageError(
      message('RecBole reads histories only from two files: set window.eval in the config, and leave out --split'),
      { help },
    );
  return sequence;
}

/** Opens the stage for a split. @throws FailureError if its rows would differ from the config */
async function openComplete(split: Split, input: CommandInput, context: CommandContext): Promise<OpenStage> {
  const config = input.arguments[0] ?? '';
  const opened = await openStage({ config, seed: input.text('seed'), help, split }, input, context);
  requireComplete(opened);
  return opened;
}

function required(input: CommandInput, option: string): string {
  const value = input.text(option);
  if (value === undefined) throw usageError(message('{0} is missing', `--${option}`), { help });
  return value;
}
