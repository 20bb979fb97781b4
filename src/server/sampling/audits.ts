import { dirname, join } from 'node:path';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { auditSample, stageOf, type AuditedStage } from '../../project/audit/auditJob.ts';
import { AuditCache } from '../../project/audit/auditCache.ts';
import { inferSample } from '../../project/audit/inferSample.ts';
import { starterFiles } from '../../project/audit/starterFile.ts';
import { withHotEffect } from '../../project/audit/starterHotEffect.ts';
import { sampleRecord, type SampleRecord } from '../../project/audit/sampleRecord.ts';
import { openConfig } from '../../project/stage/configSource.ts';
import type { ServerParams, ServerResult } from '../../protocol/server.ts';
import type { CallContext } from '../../protocol/engine.ts';
import { addressOfPath, nameOf, type Address } from '../language/address.ts';
import type { ConfigAccess } from './openStage.ts';

/** The config that a sample file is compared with, and where it is. */
interface Against {
  readonly address: Address;
  readonly stage: AuditedStage;
}

/** Audits of sample files, against the config as the editor has it. */
export class Audits {
  readonly #cache = new AuditCache();

  constructor(private readonly access: ConfigAccess) {}

  /** @throws FailureError if the sample file cannot be read, or changes meanwhile */
  async audit(
    { path, of, set, stored = {}, declared = {}, isFresh }: ServerParams<'audit'>,
    call: CallContext,
  ): Promise<ServerResult<'audit'>> {
    const { engine, cache } = this.access;
    this.#requireTrust(path);
    const record = sampleRecord(path, this.access.rootOf(addressOfPath(path)));
    const against = (await this.#recorded(record)) ?? (of ? await this.#opened(of.config, of.stage) : null);
    const { answer, stage, split, sources, findings, rules, notices } = await auditSample(
      {
        sample: path,
        of: against?.stage ?? null,
        record,
        by: null,
        set,
        stored,
        declared,
        cache: { answers: this.#cache, isFresh },
      },
      { engine, cache, trusted: true },
      call,
    );
    return {
      config: against === null ? null : { uri: against.address.uri, name: nameOf(against.address) },
      stage,
      split,
      sources,
      sample: answer.sample,
      metrics: answer.metrics,
      findings,
      rules,
      notices,
    };
  }

  /** The stage that wrote a file. Nothing is known of it in Restricted Mode. */
  recorded({ path: file }: ServerParams<'recorded'>): ServerResult<'recorded'> {
    const { rootOf, trusted } = this.access;
    const root = rootOf(addressOfPath(file));
    // The lock file of a folder of samples is in the folder.
    for (let place = file; trusted(); place = dirname(place)) {
      const { lock, config } = sampleRecord(place);
      if (
        lock &&
        (place === file || lock.files?.some((lockedFile) => join(place, lockedFile.path) === file) === true)
      ) {
        const address = config === null ? null : addressOfPath(config);
        return { config: address && rootOf(address) !== null ? address.uri : null, stage: stageOf(lock.stage) };
      }
      if (root === null || place === root || place === dirname(place)) break;
    }
    return { config: null, stage: null };
  }

  /** @throws FailureError if a file cannot be read, or if there is no log */
  async infer({ path, data, target }: ServerParams<'infer'>, call: CallContext): Promise<ServerResult<'infer'>> {
    const { engine, cache } = this.access;
    this.#requireTrust(path);
    const root = this.access.rootOf(addressOfPath(target));
    return await inferSample(
      { sample: path, data, target, root, stage: null, set: {} },
      { engine, cache, trusted: true },
      call,
    );
  }

  /**
   * The data sets of a new config.
   * @throws FailureError if one cannot be read
   */
  async starter(
    { stages, data, set, target }: ServerParams<'starter'>,
    call: CallContext,
  ): Promise<ServerResult<'starter'>> {
    const { engine, cache, rootOf } = this.access;
    this.#requireTrust(target);
    const files = await starterFiles(engine, { paths: data, set, target }, call);
    const place = { path: target, root: rootOf(addressOfPath(target)) };
    return await withHotEffect(files, { stages, place }, { engine, cache, trusted: true }, call);
  }

  #requireTrust(path: string): void {
    if (!this.access.trusted())
      throw fail('no-permission', message('Restricted Mode: {0} is not audited', path), {
        advice: message('Trust this workspace to audit its sample files.'),
      });
  }

  /** The config that wrote the file. A lock file is data: it may only name a config of the workspace. */
  async #recorded({ config, lock }: SampleRecord): Promise<Against | null> {
    const stage = stageOf(lock?.stage);
    if (config === null || stage === null) return null;
    const address = addressOfPath(config);
    if (this.access.rootOf(address) === null) return null;
    return this.#opened({ uri: address.uri }, stage, lock?.config.variables);
  }

  async #opened(
    config: NonNullable<ServerParams<'audit'>['of']>['config'],
    stage: AuditedStage['stage'],
    variables?: Readonly<Record<string, string>>,
  ): Promise<Against> {
    const { address, text, language } = await this.access.text(config);
    const opened = openConfig({
      path: address.path,
      name: address.path ?? address.uri,
      text,
      language,
      root: this.access.rootOf(address),
      ...(variables ? { variables } : {}),
    });
    return { address, stage: { config: opened, stage, split: null } };
  }
}
