import { message, type Message } from '../message/message.ts';
import { sampleLayouts } from '../schema/sampleLayout.ts';
import { stages as funnel, type Stage } from '../schema/stage.ts';
import { StarterColumns, type StarterFiles } from './starterColumns.ts';
import { defaultSample, inputsOf, starterDatasets, type ConfigPlace, type StarterDataset } from './starterData.ts';
import { stageLines } from './starterStages.ts';
import { Comments, plain, writeLines, type Line } from './starterYaml.ts';

export interface StarterRequest {
  readonly stages: readonly Stage[];
  /** The chosen files. For missing required ones, an example path is written, which the linter underlines. */
  readonly data: StarterFiles;
  readonly seed: string;
  /** Where the config will be saved. Without it, the config has no `data.samples`. */
  readonly place?: ConfigPlace;
}

/** Parts of a config that replace guesses from the data. With them, all given data sets are written. */
export interface KnownParts {
  /** The first line, a comment. */
  readonly about?: string;
  /** Entries of `data.samples`. */
  readonly samples?: readonly Line[];
  /** The attribute value that all items of the pools share; null if there is none. */
  readonly where?: { readonly attribute: string; readonly value: string; readonly because: Message } | null;
  readonly window: readonly Line[];
  readonly stages?: readonly Line[];
  readonly output?: readonly Line[];
}

/**
 * Writes a commented YAML config for the requested stages. `say` translates its comments into the reader's language.
 */
export function starterConfig(
  request: StarterRequest,
  say: (text: Message) => string,
  known: KnownParts | null = null,
): string {
  return new Starter(request, new Comments(say), known).text();
}

const examplePaths: Readonly<Record<StarterDataset, string>> = {
  impressions: 'data/impressions',
  items: 'data/items.parquet',
  users: 'data/users.parquet',
  candidates: 'data/candidates',
  rejections: 'data/rejections.parquet',
};
const about: Readonly<Record<StarterDataset, Message>> = {
  impressions: message('the exposure log: one row per shown item'),
  items: message('the corpus: one row per item that recall can return'),
  users: message('one row per user'),
  candidates: message('the funnel of each request: one row per item that recall returned'),
  rejections: message('explicit rejections: one row per user and item'),
};

class Starter {
  readonly #stages: readonly Stage[];
  readonly #columns: StarterColumns;

  constructor(
    private readonly request: StarterRequest,
    private readonly comments: Comments,
    private readonly known: KnownParts | null,
  ) {
    this.#stages = funnel.filter((stage) => request.stages.includes(stage));
    this.#columns = new StarterColumns(request.data);
  }

  text(): string {
    const { known } = this;
    const lines: Line[] = [
      known?.about ??
        this.comments.line(
          message(
            'This config defines the rows of the training samples. Hover over a key to read its meaning. Wrong values are underlined.',
          ),
        ),
      'version: 1',
      this.comments.behind(
        `seed: ${plain(this.request.seed)}`,
        message('the same seed gives the same rows in every environment'),
      ),
      'data:',
      [
        ...this.#inputs().flatMap(({ name, needed }) => this.#dataset(name, needed)),
        ...(known?.samples ?? this.#samples()),
      ],
      ...this.#events(),
      ...(known?.window ?? this.#window()),
      'stages:',
      known?.stages ?? this.#stages.flatMap((stage) => stageLines(stage, this.#columns, this.comments)),
      ...(known?.output ?? this.#output()),
      'policy: recommended',
    ];
    return `${writeLines(lines)}\n`;
  }

  /** With known parts, all given data sets, because the parts may draw from any of them. */
  #inputs(): readonly { readonly name: StarterDataset; readonly needed: boolean }[] {
    const inputs = inputsOf(this.#stages);
    if (this.known === null) return inputs;
    return starterDatasets.flatMap((name) => {
      const input = inputs.find((input) => input.name === name);
      return input ? [input] : this.#columns.isChosen(name) ? [{ name, needed: false }] : [];
    });
  }

  #recognised(name: StarterDataset): Message {
    const id = this.#columns.idOfTexts(name);
    return id === null
      ? message('recognised by their names and types; check them')
      : message(
          'recognised by their names and types; check them. Ids of text files stay text; for integers, write {0}',
          `{column: ${id}, type: int64}`,
        );
  }

  #dataset(name: StarterDataset, needed: boolean): Line[] {
    const file = this.request.data[name];
    if (!file && !needed) return [];
    return [
      this.comments.behind(`${name}:`, about[name]),
      [
        file
          ? `path: ${plain(file.path)}`
          : this.comments.behind(`path: ${examplePaths[name]}`, message('change this to the path of your files')),
        file && name === 'impressions'
          ? this.comments.behind(`columns: {${this.#columns.pairs(name)}}`, this.#recognised(name))
          : `columns: {${this.#columns.pairs(name)}}`,
        ...(name === 'rejections'
          ? [
              this.comments.behind(
                `kind: ${this.#columns.refused}`,
                message('by_owner: the owner of the item refused the user; by_user: the user refused the item'),
              ),
            ]
          : []),
        ...(name === 'items' && this.known?.where
          ? [
              this.comments.behind(
                `where: {${plain(this.known.where.attribute)}: ${plain(this.known.where.value)}}`,
                this.known.where.because,
              ),
            ]
          : []),
        ...(name === 'items' && this.known === null && this.#columns.has('items', 'status')
          ? [this.comments.behind('# where: {status: online}', message('only these can be drawn'))]
          : []),
      ],
    ];
  }

  #samples(): Line[] {
    const { place } = this.request;
    if (place === undefined) return [];
    return [
      this.comments.behind('samples:', message('the sample file of each stage, which RecSample writes and audits')),
      this.#stages.flatMap((stage) => [
        `${stage}:`,
        [`path: ${plain(`${defaultSample(place, stage)}.parquet`)}`, `columns: {${this.#columns.samplePairs(stage)}}`],
      ]),
    ];
  }

  #events(): Line[] {
    const { name, holds, because } = this.#columns.event;
    const { playTime } = this.#columns;
    return [
      this.comments.behind('events:', message('events of an impression: a column, or a condition on a column')),
      [
        because === null ? `${name}: ${holds}` : this.comments.behind(`${name}: ${holds}`, because),
        ...(playTime === null ? [] : [`# long_play: {column: ${playTime}, op: ">=", value: 7}`]),
      ],
    ];
  }

  #window(): Line[] {
    const { days } = this.#columns;
    if (!days)
      return [
        this.comments.line(
          message(
            'window: {train: {from: …, to: …}, eval: {from: …, to: …}}   by day, from and to included; without it, all rows are used for training',
          ),
        ),
      ];
    return [
      this.comments.behind('window:', message('whole days, both ends included; positives come from window.train')),
      [`train: {from: ${days.first}, to: ${days.beforeLast}}`, `eval: {from: ${days.last}, to: ${days.last}}`],
    ];
  }

  #output(): Line[] {
    const carried = [
      ...this.#columns.attributes('items').slice(0, 4),
      ...(this.#columns.column('impressions', 'position', 'position') !== null && this.#stages.join() === 'fine_ranking'
        ? ['position']
        : []),
    ];
    return [
      this.comments.behind(
        `output: {layout: long${this.#stages.includes('recall') ? ', order: shuffled' : ''}${carried.length === 0 ? '' : `, pass_through: [${carried.map(plain).join(', ')}]`}}`,
        message('one row per sample; the layouts are {0}', sampleLayouts.join(', ')),
      ),
    ];
  }
}
