import { resolve } from 'node:path';
import { inspectJson } from '../../core/report/inspectJson.ts';
import type { InspectReport, LabelCounts, SampleRows } from '../../core/report/inspectReport.ts';
import { inspectText } from '../../core/report/inspectText.ts';
import { message, render } from '../../core/message/message.ts';
import { printable } from '../../core/message/printable.ts';
import type { Column, Dataset } from '../../core/table/dataset.ts';
import { isFiltered, type View } from '../../core/table/filter.ts';
import { groupings } from '../../core/table/grouping.ts';
import type { Scalar } from '../../core/table/profile.ts';
import { decodePage } from '../../core/table/page.ts';
import { roles } from '../../core/table/role.ts';
import { isDigested, type RowsDigest } from '../../core/table/rowsDigest.ts';
import { writableEndings } from '../../core/table/sampleName.ts';
import { isPlainNumber, typeName } from '../../core/table/type.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { CallContext, EngineClient, ExportSummary } from '../../protocol/engine.ts';
import { chooseColumns, columnIndex } from '../columnList.ts';
import { exportReport, exportTarget, type ExportTarget } from '../exportTarget.ts';
import { formatOption } from '../formatOption.ts';
import { groupHeads } from '../groupHeads.ts';
import { parseListRoles, stepRoleForms } from '../roleOption.ts';
import { parseSortKeys } from '../sortKeys.ts';
import type { Command, CommandContext, CommandInput } from '../command.ts';
import { textOptions } from '../textOptions.ts';
import { usageError } from '../usage.ts';

const DEFAULT_ROWS = 5;
const MAX_ROWS = 10_000;
/** Maximum columns of a text report if none were chosen: thousands of profiles would take minutes. */
const MAX_COLUMNS = 200;
const help = 'recsample inspect --help';

/** `recsample inspect PATH`: the contents of a data set, as text or JSON. */
export const inspectCommand: Command = {
  name: 'inspect',
  summary: message('Show columns, labels and the first rows of a Parquet, Arrow, CSV, TSV or JSONL data set'),
  arguments: [{ name: 'PATH', help: message('A file, a folder or a quoted glob') }],
  options: {
    format: formatOption(['text', 'json']),
    columns: { type: 'string', multiple: true, placeholder: 'A,B', help: message('Only these columns, in this order') },
    where: {
      type: 'string',
      placeholder: 'EXPRESSION',
      help: message('Only rows that match the expression, such as {0}', `"click = 1 and city in ('杭州', 'Paris')"`),
    },
    digest: {
      type: 'boolean',
      help: message(
        'Also show a digest of the rows, independent of their order. It covers all columns except the logarithms of log q, or those of --columns',
      ),
    },
    rows: { type: 'string', placeholder: 'N', help: message('How many rows to show. Default: {0}', DEFAULT_ROWS) },
    sort: {
      type: 'string',
      multiple: true,
      placeholder: 'A,B:desc',
      help: message('Order of the rows: columns, each ascending or with {0}. NULL comes last', ':desc'),
    },
    'group-by': {
      type: 'string',
      placeholder: groupings.join('|'),
      choices: [...groupings],
      help: message('Show groups instead of the first rows: their rows, positives and mix of negatives'),
    },
    role: {
      type: 'string',
      multiple: true,
      placeholder: 'COLUMN=ROLE',
      help: message(
        'The role of a column, if the guess is wrong: {0}. Without a role: the guess is removed. A list of a sequence: {1}',
        roles.join(', '),
        stepRoleForms.join(', '),
      ),
    },
    export: {
      type: 'string',
      placeholder: 'FILE',
      help: message('Write the rows to a file instead of a report: {0}', writableEndings),
    },
    force: { type: 'boolean', help: message('Replace the file of {0} if it exists', '--export') },
    exact: {
      type: 'boolean',
      help: message('With --export to CSV: no apostrophes before texts that a spreadsheet would run as formulas'),
    },
  },
  examples: [
    'recsample inspect impressions.parquet',
    `recsample inspect ./impressions --columns user_id,item_id --where "click = 1"`,
    'recsample inspect log.csv.gz --format json --rows 100',
    'recsample inspect impressions.parquet --where "click = 1" --sort user_id,ts:desc --export clicks.parquet',
  ],
  async run(input, context) {
    const rows = rowCount(input.text('rows'));
    const target = exportTarget(input, context, help);
    const inspection = new Inspection(input, context, await context.engine());
    if (target !== null) {
      const { dataset, summary } = await inspection.export(target);
      context.note('');
      warnNotices(dataset, context);
      await context.print(exportReport(input, target, summary, context.translate), input.text('format'));
      return undefined;
    }
    const report = await inspection.report(rows);
    context.note('');
    if (input.text('format') === 'json') {
      // The JSON has a fixed shape, so notices go to standard error.
      warnNotices(report.dataset, context);
      await context.print(inspectJson(report), 'json');
    } else {
      await context.print(inspectText(report, textOptions(context)));
    }
    return undefined;
  },
};

function warnNotices({ notices }: Dataset, context: CommandContext): void {
  for (const notice of notices)
    if (notice.severity !== 'info') context.warn(printable(render(notice.message, context.translate)));
}

/** `s3://…` is not a path. It is passed on so that the engine reports that it cannot open it. */
function isAddress(path: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(path);
}

function rowCount(text: string | undefined): number {
  if (text === undefined) return DEFAULT_ROWS;
  const count = /^\d{1,6}$/.test(text) ? Number(text) : Infinity;
  if (count > MAX_ROWS)
    throw usageError(message('--rows must be a whole number from 0 to {0}, not {1}', MAX_ROWS, text), { help });
  return count;
}

class Inspection {
  private readonly path: string;
  private readonly ref: DatasetRef;
  /** Its order is known when the data set is open. */
  private view: View;
  private readonly call: Partial<CallContext>;

  constructor(
    private readonly input: CommandInput,
    context: CommandContext,
    private readonly engine: EngineClient,
  ) {
    this.path = input.arguments[0] ?? '';
    this.ref = {
      id: 'inspect',
      path: isAddress(this.path) ? this.path : resolve(context.directory, this.path),
      ...parseListRoles(input, roles, help),
    };
    this.view = { filter: { conditions: [], expression: input.text('where') ?? '' }, sort: [] };
    this.call = { signal: context.signal, progress: (p) => context.note(render(p.message, context.translate)) };
  }

  /** Writes all rows to a file. Columns that cannot be read are left out, unless they are named or all are such. */
  async export({
    path,
    format,
    guard,
  }: ExportTarget): Promise<{ readonly dataset: Dataset; readonly summary: ExportSummary }> {
    const { dataset, chosen } = await this.open();
    const readable = chosen.filter((k) => dataset.columns[k]?.type.kind !== 'unreadable');
    // The failure of a column names the reason.
    const columns = this.input.texts('columns').length > 0 || readable.length === 0 ? chosen : readable;
    const { engine, ref, view, call } = this;
    const summary = await engine.call('exportRows', { ref, view, columns, path, format, guard }, call);
    return { dataset, summary };
  }

  /** JSON has whole values, and a terminal the beginning of each. */
  private get isJson(): boolean {
    return this.input.text('format') === 'json';
  }

  /** Opens the data set, and resolves the names of columns. */
  private async open(): Promise<{ readonly dataset: Dataset; readonly chosen: readonly number[] }> {
    const { engine, ref, call, input } = this;
    const opened = await engine.call('open', { ref }, call);
    const dataset = opened.rows === null ? await engine.call('settle', { ref }, call) : opened;
    const names = dataset.columns.map(({ name }) => name);
    // The engine ignores roles of columns that do not exist.
    for (const name of Object.keys(ref.roles ?? {})) columnIndex(name, names, help);
    for (const { name } of (ref.sequences ?? []).flatMap(({ columns }) => columns)) {
      const { type } = valueAt(dataset.columns, columnIndex(name, names, help));
      if (type.kind !== 'list')
        throw usageError(message('{0} has no lists: it is of type {1}', name, typeName(type)), { help });
    }
    this.view = { ...this.view, sort: parseSortKeys(input.texts('sort'), names, help) };
    return { dataset, chosen: chooseColumns(input.texts('columns'), names, help) };
  }

  async report(sampleRows: number): Promise<InspectReport> {
    const { dataset, chosen } = await this.open();
    const { engine, ref, view, call } = this;
    const isCut = !this.isJson && this.input.texts('columns').length === 0;
    const columns = isCut ? chosen.slice(0, MAX_COLUMNS) : chosen;
    const rows =
      isFiltered(view.filter) || dataset.rows === null
        ? (await engine.call('count', { ref, view }, call)).rows
        : dataset.rows;
    const labels = await this.labels(dataset);
    const profile = await engine.call('profile', { ref, view, columns }, call);
    const digest = await this.digest(dataset, chosen);
    const grouping = this.input.text('group-by');
    const groups =
      grouping === undefined
        ? null
        : await groupHeads(engine, { dataset, ref, view, grouping, count: sampleRows, help }, call);
    const sample = await this.sample(dataset, columns, groups === null ? sampleRows : 0);
    return {
      path: this.path,
      dataset,
      rows,
      where: view.filter.expression,
      columns: profile.columns,
      columnsLeftOut: chosen.length - columns.length,
      labels,
      digest,
      sample,
      groups,
    };
  }

  /** Covers all chosen columns, including those that a text report leaves out. */
  private async digest({ columns }: Dataset, chosen: readonly number[]): Promise<RowsDigest | null> {
    if (!this.input.flag('digest')) return null;
    const covered =
      this.input.texts('columns').length > 0 ? chosen : columns.flatMap((column, k) => (isDigested(column) ? [k] : []));
    return await this.engine.call('digest', { ref: this.ref, view: this.view, columns: covered }, this.call);
  }

  /**
   * Exact counts over the filtered rows for the column with the role label, whether or not it is among the chosen
   * columns. Null if there is no such column, or if it has values other than 0 and 1: a rating is neither positive nor
   * negative.
   */
  private async labels({ columns }: Dataset): Promise<LabelCounts | null> {
    const label = columns.find((c) => c.role?.role === 'label');
    if (!label) return null;
    const zero = label.type.kind === 'boolean' ? 'false' : '0';
    // NaN is not a label. It compares as greater than every other value, so an upper bound excludes it.
    const bounded =
      label.type.kind === 'float' ? [{ column: label.name, op: '<=' as const, values: ['Infinity'] }] : [];
    if (label.type.kind !== 'boolean') {
      const conditions = [
        ...['0', '1'].map((value) => ({ column: label.name, op: '!=' as const, values: [value] })),
        ...bounded,
      ];
      const others = await this.engine.call(
        'count',
        { ref: this.ref, view: { filter: { conditions, expression: '' }, sort: [] } },
        this.call,
      );
      if (others.rows > 0) return null;
    }
    const count = async (op: '=' | '!='): Promise<number> => {
      const filter = { ...this.view.filter, conditions: [{ column: label.name, op, values: [zero] }, ...bounded] };
      return (await this.engine.call('count', { ref: this.ref, view: { filter, sort: [] } }, this.call)).rows;
    };
    return { column: label.name, positive: await count('!='), negative: await count('=') };
  }

  private async sample(dataset: Dataset, chosen: readonly number[], count: number): Promise<SampleRows> {
    const indices = chosen.filter((i) => dataset.columns[i]?.type.kind !== 'unreadable');
    const columns = indices.flatMap((i) => dataset.columns[i] ?? []);
    if (count === 0 || columns.length === 0) return { columns, rows: [] };
    const { ref, view, call } = this;
    const page = decodePage(
      (await this.engine.call('page', { ref, view, first: 0, count, columns: indices }, call)).arrow,
    );
    const rows: Scalar[][] = [];
    for (let row = 0; row < page.length; row++) {
      const values: Scalar[] = [];
      for (const [i, column] of columns.entries()) {
        const length = this.isJson ? page.clipped(row, i) : null;
        const text = length === null ? page.text(row, i) : await this.completeText(row, valueAt(indices, i), length);
        values.push(scalarOf(text, page.number(row, i), column));
      }
      rows.push(values);
    }
    return { columns, rows };
  }

  /** Fetches the complete text of a value that a page cuts, at once: every part would be cut from the whole text. */
  private async completeText(row: number, column: number, length: number): Promise<string | null> {
    const { ref, view } = this;
    return (await this.engine.call('cell', { ref, view, row, column, offset: 0, limit: length }, this.call)).text;
  }
}

/** A number only if a JSON number holds the value exactly; see `Scalar`. */
function scalarOf(text: string | null, number: number | null, { type }: Column): Scalar {
  if (text === null) return null;
  if (type.kind === 'boolean') return text === 'true';
  return isPlainNumber(type) && number !== null && Number.isFinite(number) ? number : text;
}
