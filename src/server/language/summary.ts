import type { Range } from '../../core/config/span.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { folderOf, resolvePath } from '../../core/data/absolutePath.ts';
import { datasetEntry, datasetsOf } from '../../core/data/dataColumns.ts';
import { declaredRoles } from '../../core/data/declaredRoles.ts';
import { isChecked, severities, type Finding } from '../../core/policy/finding.ts';
import type {
  ConfigSummary,
  DatasetSummary,
  EntrySummary,
  FindingCounts,
  StageSummary,
} from '../../protocol/language.ts';
import { drawsOf, type EntryDraws } from './entryDraws.ts';
import { sampleRows } from './sampleRows.ts';
import type { Snapshot } from './snapshot.ts';

/** The summary of a config for the tree and the glance. */
export function summaryOf(snapshot: Snapshot): ConfigSummary {
  const { address, read, stages, facts, findings, level } = snapshot;
  const { document } = read;
  return {
    uri: address.uri,
    counts: countsOf(findings),
    checked: isChecked(snapshot.rules),
    level,
    datasets: datasetsOf(read.config).flatMap((name): DatasetSummary[] => {
      const file = datasetEntry(read.config, name)?.path;
      return file === undefined || address.path === null || facts.dataset(name)?.state !== 'known'
        ? []
        : [
            {
              name,
              path: resolvePath(file, folderOf(address.path)),
              columns: declaredRoles(read.config, name).map(({ name: column, role, path }) => ({
                name: column,
                role,
                line: document.lines.range(document.locate(path).span).start.line + 1,
              })),
            },
          ];
    }),
    stages: stages.map((stage): StageSummary => ({
      name: stage.name,
      unit: stage.unit ?? null,
      countKey: stage.countKeys[0] ?? null,
      total: stage.total,
      rows: sampleRows(stage, facts),
      range: document.lines.range(document.locate(stage.path).key ?? document.locate(stage.path).span),
      counts: countsOf(findings.filter((finding) => (finding.stage ?? stageAround(finding, snapshot)) === stage.name)),
      entries: stage.entries.map(({ name, source, share, quota, path }): EntrySummary => {
        const { key, span } = document.locate(path);
        const stageRange = document.lines.range(span);
        return {
          name,
          share,
          quota,
          draws: drawnOf(drawsOf(stage, facts)?.entries.get(name)),
          source: source?.name ?? null,
          family: source?.family ?? null,
          range: document.lines.range(key ?? span),
          counts: countsOf(findings.filter((finding) => isWithin(finding.range, stageRange))),
        };
      }),
    })),
  };
}

function drawnOf(draws: EntryDraws | undefined): EntrySummary['draws'] {
  return draws ? { drawn: draws.drawn, requested: draws.requested } : null;
}

export function countsOf(findings: readonly Finding[]): FindingCounts {
  const [error, warning, info] = severities.map(
    (severity) => findings.filter((finding) => finding.severity === severity).length,
  );
  return { error: error ?? 0, warning: warning ?? 0, info: info ?? 0 };
}

/** The stage whose lines contain a finding about the whole document, such as a syntax error. */
function stageAround({ range }: Finding, { read: { document }, stages }: Snapshot): Stage | null {
  return stages.find(({ path }) => isWithin(range, document.lines.range(document.locate(path).span)))?.name ?? null;
}

function isWithin(inner: Range, outer: Range): boolean {
  const notBefore = (a: Range['start'], b: Range['start']): boolean =>
    a.line > b.line || (a.line === b.line && a.character >= b.character);
  return notBefore(inner.start, outer.start) && notBefore(outer.end, inner.end);
}
