import path from 'node:path';
import { hasVariable } from '../core/config/variables.ts';
import type { FactLevel } from '../core/data/facts.ts';
import type { ResolvedPolicy } from '../core/policy/resolvePolicy.ts';
import { applyEdits, safeEdits } from '../core/policy/safeEdits.ts';
import { fail, failureOf, type Failure } from '../core/message/failure.ts';
import type { LintedConfig, LintReport } from '../core/report/lintReport.ts';
import { message, render } from '../core/message/message.ts';
import type { EngineClient } from '../protocol/engine.ts';
import { FactsCache } from '../project/facts/factsCache.ts';
import { lintFile, type LintedConfig as LintedFile } from '../project/lint/lintFile.ts';
import { policyTextWithin } from '../project/lint/policyText.ts';
import { contains, markedRoot, projectRoot } from '../project/projectRoot.ts';
import type { CommandContext } from './command.ts';
import { readConfigFile, writeConfigFile } from './configFile.ts';

export interface LinterOptions {
  readonly level: FactLevel;
  readonly set: Readonly<Record<string, string>>;
  /** Replaces the policies that configs name. */
  readonly policy?: ResolvedPolicy;
  readonly fix: boolean;
  /**
   * Absolute paths given on the command line. A config without a project may be written only below the given folder.
   */
  readonly given?: readonly string[];
  /** Absolute; null to use the root of each config's project. */
  readonly root: string | null;
}

/** Maximum number of fix rounds, because a fix may cause another finding. Later findings are only reported. */
const MAX_ROUNDS = 10;

/** Lints configs one after another, with one engine that starts when a config first needs it. */
export class Linter {
  readonly #cache = new FactsCache();
  readonly #engine: EngineClient;
  #fixed = 0;
  /** Names of `--set` that no config has used so far. */
  readonly #unused: Set<string>;

  constructor(
    private readonly context: CommandContext,
    private readonly options: LinterOptions,
  ) {
    this.#unused = new Set(Object.keys(options.set));
    this.#engine = { call: async (method, params, call) => (await context.engine()).call(method, params, call) };
  }

  /**
   * Lints the configs at absolute paths. `failures` are failures of the search; they are reported together with read
   * failures.
   * @throws FailureError `cancelled`
   */
  async lint(files: readonly string[], failures: readonly Failure[]): Promise<LintReport> {
    const configs: LintedConfig[] = [];
    const unread: Failure[] = failures.map((failure) => this.#withDisplayPath(failure));
    const policies = new Map<string, LintedConfig>();
    const unwritten: Failure[] = [];
    for (const [k, file] of files.entries()) {
      this.context.signal.throwIfAborted();
      this.context.note(`${k + 1}/${files.length} ${this.#name(file)}`);
      try {
        const { read, findings, rules, policyFindings } = await this.#config(file, unwritten);
        for (const name of this.#unused) if (hasVariable(read.document, name)) this.#unused.delete(name);
        configs.push({ path: this.#name(file), findings, rules });
        for (const [policy, results] of policyFindings)
          policies.set(policy, { path: this.#name(policy), findings: results, rules: [], isPolicy: true });
      } catch (error) {
        const failure = failureOf(error);
        if (this.context.signal.aborted || failure.code === 'cancelled') throw error;
        unread.push(this.#withDisplayPath(failure));
      }
      unread.push(...unwritten.splice(0).map((failure) => this.#withDisplayPath(failure)));
    }
    // A policy file is reported only if it has findings, only once, and not if it was linted as a config too.
    const wrong = [...policies.values()].filter(
      ({ path: name, findings }) => findings.length > 0 && !configs.some((config) => config.path === name),
    );
    return { level: this.options.level, configs: [...configs, ...wrong], failures: unread, fixed: this.#fixed };
  }

  /** Names of `--set` that none of the linted configs has a variable for. */
  get unusedVariables(): readonly string[] {
    return [...this.#unused];
  }

  /**
   * Lints one config and writes its fixes. If a link leads its path out of the project, the failure is added to
   * `unwritten` and the unfixed result is returned.
   */
  async #config(file: string, unwritten: Failure[]): Promise<LintedFile> {
    const { text, marked } = await readConfigFile(file);
    const original = await this.#text(file, text);
    let linted = original;
    if (!this.options.fix) return linted;
    let fixedText = text;
    let fixed = 0;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const { edits, fixes } = safeEdits(linted.findings);
      if (fixes === 0) break;
      fixedText = applyEdits(fixedText, edits);
      fixed += fixes;
      linted = await this.#text(file, fixedText);
    }
    if (fixedText === text) return linted;
    this.context.signal.throwIfAborted();
    if ((await readConfigFile(file)).text !== text)
      throw fail('changed', message('It changed while it was being linted. Nothing was fixed'), {
        place: { path: file },
      });
    try {
      await writeConfigFile(file, { text: fixedText, marked }, this.#fence(file), this.context.signal);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== 'refused-path') throw error;
      unwritten.push(failure);
      return original;
    }
    this.#fixed += fixed;
    return linted;
  }

  #text(file: string, text: string): Promise<LintedFile> {
    const { level, set, policy } = this.options;
    const root = this.options.root ?? projectRoot(file, [], this.context.directory);
    return lintFile(
      { path: file, text, language: /\.json$/i.test(file) ? 'json' : 'yaml' },
      {
        level,
        set,
        root,
        trusted: true,
        engine: this.#engine,
        cache: this.#cache,
        readText: policyTextWithin(root),
        ...(policy === undefined ? {} : { policy }),
        signal: this.context.signal,
        progress: (p) => this.context.note(`${this.#name(file)}: ${render(p.message, this.context.translate)}`),
      },
    );
  }

  /**
   * The folder that a written config may not leave: the project, else the outermost given folder that contains it, else
   * its own folder.
   */
  #fence(file: string): string {
    const folder = path.dirname(file);
    const given = (this.options.given ?? [])
      .filter((folderPath) => folderPath !== file && contains(folderPath, file))
      .sort((a, b) => a.length - b.length);
    return this.options.root ?? markedRoot(folder) ?? given[0] ?? folder;
  }

  /** The name of a file in reports. */
  #name(file: string): string {
    const relative = path.relative(this.context.directory, file);
    const inside = !path.isAbsolute(relative) && relative !== '..' && !relative.startsWith(`..${path.sep}`);
    return (inside ? relative : file).split(path.sep).join('/');
  }

  #withDisplayPath(failure: Failure): Failure {
    const { place } = failure;
    return place?.path === undefined ? failure : { ...failure, place: { ...place, path: this.#name(place.path) } };
  }
}
