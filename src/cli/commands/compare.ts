import { compareText } from '../../core/report/compareText.ts';
import { message, render } from '../../core/message/message.ts';
import { compareJson, type ComparedSide } from '../../core/report/compareJson.ts';
import { printable } from '../../core/message/printable.ts';
import type { Preview } from '../../core/sampling/answers.ts';
import { comparePreviews, type StageAnswer } from '../../project/stage/stageJob.ts';
import type { Command, CommandContext, CommandInput } from '../command.ts';
import { warnUnusedVariables } from '../configOptions.ts';
import { openStage, type StageChoice } from '../sampling/openStage.ts';
import { previewWarnings } from '../sampling/previewWarnings.ts';
import { samplingOptions, parseUsers, usersOption } from '../sampling/samplingOptions.ts';
import { textOptions } from '../textOptions.ts';
import { usageError } from '../usage.ts';

const help = 'recsample compare --help';

/** `recsample compare A [B] --stage S --users …`: compares two configs, or two seeds of one config. */
export const compareCommand: Command = {
  name: 'compare',
  summary: message('Compare what two ratio configs, or two seeds of one config, draw for chosen users'),
  arguments: [
    { name: 'A', help: message('A ratio config') },
    {
      name: 'B',
      times: 'optional',
      help: message('Another ratio config. Default: {0} with the seed of {1}', 'A', '--seed-b'),
    },
  ],
  options: {
    ...usersOption,
    'seed-b': {
      type: 'string',
      placeholder: 'SEED',
      help: message('Overrides the seed of {0}. Default: the value of {1}, or the seed of the config', 'B', '--seed'),
    },
    ...samplingOptions,
  },
  examples: [
    'recsample compare old.ratio.yaml new.ratio.yaml --stage recall --users u1,u2',
    'recsample compare configs/recall.ratio.yaml --users u1 --seed-b another',
  ],
  async run(input, context) {
    const [a = '', b = a] = input.arguments;
    const users = parseUsers(input, help);
    if (users === null) throw usageError(message('{0} is missing', '--users'), { help });
    const [seed, other] = [input.text('seed'), input.text('seed-b') ?? input.text('seed')];
    if (a === b && other === seed)
      throw usageError(
        message('Nothing to compare: both sides have the same config and the same seed'),
        message('Give {0} or {1}.', 'B', '--seed-b'),
      );
    const warned = new Set<string>();
    const sideA = await drawSide({ config: a, seed, help, warned }, users, input, context);
    const sideB = await drawSide({ config: b, seed: other, help, warned }, users, input, context);
    context.note('');
    // A variable may be used by only one of the two configs.
    warnUnusedVariables(
      sideA.unused.filter((name) => sideB.unused.includes(name)),
      context,
    );
    const lines = [sideA, sideB].flatMap(({ preview }) =>
      previewWarnings(preview.answer).map((warning) => printable(render(warning, context.translate))),
    );
    for (const line of new Set(lines)) context.warn(line);
    const comparison = comparePreviews(sideA.preview, sideB.preview);
    await context.print(
      input.text('format') === 'json'
        ? compareJson(sideA.compared, sideB.compared, comparison)
        : compareText(sideA.compared, sideB.compared, comparison, {
            ...textOptions(context),
            items: { ...sideA.preview.answer.facts.items, ...sideB.preview.answer.facts.items },
          }),
      input.text('format'),
    );
  },
};

/** One side of a comparison. */
interface Side {
  readonly compared: ComparedSide;
  readonly preview: StageAnswer<Preview>;
  readonly unused: readonly string[];
}

async function drawSide(
  choice: StageChoice,
  users: readonly string[],
  input: CommandInput,
  context: CommandContext,
): Promise<Side> {
  const { ask, unused, job } = await openStage(choice, input, context);
  const preview = await ask('preview', { users, groupLimit: null, ...job.placement() });
  return { compared: { config: choice.config, plan: preview.stage.request.plan }, preview, unused };
}
