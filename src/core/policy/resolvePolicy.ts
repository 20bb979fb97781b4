import { checkShape } from '../config/check.ts';
import { policy as policyShape, type PolicyDraft } from '../config/definition/policy.ts';
import { ConfigDocument, type ConfigLanguage } from '../config/document.ts';
import type { ReadConfig } from '../config/read.ts';
import { Problems } from '../config/reading/problems.ts';
import type { Span } from '../config/span.ts';
import type { ConfigPath } from '../config/tree.ts';
import { Variables } from '../config/variables.ts';
import { written } from '../config/written.ts';
import { render, message, type Message } from '../message/message.ts';
import type { Failure } from '../message/failure.ts';
import { suggest } from '../message/suggest.ts';
import { folderOf, resolvePath } from '../data/absolutePath.ts';
import type { Finding } from './finding.ts';
import type { Policy } from './policy.ts';
import type { PolicyProblem } from './policyProblem.ts';
import { isPresetName, preset, presetNames } from './presets.ts';
import { refusedPath } from '../data/refusedPath.ts';
import { findingOfProblem } from './report.ts';
import type { Rule } from './rule.ts';
import { layered, ruleSettings } from './ruleSettings.ts';
import { rules as allRules } from './rules.ts';

/** Environment for reading policies. */
export interface PolicyWorld {
  /**
   * Base folder of a policy's path: the folder of the config, or that of the command line. Absolute; null if there is
   * none.
   */
  readonly folder: string | null;
  /** Files outside of it are not read. Null if there is no workspace; then any local file may be read. */
  readonly root: string | null;
  /** Returns the text of a file by its absolute path. Called at most once per file, for at most `MAX_EXTENDS` files. */
  readText(path: string): { readonly text: string } | { readonly failure: Failure };
  /** The available rules; by default those of the registry. */
  readonly rules?: readonly Rule[];
}

export interface ResolvedPolicy {
  /**
   * The effective policy. If parts are invalid, the valid parts; if a policy cannot be read, `recommended` replaces it.
   */
  readonly policy: Policy;
  /** Problems at the place that names the policy, or in the config's own map. Pass them to `lint`. */
  readonly problems: readonly PolicyProblem[];
  /** The policy files that were read, the nearest first, with the findings in each. */
  readonly files: readonly PolicyFile[];
  /** Absolute paths of all requested files, including unreadable ones: the dependencies of a cache. */
  readonly requested: readonly string[];
}

export interface PolicyFile {
  readonly path: string;
  readonly findings: readonly Finding[];
}

/** Maximum length of a chain of policy files. */
export const MAX_EXTENDS = 10;
/** Longer texts are not read as policies. In UTF-16 units. */
const MAX_POLICY_LENGTH = 1_000_000;

/** The policy of a config: a preset, a file, or a map inside the config; `recommended` if there is none. */
export function policyOfConfig(read: ReadConfig, world: PolicyWorld): ResolvedPolicy {
  const resolver = new Resolver(world);
  const reference = read.config.policy;
  const { value } = read.document.locate(['policy']);
  const span = value?.span ?? { start: 0, end: 0 };
  if (reference === undefined) return resolver.result(preset('recommended', resolver.rules));
  if (typeof reference === 'string')
    return resolver.result(
      resolver.policyAt(reference, {
        folder: world.folder,
        span,
        language: read.document.language,
        report: resolver.inConfig,
      }),
    );
  return resolver.result(
    resolver.draft(reference, {
      name: 'config',
      document: read.document,
      path: ['policy'],
      folder: world.folder,
      report: resolver.inConfig,
    }),
  );
}

/**
 * The policy of `--policy`, which replaces that of the config. If its name is wrong, `problems` has an entry without a
 * place.
 */
export function policyByName(name: string, world: PolicyWorld): ResolvedPolicy {
  const resolver = new Resolver(world);
  return resolver.result(
    resolver.policyAt(name, {
      folder: world.folder,
      span: { start: 0, end: 0 },
      language: 'yaml',
      report: resolver.inConfig,
    }),
  );
}

/** A policy file on its own, such as one that is open in an editor. */
export function policyOfFile(path: string, text: string, world: PolicyWorld): ResolvedPolicy {
  const resolver = new Resolver({ ...world, readText: (other) => (other === path ? { text } : world.readText(other)) });
  return resolver.result(resolver.file(path, text));
}

type ReportProblem = (problem: PolicyProblem) => void;
interface Naming {
  readonly folder: string | null;
  readonly span: Span;
  readonly language: ConfigLanguage;
  readonly report: ReportProblem;
}
interface Drafted {
  readonly name: string;
  readonly document: ConfigDocument;
  /** Path of the policy in the document. */
  readonly path: ConfigPath;
  readonly folder: string | null;
  readonly report: ReportProblem;
}

class Resolver {
  readonly rules: readonly Rule[];
  readonly #problems: PolicyProblem[] = [];
  readonly #files: {
    readonly path: string;
    readonly document: ConfigDocument;
    readonly problems: readonly PolicyProblem[];
  }[] = [];
  /** The chain of files that extend each other, and all other requested files. */
  readonly #requested: string[] = [];
  readonly inConfig: ReportProblem = (problem) => void this.#problems.push(problem);

  constructor(private readonly world: PolicyWorld) {
    this.rules = world.rules ?? allRules;
  }

  result(policy: Policy): ResolvedPolicy {
    return {
      policy,
      problems: this.#problems,
      files: this.#files.map(({ path, document, problems }) => ({
        path,
        findings: problems.flatMap((problem) => findingOfProblem(problem, document, policy) ?? []),
      })),
      requested: this.#requested,
    };
  }

  /** A preset, or the file with that path. If there is no such file: a problem, and `recommended`. */
  policyAt(name: string, { folder, span, language, report }: Naming): Policy {
    if (isPresetName(name)) return preset(name, this.rules);
    const refuse = (text: Message, fixes: PolicyProblem['fixes'] = []): Policy => {
      report({ rule: 'config/path', span, path: [], message: text, fixes });
      return preset('recommended', this.rules);
    };
    const near = suggest(name, presetNames);
    const fixes: PolicyProblem['fixes'] =
      near === null
        ? []
        : [{ title: message('Change to {0}', near), changes: [{ span, text: written(near, language) }], safe: false }];
    const refused = refusedPath(name, { folder, root: this.world.root });
    if (refused) return refuse(refused, fixes);
    if (folder === null)
      return refuse(message('A config that is not saved in a folder cannot refer to the policy file {0}', name), fixes);
    const path = resolvePath(name, folder);
    if (this.#requested.includes(path))
      return refuse(
        message(
          '{0} extends itself: {1}',
          name,
          [...this.#requested.slice(this.#requested.indexOf(path)), path].map(nameOf).join(' → '),
        ),
      );
    if (this.#requested.length >= MAX_EXTENDS)
      return refuse(message('More than {0} policies extend one another', MAX_EXTENDS));
    this.#requested.push(path);
    const file = this.world.readText(path);
    if ('failure' in file) {
      if (file.failure.code !== 'not-found')
        return refuse(message('The policy {0} cannot be read: {1}', name, render(file.failure.message)));
      return refuse(
        near === null
          ? message('There is no policy file {0}', name)
          : message('There is no policy file {0}. Did you mean {1}?', name, near),
        fixes,
      );
    }
    if (file.text.length > MAX_POLICY_LENGTH)
      return refuse(message('The policy {0} cannot be read: {1}', name, '> 1 MB'));
    return this.file(path, file.text);
  }

  file(path: string, text: string): Policy {
    if (!this.#requested.includes(path)) this.#requested.push(path);
    const document = new ConfigDocument(text, /\.json$/i.test(path) ? 'json' : 'yaml');
    const readingProblems = new Problems();
    const policyProblems: PolicyProblem[] = [];
    this.#files.push({ path, document, problems: policyProblems });
    const draft = checkShape(document, policyShape, {
      variables: new Variables(document, {}, readingProblems),
      problems: readingProblems,
    });
    policyProblems.push(...document.problems, ...readingProblems.list);
    return this.draft(draft ?? {}, {
      name: path,
      document,
      path: [],
      folder: folderOf(path),
      report: (problem) => void policyProblems.push(problem),
    });
  }

  draft(
    { extends: base, rules: settings = {} }: PolicyDraft,
    { name, document, path, folder, report }: Drafted,
  ): Policy {
    const span = document.locate([...path, 'extends']).value?.span ?? { start: 0, end: 0 };
    const parent =
      base === undefined
        ? preset('recommended', this.rules)
        : this.policyAt(base, { folder, span, language: document.language, report });
    return layered(
      parent,
      name,
      ruleSettings(settings, { document, path: [...path, 'rules'], rules: this.rules, report }),
    );
  }
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
