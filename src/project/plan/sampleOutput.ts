import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { resolvePath } from '../../core/data/absolutePath.ts';
import { dataColumn, datasetEntry, datasetPath, sampleName } from '../../core/data/dataColumns.ts';
import { refusedPath, type PathRules } from '../../core/data/refusedPath.ts';
import { passThroughEntries, type AskedPass } from '../../core/data/passThrough.ts';
import type { SampleLayout } from '../../core/schema/sampleLayout.ts';
import { sequencesOf, unsliceable, type Sequence } from '../../core/data/sequences.ts';
import { refuse, type FailureError } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { Refusal } from '../../core/message/refusal.ts';
import { placementOf } from '../../core/sampling/plan/placementOf.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { isSampleName, sampleFormatOfName, traitsOf, type SampleFormat } from '../../core/table/sampleName.ts';
import { outputRoles, type OutputRole } from '../../core/data/outputName.ts';
import type { CopiedColumns, SampleOutput } from '../../protocol/sampling.ts';

/** Format of the files of a folder, unless another one is chosen. */
export const folderFormat: SampleFormat = 'parquet';

/** True if the config writes samples to a folder, because it sets `shards` or `partition_by`. */
export function writesFolder(config: ConfigDraft): boolean {
  return placementOf(config).folder !== null;
}

/**
 * The default sample file of a stage, or its folder, as the config names it; absolute. Null if the config names no
 * single file, or no folder.
 * @throws FailureError `refused-path`
 */
export function samplePath(config: ConfigDraft, stage: Stage, place: PathRules): string | null {
  const path = datasetEntry(config, sampleName(stage))?.path;
  if (path === undefined || place.folder === null || /[*?[\]{}]/.test(path)) return null;
  const fits = writesFolder(config) ? !isSampleName(path) : !/[\\/]$/.test(path) && sampleFormatOfName(path) !== null;
  if (!fits) return null;
  const refused = refusedPath(path, place);
  if (refused)
    throw refuse('output-path', refused, {
      code: 'refused-path',
      place: { path },
      setting: [...datasetPath(sampleName(stage)), 'path'],
      advice: message('Set the path to a file in the workspace, or choose another file.'),
    });
  return resolvePath(path, place.folder);
}

/**
 * The output of a stage. Columns get the names in `data.samples`, else the names in the log, else the names of their
 * roles.
 * @throws FailureError `unsupported` if the layout does not fit the format or the unit
 */
export function sampleOutput(
  config: ConfigDraft,
  { stage, unit }: Pick<StagePlan, 'stage' | 'unit'>,
  file: Pick<SampleOutput, 'path' | 'format' | 'facts' | 'origin' | 'within'>,
): SampleOutput {
  const layout = config.output?.layout ?? 'long';
  if (layout !== 'long' && !traitsOf(file.format).hasLists)
    throw refusedLayout(
      'layout-format',
      message('The layout {0} needs list columns, which CSV does not support', layout),
      file.path,
      message('Write output: {layout: long} in the config, or choose another format.'),
    );
  if (layout === 'wide' && unit !== 'positive')
    throw refusedLayout(
      'layout-unit',
      message('The layout wide needs unit: positive, but the unit is {0}', unit),
      file.path,
      message('Write output: {layout: long} or grouped.'),
    );
  const sequences = sequencesOf(config);
  if (sequences.length > 0 && !traitsOf(file.format).hasLists)
    throw refuse('layout-format', message('Sequences need list columns, which CSV does not support'), {
      code: 'unsupported',
      place: { path: file.path },
      setting: ['output', 'sequences'],
      advice: message('Choose Parquet, Arrow or JSONL.'),
    });
  refuseUnsliced(layout, sequences, file.path);
  const placement = placementOf(config);
  if (placement.order === 'shuffled_rows' && layout !== 'long')
    throw refusedLayout(
      'layout-order',
      message('The order shuffled_rows needs the layout long, but the layout is {0}', layout),
      file.path,
      message('Write output: {layout: long}, or order: shuffled.'),
    );
  return {
    ...file,
    // A group of the unit request is a request.
    layout: layout === 'request' && unit === 'request' ? 'grouped' : layout,
    placement,
    ...copiedColumns(config, stage),
  };
}

/** @throws FailureError if the layout user cannot store a sequence */
function refuseUnsliced(layout: SampleLayout, sequences: readonly Sequence[], path: string): void {
  if (layout !== 'user') return;
  for (const sequence of sequences)
    for (const { at, text } of unsliceable(sequence))
      throw refuse(
        'layout-sequence',
        message('The layout user stores each step once for all rows, so {0} is not possible', text),
        {
          code: 'unsupported',
          place: { path },
          setting: ['output', 'sequences', sequence.name, ...at],
          advice: message('Remove it from the sequence {0}, or write output: {layout: request}.', sequence.name),
        },
      );
}

/**
 * The output that the config names, for checks; without a path if it names no single file or folder.
 * @throws FailureError as `samplePath` and `sampleOutput`
 */
export function defaultOutput(
  config: ConfigDraft,
  plan: Pick<StagePlan, 'stage' | 'unit'>,
  place: PathRules,
): SampleOutput {
  const path = samplePath(config, plan.stage, place) ?? '';
  const format = sampleFormatOfName(path) ?? folderFormat;
  return sampleOutput(config, plan, { path, format, facts: {}, within: place.root });
}

/** The columns and sequences that the samples of a stage copy, and the names of all others. */
export function copiedColumns(config: ConfigDraft, stage: Stage): CopiedColumns {
  const sequences = sequencesOf(config);
  return {
    names: outputNames(config, stage),
    passThrough: distinct(passThroughEntries(config).map(({ keys: asked }) => asked)),
    ...(sequences.length === 0 ? {} : { sequences }),
  };
}

/** Column names of a stage's samples: from `data.samples`, else from the log, else from their roles. */
export function outputNames(config: ConfigDraft, stage: Stage): Readonly<Record<OutputRole, string>> {
  const name = (role: OutputRole): string =>
    dataColumn(config, sampleName(stage), role)?.name ??
    dataColumn(config, 'impressions', role)?.name ??
    (role === 'request' ? dataColumn(config, 'candidates', role)?.name : undefined) ??
    role;
  return Object.fromEntries(outputRoles.map((role) => [role, name(role)])) as Record<OutputRole, string>;
}

/** Equal entries are one column. */
function distinct(entries: readonly AskedPass[]): AskedPass[] {
  return [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
}

function refusedLayout(refusal: Refusal, what: Message, path: string, advice: Message): FailureError {
  const key = refusal === 'layout-order' ? 'order' : 'layout';
  return refuse(refusal, what, { code: 'unsupported', place: { path }, setting: ['output', key], advice });
}
