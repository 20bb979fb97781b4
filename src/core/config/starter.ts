import { message, type Message } from '../message/message.ts';
import { stages as funnel, type Stage } from '../schema/stage.ts';
import { StarterColumns, type StarterFiles } from './starterColumns.ts';
import { inputsOf, type StarterDataset } from './starterData.ts';
import { stageLines } from './starterStages.ts';
import { Comments, plain, writeLines, type Line } from './starterYaml.ts';

export interface StarterRequest {
  readonly stages: readonly Stage[];
  /** The chosen files. Needed ones that are missing are written as an example, which the linter then underlines. */
  readonly data: StarterFiles;
  readonly seed: string;
}

/**
 * Writes a commented YAML config for the requested stages. `say` translates its comments into the reader's language.
 */
export function starterConfig(request: StarterRequest, say: (text: Message) => string): string {
  return new Starter(request, new Comments(say)).text();
}

const places: Readonly<Record<StarterDataset, string>> = {
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
  ) {
    this.#stages = funnel.filter((stage) => request.stages.includes(stage));
    this.#columns = new StarterColumns(request.data);
  }

  text(): string {
    const lines: Line[] = [
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
      inputsOf(this.#stages).flatMap(({ name, needed }) => this.#dataset(name, needed)),
      ...this.#events(),
      ...this.#window(),
      'stages:',
      this.#stages.flatMap((stage) => stageLines(stage, this.#columns, this.comments)),
      ...this.#output(),
      'policy: recommended',
    ];
    return `${writeLines(lines)}\n`;
  }

  #dataset(name: StarterDataset, needed: boolean): Line[] {
    const file = this.request.data[name];
    if (!file && !needed) return [];
    return [
      this.comments.behind(`${name}:`, about[name]),
      [
        file
          ? `path: ${plain(file.path)}`
          : this.comments.behind(`path: ${places[name]}`, message('change this to the path of your files')),
        `columns: {${this.#columns.pairs(name)}}`,
        ...(name === 'rejections'
          ? [
              this.comments.behind(
                `kind: ${this.#columns.refused}`,
                message('by_owner: the owner of the item refused the user; by_user: the user refused the item'),
              ),
            ]
          : []),
        ...(name === 'items' && this.#columns.has('items', 'status')
          ? [this.comments.behind('# where: {status: online}', message('only these can be drawn'))]
          : []),
      ],
    ];
  }

  #events(): Line[] {
    const { name, holds } = this.#columns.event;
    const { playTime } = this.#columns;
    return [
      this.comments.behind('events:', message('events of an impression: a column, or a condition on a column')),
      [`${name}: ${holds}`, ...(playTime === null ? [] : [`# long_play: {column: ${playTime}, op: ">=", value: 7}`])],
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
        `output: {layout: long${carried.length === 0 ? '' : `, pass_through: [${carried.map(plain).join(', ')}]`}}`,
        message('one row per sample; choose long, wide or grouped'),
      ),
    ];
  }
}
