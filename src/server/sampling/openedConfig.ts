import { readConfig, type ReadConfig } from '../../core/config/read.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { folderOf } from '../../core/data/absolutePath.ts';
import { fail, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { PlanOverrides } from '../../core/sampling/plan/planStage.ts';
import { endingProblem, reportedProblems } from '../../core/sampling/plan/reportedProblems.ts';
import type { CallContext, EngineClient } from '../../protocol/engine.ts';
import type { ConfigText, SamplerParams } from '../../protocol/preview.ts';
import type { Address } from '../language/address.ts';
import type { ConfigVersion as KnownText } from '../language/snapshot.ts';
import type { FactsCache } from '../../project/facts/factsCache.ts';
import type { ResolvedStage } from '../../project/stage/resolveStage.ts';
import { stageSampling } from '../../project/stage/stageSampling.ts';

/** Access to configs and to the data that they sample from. */
export interface ConfigAccess {
  /**
   * The current text: from an editor if one shows it, unless the text on disk is requested. @throws if it cannot be
   * read
   */
  readonly text: (config: ConfigText) => Promise<KnownText>;
  readonly rootOf: (address: Address) => string | null;
  readonly trusted: () => boolean;
  readonly engine: EngineClient;
  readonly cache: FactsCache;
}

/** A config that is opened for sampling. */
export interface OpenedConfig {
  readonly text: KnownText;
  readonly read: ReadConfig;
}

export async function openConfig({ text: textOf }: ConfigAccess, config: ConfigText): Promise<OpenedConfig> {
  const text = await textOf(config);
  return { text, read: readConfig(text.text, { language: text.language }) };
}

/**
 * The config file, and the folder that its paths may not leave. @throws FailureError `unsupported` if the config is not
 * a file on this machine
 */
export function placeOf(
  { text: { address } }: OpenedConfig,
  { rootOf }: ConfigAccess,
): { readonly path: string; readonly folder: string; readonly root: string | null } {
  if (address.path === null) {
    throw fail('unsupported', message('This config is not a file on this machine, so its data cannot be found'), {
      place: { path: address.uri },
      advice: message('Save it to a folder next to its data.'),
    });
  }
  return { path: address.path, folder: folderOf(address.path), root: rootOf(address) };
}

/**
 * A stage that can be sampled. `fresh`: probe its files again even if facts are cached. @throws FailureError
 * `unsupported`, `cancelled`
 */
export function resolveStage(
  opened: OpenedConfig,
  stage: Stage,
  overrides: PlanOverrides,
  access: ConfigAccess,
  { fresh, signal, progress }: CallContext & { readonly fresh: boolean },
): Promise<ResolvedStage> {
  const { folder, root } = placeOf(opened, access);
  const { trusted, engine, cache } = access;
  return stageSampling(opened.read, stage, overrides, {
    place: { folder, root },
    trusted: trusted(),
    engine,
    cache,
    fresh,
    signal,
    progress,
  });
}

/** Why nothing can be drawn for a stage, with its line. */
export function nothingDrawn(
  { text: { address }, read }: OpenedConfig,
  { problems }: ResolvedStage,
  trusted: boolean,
): FailureError {
  const path = address.path ?? address.uri;
  if (!trusted) {
    return fail('no-permission', message('Restricted Mode: the data of {0} are not opened', path), {
      advice: message('Trust this workspace to preview the draws.'),
    });
  }
  const last = endingProblem(
    reportedProblems({ document: read.document, unsound: read.problems, planned: problems }),
    problems,
  );
  if (!last) return fail('bad-request', message('The config has no such stage'), { place: { path } });
  const advice = last.planned?.advice;
  return fail('bad-request', last.message, {
    place: { path, line: read.document.lines.position(last.span?.start ?? 0).line + 1 },
    ...(advice ? { advice } : {}),
  });
}

export function overridesOf({ seed, epoch }: SamplerParams): PlanOverrides {
  return { ...(seed === undefined ? {} : { seed }), ...(epoch === undefined ? {} : { epoch }) };
}
