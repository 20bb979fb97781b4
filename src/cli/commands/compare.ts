import { compareText } from '../../core/report/compareText.ts';
import { message, render } from '../../core/message/message.ts';
import { compareJson, type ComparedSide } from '../../core/report/previewJson.ts';
import { printable } from '../../core/message/printable.ts';
import type { Preview } from '../../core/sampling/answers.ts';
import { compare, type ComparedDrawing } from '../../core/sampling/compare.ts';
import type { Command, CommandContext, CommandInput } from '../command.ts';
import { warnUnusedVariables } from '../configOptions.ts';
import {
  previewWarnings,
  callOf,
  samplingOptions,
  stageOfConfig,
  usersGiven,
  usersOption,
  type StageChoice,
} from '../sampling/stageOfConfig.ts';
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
    const users = usersGiven(input, help);
    const [seed, other] = [input.text('seed'), input.text('seed-b') ?? input.text('seed')];
    if (a === b && other === seed)
      throw usageError(
        message('Nothing to compare: both sides have the same config and the same seed'),
        message('Give {0} or {1}.', 'B', '--seed-b'),
      );
    const warned = new Set<string>();
    const drawnA = await drawn({ config: a, seed, help, warned: warned }, users, input, context);
    const drawnB = await drawn({ config: b, seed: other, help, warned: warned }, users, input, context);
    context.note('');
    // A variable may be used by only one of the two configs.
    warnUnusedVariables(
      drawnA.unused.filter((name) => drawnB.unused.includes(name)),
      context,
    );
    const lines = [drawnA, drawnB].flatMap(({ preview }) =>
      previewWarnings(preview).map((one) => printable(render(one, context.translate))),
    );
    for (const line of new Set(lines)) context.warn(line);
    const comparison = compare(drawnA.drawing, drawnB.drawing);
    await context.print(
      input.text('format') === 'json'
        ? compareJson(drawnA.side, drawnB.side, comparison)
        : compareText(drawnA.side, drawnB.side, comparison, {
            ...context.terminal,
            locale: context.locale,
            translate: context.translate,
            items: { ...drawnA.preview.facts.items, ...drawnB.preview.facts.items },
          }),
    );
  },
};

/** One side of a comparison. */
interface Drawn {
  readonly side: ComparedSide;
  readonly preview: Preview;
  readonly drawing: ComparedDrawing;
  readonly unused: readonly string[];
}

async function drawn(
  choice: StageChoice,
  users: readonly string[],
  input: CommandInput,
  context: CommandContext,
): Promise<Drawn> {
  const stage = await stageOfConfig(choice, input, context);
  const engine = await context.engine();
  const { request, answer: preview } = await stage.ask((asked) =>
    engine.call('preview', { ...asked, users, groupLimit: null }, callOf(context)),
  );
  return {
    side: { config: choice.config, plan: request.plan },
    preview,
    drawing: { ...request, users: preview.users },
    unused: stage.unused,
  };
}
