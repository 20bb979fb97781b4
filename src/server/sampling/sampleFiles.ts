import path from 'node:path';
import { fail, FailureError, failureOf, type Failure } from '../../core/message/failure.ts';
import { message, type Message, type Translate } from '../../core/message/message.ts';
import { sampleText } from '../../core/report/sampleText.ts';
import type { Locale } from '../../core/message/translator.ts';
import { planStage } from '../../core/sampling/plan/planStage.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { reportedProblems } from '../../core/sampling/plan/reportedProblems.ts';
import type { CallContext, EngineClient } from '../../protocol/engine.ts';
import type { GeneratedSample, GenerateParams, SampleOffer } from '../../protocol/generate.ts';
import type { SamplerParams } from '../../protocol/preview.ts';
import { sampleFormatOfName, sampleFormats, type SampleFormat } from '../../core/table/sampleName.ts';
import type { SamplingRequest } from '../../protocol/sampling.ts';
import { lintFile } from '../lint/lintFile.ts';
import { policyTextWithin } from '../lint/policyText.ts';
import { holds } from '../lint/root.ts';
import {
  resolveStage,
  nothingDrawn,
  openConfig,
  overridesOf,
  placeOf,
  type ConfigAccess,
  type OpenedConfig,
} from './openedConfig.ts';
import { sampleFacts } from './sampleFacts.ts';
import { sampleOrigin } from './sampleOrigin.ts';
import { sampleOutput, samplePath } from './sampleOutput.ts';

export interface SampleFilesOptions extends ConfigAccess {
  /** The engine that draws and writes. Meanwhile the engine of `ConfigAccess` answers previews. */
  readonly writer: EngineClient;
  /** The version of RecSample. */
  readonly version: string;
  readonly locale: Locale;
  readonly translate: Translate;
}

/** Columns (characters) per line of a report that is read in an editor. */
const REPORT_WIDTH = 120;

/** Writes the sample files of stages, from the editor's text if there is one, like previews. */
export class SampleFiles {
  /** Absolute paths of the files that are being written. */
  readonly #growing = new Set<string>();

  constructor(private readonly options: SampleFilesOptions) {}

  /** The files and formats that a stage can be written to. @throws FailureError if the stage cannot be written */
  async offer(params: SamplerParams): Promise<SampleOffer> {
    const { opened, plan } = await this.#sound(params);
    const { folder, root } = placeOf(opened, this.options);
    const { config } = opened.read;
    const tried = sampleFormats.map((format) => ({
      format,
      refused: refusalOf(() =>
        sampleOutput(config, plan, {
          path: config.data?.samples?.[params.stage]?.path ?? opened.text.address.uri,
          format,
          facts: {},
          within: null,
        }),
      ),
    }));
    const formats = tried.filter(({ refused }) => refused === null).map(({ format }) => format);
    const [first] = tried;
    if (formats.length === 0 && first?.refused) throw new FailureError(first.refused);
    let file: string | null = null;
    // A rule that reports a refused path may be off; the user may then choose another file.
    refusalOf(() => {
      file = samplePath(config, params.stage, { folder, root });
    });
    return { file, formats, splits: config.window?.eval === undefined ? ['train'] : ['train', 'eval'] };
  }

  /**
   * Draws a stage and writes its sample file. @throws FailureError if any part would differ from the config; then
   * nothing is written
   */
  async generate(params: GenerateParams, call: CallContext): Promise<GeneratedSample> {
    const { opened } = await this.#sound(params);
    const target = this.#target(opened, params);
    if (this.#growing.has(target.file))
      throw fail('bad-request', message('This file is already being written'), {
        place: { path: target.file },
        advice: message('Wait until it is done, or cancel it.'),
      });
    this.#growing.add(target.file);
    try {
      return await this.#written(opened, params, target, call);
    } finally {
      this.#growing.delete(target.file);
    }
  }

  async #written(
    opened: OpenedConfig,
    params: GenerateParams,
    { file, format, within }: Target,
    call: CallContext,
  ): Promise<GeneratedSample> {
    const { writer, version, locale, translate } = this.options;
    const request = await this.#request(opened, params, call);
    const { plan } = request;
    const facts = sampleFacts({ version, text: opened.text.text, plan, users: null });
    const { path: config, folder, root } = placeOf(opened, this.options);
    const origin = sampleOrigin({ version, text: opened.text.text, file: config, root: root ?? folder });
    const output = sampleOutput(opened.read.config, plan, { path: file, format, facts, origin, within });
    const summary = await writer.call('sample', { ...request, users: null, output }, call);
    return {
      file,
      summary,
      report: sampleText(plan, summary, {
        width: REPORT_WIDTH,
        colour: false,
        locale,
        translate,
        file: this.#nameOf(file, opened),
      }),
    };
  }

  /** A stage whose config has no errors and may be opened. */
  async #sound(params: SamplerParams): Promise<{ readonly opened: OpenedConfig; readonly plan: StagePlan }> {
    const opened = await openConfig(this.options, params.config);
    const { text, language } = opened.text;
    const { path: config, root } = placeOf(opened, this.options);
    if (!this.options.trusted())
      throw fail('no-permission', message('Restricted Mode: no sample file is written'), {
        advice: message('Trust this workspace to write one.'),
      });
    const { findings } = await lintFile(
      { path: config, text, language },
      { level: 'none', root, trusted: true, engine: null, cache: this.options.cache, readText: policyTextWithin(root) },
    );
    const error = findings.find(({ severity }) => severity === 'error');
    if (error)
      throw fail('bad-request', message('Nothing is written: the config has errors'), {
        place: { path: config, line: error.range.start.line + 1 },
        advice: error.message,
      });
    const { plan, problems } = planStage(opened.read.config, params.stage, overridesOf(params));
    if (!plan) throw nothingDrawn(opened, { request: null, plan, problems, without: () => null }, true);
    return { opened, plan };
  }

  /** The complete stage, or a failure. A part that a preview would leave out is an error here. */
  async #request(opened: OpenedConfig, params: GenerateParams, call: CallContext): Promise<SamplingRequest> {
    const {
      read: { document, problems: unsound },
    } = opened;
    const sampling = await resolveStage(
      opened,
      params.stage,
      { ...overridesOf(params), split: params.split },
      this.options,
      {
        ...call,
        fresh: true,
      },
    );
    if (!sampling.request) throw nothingDrawn(opened, sampling, true);
    const [missing] = reportedProblems({ document, unsound, planned: sampling.problems }).filter(
      ({ planned }) => planned?.harmless !== true,
    );
    if (!missing) return sampling.request;
    const advice = missing.planned?.advice;
    throw fail('bad-request', message('Nothing is written: {0}', missing.message), {
      place: {
        path: placeOf(opened, this.options).path,
        line: document.lines.position(missing.span?.start ?? 0).line + 1,
      },
      ...(advice ? { advice } : {}),
    });
  }

  #target(opened: OpenedConfig, { stage, file }: GenerateParams): Target {
    const place = placeOf(opened, this.options);
    const target = file ?? samplePath(opened.read.config, stage, place);
    if (target === null)
      throw fail(
        'bad-request',
        message('data.samples.{0}.path does not name a single file in a writable format', stage),
        { place: { path: place.path } },
      );
    const wrong = (what: Message): FailureError =>
      fail('bad-request', what, { place: { path: target }, advice: message('Write to another file.') });
    if (target === place.path) throw wrong(message('The output file is the config itself'));
    const format = sampleFormatOfName(target);
    if (format === null)
      throw wrong(message('The file extension does not match a writable format: {0}', sampleFormats.join(', ')));
    // A file that the user chose may be anywhere, but a path in the workspace may not leave it through a link.
    const fenced = file === null || (place.root !== null && holds(place.root, file));
    return { file: target, format, within: fenced ? place.root : null };
  }

  /** The file name as shown to the user: relative to the root if it is inside. */
  #nameOf(file: string, opened: OpenedConfig): string {
    const { root } = placeOf(opened, this.options);
    const relative = root === null ? file : path.relative(root, file);
    return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
  }
}

interface Target {
  readonly file: string;
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
