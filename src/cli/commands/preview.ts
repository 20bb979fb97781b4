import { message, render } from '../../core/message/message.ts';
import { previewJson } from '../../core/report/previewJson.ts';
import { previewText } from '../../core/report/previewText.ts';
import { printable } from '../../core/message/printable.ts';
import type { Command } from '../command.ts';
import { warnUnusedVariables } from '../configOptions.ts';
import { openStage } from '../sampling/openStage.ts';
import { previewWarnings } from '../sampling/previewWarnings.ts';
import { samplingOptions, usersGiven, usersOption } from '../sampling/samplingOptions.ts';

const help = 'recsample preview --help';

/** `recsample preview CONFIG --stage S --users A,B`: what the sampler draws for these users, and why. */
export const previewCommand: Command = {
  name: 'preview',
  summary: message('Show what a ratio config draws for chosen users, and explain each draw'),
  arguments: [{ name: 'CONFIG', help: message('A ratio config') }],
  options: { ...usersOption, ...samplingOptions },
  examples: [
    'recsample preview configs/recall.ratio.yaml --users 7203685477500000123,7203685477500000456',
    'recsample preview funnel.ratio.yaml --stage coarse_ranking --users u1 --seed other --format json',
  ],
  async run(input, context) {
    const config = input.arguments[0] ?? '';
    const users = usersGiven(input, help);
    const opened = await openStage({ config, seed: input.text('seed'), help }, input, context);
    warnUnusedVariables(opened.unused, context);
    const { stage, answer: preview } = await opened.ask('preview', { users, groupLimit: null });
    context.note('');
    if (input.text('format') === 'json') {
      // The JSON has a fixed shape, so notices go to standard error.
      for (const warning of previewWarnings(preview)) context.warn(printable(render(warning, context.translate)));
      await context.print(previewJson(stage.request.plan, preview));
    } else {
      await context.print(
        previewText(stage.request.plan, preview, {
          ...context.terminal,
          locale: context.locale,
          translate: context.translate,
          config,
        }),
      );
    }
  },
};
