import { join, resolve } from 'node:path';
import { defects, plantedFolder } from '../../../examples/demo/defects/defects.ts';
import { message, render } from '../../core/message/message.ts';
import { defaultDemoSeed, demoScales, type DemoScale } from '../../protocol/demo.ts';
import type { Progress } from '../../protocol/engine.ts';
import type { Command } from '../command.ts';
import { parseDefects } from '../parseDefects.ts';
import { parseOutPath } from '../outputPath.ts';

const defaultScale: DemoScale = 'small';

/** `recsample demo DIR`: writes the data of a synthetic funnel to try RecSample with. */
export const demoCommand: Command = {
  name: 'demo',
  summary: message('Write a synthetic recommender funnel to a folder'),
  arguments: [{ name: 'DIR', help: message('A new or empty folder, or an existing demo to replace') }],
  options: {
    scale: {
      type: 'string',
      placeholder: demoScales.join('|'),
      choices: demoScales,
      help: message(
        'How large: 6 thousand, 200 thousand, 1 million or 20 million impressions. Default: {0}',
        defaultScale,
      ),
    },
    bad: {
      type: 'boolean',
      help: message('For every rule about configs and columns, also write a config that breaks it'),
    },
    defects: {
      type: 'string',
      placeholder: 'all|NAME[=STRENGTH],…',
      help: message(
        'Also write samples with defects to the folder defects, each with its config, so that you see what the audit reports. Names: {0}',
        defects.map(({ name }) => name).join(', '),
      ),
    },
    seed: {
      type: 'string',
      placeholder: 'S',
      help: message('Any string. The same seed gives the same files. Default: {0}', defaultDemoSeed),
    },
  },
  examples: [
    'recsample demo ./demo',
    'recsample demo ./demo --bad',
    'recsample demo ./demo --defects false-negative=0.02,mix',
    'recsample demo ./big --scale 20m --seed 7',
  ],
  async run(input, context) {
    const directory = resolve(
      context.directory,
      parseOutPath(input.arguments[0] ?? '.', 'DIR', 'recsample demo --help'),
    );
    const scale = demoScales.find((s) => s === input.text('scale')) ?? defaultScale;
    const seed = input.text('seed') ?? defaultDemoSeed;
    const defectText = input.text('defects');
    const selected = defectText === undefined ? [] : parseDefects(defectText);
    const engine = await context.engine();
    const progress = (p: Progress): void => {
      const percent = p.fraction === null ? '' : ` ${Math.floor(p.fraction * 100)}%`;
      context.note(`${render(p.message, context.translate)}${percent}`);
    };
    // Loaded on demand, because it loads DuckDB.
    if (selected.length > 0) await (await import('../demoDefects.ts')).checkPlantedFolder(directory);
    const { files, bytes } = await engine.call(
      'demo',
      { directory, scale, seed, bad: input.flag('bad') },
      { signal: context.signal, progress },
    );
    const planted =
      selected.length === 0 ? 0 : await (await import('../demoDefects.ts')).plantDefects(directory, selected, context);
    context.note('');
    const count = (n: number): string => n.toLocaleString(context.locale);
    await context.print(
      `${render(message('{0} files, {1} bytes: {2}', count(files), count(bytes), directory), context.translate)}\n`,
    );
    if (planted > 0)
      await context.print(
        `${render(message('{0} samples with defects: {1}', count(planted), join(directory, plantedFolder)), context.translate)}\n`,
      );
  },
};
