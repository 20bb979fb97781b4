import path from 'node:path';
import { defaultSample } from '../../core/config/starterData.ts';
import { fail, FailureError, failureOf, type Failure } from '../../core/message/failure.ts';
import { message, type Message, type Translate } from '../../core/message/message.ts';
import { sampleText } from '../../core/report/sampleText.ts';
import type { Locale } from '../../core/message/translator.ts';
import type { CallContext, EngineClient } from '../../protocol/engine.ts';
import type { GeneratedSample, SampleOffer, ServerParams } from '../../protocol/server.ts';
import type { SamplerParams } from '../../protocol/preview.ts';
import { isSampleName, sampleFormatOfName, sampleFormats, type SampleFormat } from '../../core/table/sampleName.ts';
import { contains } from '../../project/projectRoot.ts';
import { isDrawable } from '../../project/plan/resolveStage.ts';
import { folderFormat, sampleOutput, samplePath, writesFolder } from '../../project/plan/sampleOutput.ts';
import type { StageJob } from '../../project/stage/stageJob.ts';
import { splitsOf } from './samplerSummary.ts';
import { drawFailure, type ConfigAccess, type OpenStage } from './openStage.ts';
import { openSound, requireComplete, type Refusal } from './soundStage.ts';

export interface SampleFilesOptions extends ConfigAccess {
  /** The engine that draws and writes. Meanwhile the engine of `ConfigAccess` answers previews. */
  readonly writer: EngineClient;
  /** The version of RecSample. */
  readonly version: string;
  readonly locale: Locale;
  readonly translate: Translate;
}

const restricted: Refusal = {
  what: message('Restricted Mode: no sample file is written'),
  advice: message('Trust this workspace to write one.'),
};

/** Columns (characters) per line of a report that is read in an editor. */
const REPORT_WIDTH = 120;

/** Writes the sample files of stages, from the editor's text if there is one, like previews. */
export class SampleFiles {
  /** Absolute paths of the files that are being written. */
  readonly #growing = new Set<string>();

  constructor(private readonly options: SampleFilesOptions) {}

  /** The files and formats that a stage can be written to. @throws FailureError if the stage cannot be written */
  async offer(params: SamplerParams): Promise<SampleOffer> {
    const { opened, plan } = await openSound(params, this.options, restricted);
    const { config: open, place } = opened.job;
    const { config } = open.read;
    const candidates = sampleFormats.map((format) => ({
      format,
      refused: refusalOf(() =>
        sampleOutput(config, plan, {
          path: config.data?.samples?.[params.stage]?.path ?? opened.address.uri,
          format,
          facts: {},
          within: null,
        }),
      ),
    }));
    const formats = candidates.filter(({ refused }) => refused === null).map(({ format }) => format);
    const [first] = candidates;
    if (formats.length === 0 && first?.refused) throw new FailureError(first.refused);
    const folder = writesFolder(config);
    const isDefault = config.data?.samples?.[params.stage]?.path === undefined;
    let file: string | null = null;
    if (isDefault) {
      const stem = defaultSample(place, params.stage);
      file = path.resolve(place.folder, folder ? stem : `${stem}.${formats[0] ?? folderFormat}`);
    }
    // A rule that reports a refused path may be off; the user may then choose another file.
    refusalOf(() => {
      file ??= samplePath(config, params.stage, place);
    });
    return { file, isDefault, formats, folder, splits: splitsOf(config) };
  }

  /**
   * Draws a stage and writes its sample file. @throws FailureError if any part would differ from the config; then
   * nothing is written
   */
  async generate(params: ServerParams<'generate'>, call: CallContext): Promise<GeneratedSample> {
    const { opened } = await openSound(params, this.options, restricted);
    const target = targetOf(opened.job, params.file);
    if (this.#growing.has(target.path))
      throw fail('bad-request', message('This file is already being written'), {
        place: { path: target.path },
        advice: message('Wait until it is done, or cancel it.'),
      });
    this.#growing.add(target.path);
    try {
      return await this.#write(opened, target, call);
    } finally {
      this.#growing.delete(target.path);
    }
  }

  async #write(opened: OpenStage, target: Target, call: CallContext): Promise<GeneratedSample> {
    const { writer, version, locale, translate } = this.options;
    const { job } = opened;
    const resolved = await job.resolve({ ...call, fresh: true });
    if (!isDrawable(resolved)) throw drawFailure(opened, resolved.problems);
    requireComplete(job, resolved);
    const summary = await writer.call('sample', job.sampleRequest(resolved, target, { version, users: null }), call);
    return {
      file: target.path,
      summary,
      report: sampleText(resolved.request.plan, summary, {
        width: REPORT_WIDTH,
        colour: false,
        locale,
        translate,
        file: nameInProject(target.path, job),
      }),
    };
  }
}

/** Where the sample file goes. `chosen`: the path that the user chose; null for the path in the config. */
function targetOf({ config, stage, place }: StageJob, chosen: string | null): Target {
  const target = chosen ?? samplePath(config.read.config, stage, place);
  if (target === null)
    throw fail(
      'bad-request',
      writesFolder(config.read.config)
        ? message('data.samples.{0}.path does not name a folder', stage)
        : message('data.samples.{0}.path does not name a single file in a writable format', stage),
      { place: { path: place.path } },
    );
  const invalidName = (what: Message): FailureError =>
    fail('bad-request', what, { place: { path: target }, advice: message('Write to another file.') });
  if (target === place.path) throw invalidName(message('The output file is the config itself'));
  const isFolder = writesFolder(config.read.config);
  if (isFolder && isSampleName(target))
    throw invalidName(
      message('Choose the name of a folder: output.shards or output.partition_by of the config writes one'),
    );
  const format = isFolder ? folderFormat : sampleFormatOfName(target);
  if (format === null)
    throw invalidName(message('The file extension does not match a writable format: {0}', sampleFormats.join(', ')));
  // A file that the user chose may be anywhere, but a path in the workspace may not leave it through a link.
  const fenced = chosen === null || (place.root !== null && contains(place.root, chosen));
  return { path: target, format, within: fenced ? place.root : null };
}

/** The file name as shown to the user: relative to the root if it is inside. */
function nameInProject(file: string, { place: { root } }: StageJob): string {
  const relative = root === null ? file : path.relative(root, file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}

interface Target {
  readonly path: string;
  readonly format: SampleFormat;
  /** The folder that the file may not leave. */
  readonly within: string | null;
}

function refusalOf(make: () => unknown): Failure | null {
  try {
    make();
    return null;
  } catch (error) {
    return failureOf(error);
  }
}
