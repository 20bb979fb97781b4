import { existsSync } from 'node:fs';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { plantedFolder, strengthText } from '../../examples/demo/defects/defects.ts';
import { fail } from '../core/message/failure.ts';
import { message, render } from '../core/message/message.ts';
import { Planter } from '../engine/demo/planter.ts';
import { listMore } from '../engine/demo/staging.ts';
import { FactsCache } from '../project/facts/factsCache.ts';
import { openConfig } from '../project/stage/configSource.ts';
import { drawSample } from '../project/stage/drawSample.ts';
import { demoMarker } from '../protocol/demo.ts';
import type { CommandContext } from './command.ts';
import { readConfigFile } from './configFile.ts';
import type { WantedDefect } from './parseDefects.ts';

/** Fails if the folder of the samples has files that the demo does not list, before anything is written. */
export async function checkPlantedFolder(directory: string): Promise<void> {
  const folder = path.join(directory, plantedFolder);
  const marker = await readFile(path.join(directory, demoMarker), 'utf8').catch(() => '');
  if (existsSync(folder) && !marker.includes(`"${plantedFolder}/`))
    throw fail('bad-request', message('A file that does not belong to the demo is already here'), {
      place: { path: folder },
      advice: message('Remove it, or choose a new or empty folder.'),
    });
}

/**
 * Writes the samples with the defects next to the data of a demo, and the healthy samples to compare with.
 * @param directory absolute path of a complete demo
 * @returns number of samples with a defect
 */
export async function plantDefects(
  directory: string,
  wanted: readonly WantedDefect[],
  context: CommandContext,
): Promise<number> {
  const folder = path.join(directory, plantedFolder);
  const { signal, version, translate } = context;
  const access = { engine: await context.engine(), trusted: true, cache: new FactsCache() };
  const planter = await Planter.open(
    directory,
    async (config, draw) => {
      const { text } = await readConfigFile(config);
      const source = { path: config, name: config, text, language: 'yaml', root: directory } as const;
      await drawSample(openConfig(source), { ...draw, version }, access, { signal });
    },
    signal,
  );
  try {
    for (const stage of new Set(wanted.map(({ defect }) => defect.stage))) await planter.healthy(stage);
    const planted: WantedDefect[] = [];
    for (const [k, choice] of wanted.entries()) {
      signal.throwIfAborted();
      context.note(render(message('Defect {0} of {1}', k + 1, wanted.length), translate));
      if ((await planter.plant(choice.defect, choice.strength)) !== null) planted.push(choice);
      else
        context.warn(
          render(message('{0} is left out: the log of this demo has no row for it', choice.defect.name), translate),
        );
    }
    await writeFile(path.join(folder, 'README.md'), readme(planted));
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    await listMore(
      directory,
      entries
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
        .sort(),
    );
    return planted.length;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    planter.close();
  }
}

function readme(planted: readonly WantedDefect[]): string {
  const rows = planted.map(
    ({ defect, strength }) =>
      `| \`${defect.name}/${defect.stage}.ratio.yaml\` | ${defect.title} | ${strengthText(defect, strength)} | \`${defect.rule}\` |`,
  );
  return `# Samples with defects

Each folder has a sample file with one defect and its config. \`recsample audit CONFIG\` reports it by the rule. A weak
defect, or one in a demo of the scale tiny, may have too few rows. The folder \`healthy\` has the samples before the defects
were planted.

| config | defect | strength | rule |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
