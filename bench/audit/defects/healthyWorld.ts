import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Defect } from '../../../examples/demo/defects/defect.ts';
import { healthyHistories } from '../../../examples/demo/defects/sequenceDefects.ts';
import type { Scale } from '../../../examples/demo/scale.ts';
import type { Finding } from '../../../src/core/policy/finding.ts';
import { preset } from '../../../src/core/policy/presets.ts';
import type { RuleId } from '../../../src/core/policy/ruleId.ts';
import { rules } from '../../../src/core/policy/rules.ts';
import type { Stage } from '../../../src/core/schema/stage.ts';
import { Planter } from '../../../src/engine/demo/planter.ts';
import { writeDemo } from '../../../src/engine/demo/write.ts';
import { FactsCache } from '../../../src/project/facts/factsCache.ts';
import { lintFile } from '../../../src/project/lint/lintFile.ts';
import { policyTextWithin } from '../../../src/project/lint/policyText.ts';
import { openConfig } from '../../../src/project/stage/configSource.ts';
import { drawSample } from '../../../src/project/stage/drawSample.ts';
import type { EngineClient } from '../../../src/protocol/engine.ts';

/** The rule reports the defect, does not report it, or the defect could not be planted. */
export type Outcome = 'found' | 'silent' | 'not-planted';

/** What the rule of a defect says, and other rules of its kind that report it too. */
export interface Found {
  readonly outcome: Outcome;
  readonly others: readonly RuleId[];
}

const ofSequences = (rule: RuleId): boolean => rule.startsWith('data/sequence-');

/** A demo with the samples that its configs lead to. They have no defect. */
export class HealthyWorld {
  private constructor(
    private readonly engine: EngineClient,
    private readonly planter: Planter,
    private readonly root: string,
    /** Shared with the planter: the data sets of a demo are probed once. */
    private readonly cache: FactsCache,
  ) {}

  /** Writes the demo of a seed to `root`. `scale`: null for the demo that users get. */
  static async write(
    engine: EngineClient,
    root: string,
    { scale, seed }: { readonly scale: Scale | null; readonly seed: number },
  ): Promise<HealthyWorld> {
    const { signal } = new AbortController();
    const demo = { directory: root, scale: 'small', seed: String(seed) } as const;
    await writeDemo(demo, { signal, progress: () => undefined }, scale ?? undefined);
    const cache = new FactsCache();
    const planter = await Planter.open(
      root,
      async (config, draw) => {
        const text = readFileSync(config, 'utf8');
        const source = { path: config, name: config, text, language: 'yaml', root } as const;
        await drawSample(openConfig(source), { ...draw, version: '1.2.3' }, { engine, trusted: true, cache });
      },
      signal,
    );
    return new HealthyWorld(engine, planter, root, cache);
  }

  /** Findings about the sample of a stage, without info. */
  async alarms(stage: Stage): Promise<readonly Finding[]> {
    const { config } = await this.planter.healthy(stage);
    return (await this.#lint(config, null)).filter(({ severity }) => severity !== 'info');
  }

  /** Like `alarms`, for the sample that comes with the demo. */
  async alarmsOfDemo(): Promise<readonly Finding[]> {
    const findings = await this.#lint(path.join(this.root, 'configs', 'recall.ratio.yaml'), null);
    return findings.filter(({ severity }) => severity !== 'info');
  }

  /** Like `alarms`, of the rules of sequences about healthy histories, with the name of each sample. */
  async alarmsOfHistories(): Promise<readonly (Finding & { readonly sample: string })[]> {
    const alarms: (Finding & { readonly sample: string })[] = [];
    for (const histories of healthyHistories)
      for (const finding of (await this.#plantedFindings(histories, 1)) ?? [])
        if (finding.severity !== 'info') alarms.push({ ...finding, sample: histories.name });
    return alarms;
  }

  /** Number of groups of the sample of recall. */
  async groups(): Promise<number> {
    const { sample } = await this.planter.healthy('recall');
    return await this.planter.count(sample, 'user_id, positive_item, ts');
  }

  /** Plants a defect and runs its rule; for a defect of sequences, all rules of sequences. */
  async find(defect: Defect, strength: number): Promise<Found> {
    const findings = await this.#plantedFindings(defect, strength);
    if (findings === null) return { outcome: 'not-planted', others: [] };
    // Most rules report possible faults as info, which does not count as detected.
    const isInfo = rules.find(({ id }) => id === defect.rule)?.severity === 'info';
    const reported = new Set(
      findings.flatMap(({ rule, severity }) => (isInfo || severity !== 'info' ? [rule as RuleId] : [])),
    );
    return {
      outcome: reported.delete(defect.rule) ? 'found' : 'silent',
      others: [...reported].sort(),
    };
  }

  /** Plants a defect and lints its sample. Null if the log has no row for it. */
  async #plantedFindings(defect: Defect, strength: number): Promise<readonly Finding[] | null> {
    const planted = await this.planter.plant(defect, strength);
    if (planted === null) return null;
    // Other defects had files of the same names.
    this.cache.forgetProbes();
    const findings = await this.#lint(planted.config, defect.rule);
    rmSync(path.dirname(planted.config), { recursive: true });
    return findings;
  }

  /** Removes the files of the world. */
  close(): void {
    this.planter.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** @param rule the only rule that runs, with the others of sequences if it is one of them; null: all */
  async #lint(config: string, rule: RuleId | null): Promise<readonly Finding[]> {
    const policy = preset(
      'recommended',
      rules.filter(({ id }) => rule === null || id === rule || (ofSequences(rule) && ofSequences(id))),
    );
    const { findings, rules: statuses } = await lintFile(
      { path: config, text: readFileSync(config, 'utf8'), language: 'yaml' },
      {
        level: 'data',
        root: this.root,
        trusted: true,
        engine: this.engine,
        cache: this.cache,
        readText: policyTextWithin(this.root),
        policy: { policy, problems: [], files: [], requested: [] },
      },
    );
    const notRun = statuses.find((one) => one.rule === rule && one.status === 'not-run');
    if (notRun) throw new Error(`${notRun.rule} did not run: ${notRun.because?.text ?? ''}`);
    return findings;
  }
}
