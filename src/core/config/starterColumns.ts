import { type Message, message } from '../message/message.ts';
import type { Column } from '../table/dataset.ts';
import type { Stage } from '../schema/stage.ts';
import type { Role } from '../table/role.ts';
import { refusedBy, type HotEffect, type StarterDataset, type StarterFile } from './starterData.ts';
import { windowDays } from './starterTime.ts';
import { epochUnit, isUnixTime } from '../table/epoch.ts';
import { plain } from './starterYaml.ts';
import { ownValue } from '../ownValue.ts';

/** The files for a new config, by their entry of `data`. */
export type StarterFiles = Partial<Readonly<Record<StarterDataset, StarterFile>>>;

/** Column names for roles without a recognised column, as in the reference. */
const usualNames: Readonly<Record<string, string>> = {
  user: 'user_id',
  item: 'item_id',
  time: 'ts',
  request: 'request_id',
  reached: 'reached',
  rank: 'recall_rank',
};

/** Keys of `columns`, the role of each, and whether the data set requires it. */
const rolesOf: Readonly<Record<StarterDataset, readonly (readonly [key: string, role: Role, needed: boolean])[]>> = {
  impressions: [
    ['user', 'user', true],
    ['item', 'item', true],
    ['time', 'time', true],
    ['request', 'request', false],
    ['position', 'position', false],
    ['viewed', 'viewed', false],
  ],
  items: [
    ['item', 'item', true],
    ['created', 'created', false],
    ['removed', 'removed', false],
  ],
  users: [['user', 'user', true]],
  candidates: [
    ['user', 'user', false],
    ['item', 'item', true],
    ['request', 'request', true],
    ['time', 'time', false],
    ['channel', 'channel', false],
    ['rank', 'rank', false],
    ['reached', 'reached', true],
  ],
  rejections: [
    ['user', 'user', true],
    ['item', 'item', true],
    ['time', 'time', false],
  ],
};

/** Keys of `columns` in the sample file of a stage; `request` and `position` only if the log has them. */
const sampleRoles: Readonly<Record<Stage, readonly string[]>> = {
  recall: ['user', 'item', 'label', 'source', 'positive_item', 'time', 'draw', 'log_q'],
  coarse_ranking: ['user', 'item', 'label', 'source', 'request', 'time'],
  fine_ranking: ['user', 'item', 'label', 'source', 'request', 'time', 'position', 'weight'],
};

/** Names of scores. A fine-ranking score must not match `coarseScore` too: `prerank_score` contains `rank_score`. */
const coarseScore = /coarse|pre_?rank|粗排/i;
const fineScore = /fine|teacher|rank_?score|p?ctr|精排/i;

/** Roles of ids, which text files hold without a type. */
const idRoles = ['user', 'item', 'request'] as const satisfies readonly Role[];

/** Guesses the roles of the columns of the chosen files from names, types and values. */
export class StarterColumns {
  constructor(private readonly files: StarterFiles) {}

  /** The pairs of `columns` of an entry of `data`. Required columns that were not recognised get their usual name. */
  pairs(name: StarterDataset): string {
    const attributes = name === 'items' || name === 'users' ? this.attributes(name) : [];
    const pairs: (readonly [string, string | null])[] = rolesOf[name].map(([key, role, needed]) => [
      key,
      this.column(name, role, key) ?? (needed ? (usualNames[key] ?? key) : null),
    ]);
    if (name === 'candidates') {
      for (const [key, column] of [
        ['score', this.#score((name) => coarseScore.test(name))],
        ['teacher', this.#teacher],
      ] as const)
        pairs.push([key, column ? plain(column.name) : null]);
    }
    return [
      ...pairs.flatMap(([key, value]) => (value === null ? [] : [`${key}: ${value}`])),
      ...(attributes.length === 0 ? [] : [`attributes: [${attributes.map(plain).join(', ')}]`]),
    ].join(', ');
  }

  /** The pairs of `columns` of a sample file that RecSample writes. Ids and times are named as in the log. */
  samplePairs(stage: Stage): string {
    const columns = this.files.impressions?.columns ?? [];
    return sampleRoles[stage]
      .flatMap((key) => {
        const logged = columns.find(({ role, partition }) => role?.role === key && !partition);
        const isWritten = logged || (key !== 'request' && key !== 'position');
        return isWritten
          ? [`${key}: ${plain(logged && key !== 'label' ? logged.name : (usualNames[key] ?? key))}`]
          : [];
      })
      .join(', ');
  }

  /**
   * The column with a role, in config syntax: with the unit of a numeric time, and with the type of ids in files
   * without types. Null if there is none.
   */
  column(name: StarterDataset, role: Role, key: string): string | null {
    const file = this.files[name];
    const column = file?.columns.find((candidate) => candidate.role?.role === role && !candidate.partition);
    if (!file || !column) return null;
    const unit = role === 'time' && isUnixTime(column.type) ? epochUnit(ownValue(file.ranges, column.name)?.max) : null;
    if (unit !== null) return `{column: ${plain(column.name)}, unit: ${unit}}`;
    const typed = file.textual && idRoles.some((id) => id === key) && this.#isInteger(role);
    return typed ? `{column: ${plain(column.name)}, type: int64}` : plain(column.name);
  }

  /** A column of integer ids that a text file declares as text; null if there is none. */
  idOfTexts(name: StarterDataset): string | null {
    const file = this.files[name];
    const roles = file?.textual ? idRoles.filter((role) => !this.#isInteger(role)) : [];
    const isIdOfIntegers = ({ role, type }: Pick<Column, 'role' | 'type'>): boolean =>
      type.kind === 'integer' && roles.some((id) => id === role?.role);
    return file?.columns.find(isIdOfIntegers)?.name ?? null;
  }

  attributes(name: 'items' | 'users'): string[] {
    return (this.files[name]?.columns ?? [])
      .filter(({ role, type }) => role?.role === 'attribute' && (type.kind === 'string' || type.kind === 'enum'))
      .map((column) => column.name)
      .slice(0, 8);
  }

  isChosen(name: StarterDataset): boolean {
    return this.files[name] !== undefined;
  }

  has(name: StarterDataset, column: string): boolean {
    return this.files[name]?.columns.some((candidate) => candidate.name === column) === true;
  }

  /** The column with the fine-ranking scores and its range (null: unknown). Null without such a column. */
  get teacher(): {
    readonly name: string;
    readonly range: { readonly min: number; readonly max: number } | null;
  } | null {
    const column = this.#teacher;
    if (!column) return null;
    const { min, max } = ownValue(this.files.candidates?.ranges, column.name) ?? {};
    const [low, high] = [Number(min), Number(max)];
    return { name: column.name, range: Number.isFinite(low) && Number.isFinite(high) ? { min: low, max: high } : null };
  }

  /** Who refused whom, guessed from the name of the file. */
  get refused(): 'by_owner' | 'by_user' {
    return refusedBy(this.files.rejections?.path ?? '');
  }

  /** The event of the positives, its column or condition, and the reason for a guessed condition. */
  get event(): { readonly name: string; readonly holds: string; readonly because: Message | null } {
    const file = this.files.impressions;
    const label = file?.columns.find(({ role }) => role?.role === 'label');
    if (!file || !label) return { name: 'click', holds: 'is_click', because: null };
    const stripped = label.name.replace(/^(is|has)_/, '');
    const name = /^[a-z]\w*$/.test(stripped) && !/^(label|target|y|positive)$/.test(stripped) ? stripped : 'click';
    return { name, ...labelCondition(label, ownValue(file.ranges, label.name)) };
  }

  /** What `downsample_hot` does to the positives of the log; null if they were not counted. */
  get hotEffect(): HotEffect | null {
    return this.files.impressions?.hotEffect ?? null;
  }

  /** The column with the play time of an impression, in config syntax; null if there is none. */
  get playTime(): string | null {
    return this.column('impressions', 'play-time', 'play_time');
  }

  /** First and last days of the log; null if they are unknown or fewer than two. */
  get days(): ReturnType<typeof windowDays> {
    const file = this.files.impressions;
    const time = file?.columns.find(({ role, partition }) => role?.role === 'time' && !partition);
    return file && time ? windowDays(ownValue(file.ranges, time.name)) : null;
  }

  /** True if a file with types stores the ids of a role as integers. Text files must declare this, or no ids join. */
  #isInteger(role: Role): boolean {
    return Object.values(this.files).some(
      ({ textual, columns }) =>
        !textual && columns.some((column) => column.role?.role === role && column.type.kind === 'integer'),
    );
  }

  #score(holds: (name: string) => boolean): Pick<Column, 'name'> | undefined {
    return this.files.candidates?.columns.find(({ role, name }) => role?.role === 'score' && holds(name));
  }

  get #teacher(): Pick<Column, 'name'> | undefined {
    return this.#score((name) => fineScore.test(name) && !coarseScore.test(name));
  }
}

/** Texts that mean that the event happened. */
const yes = /^(y|yes|t|true|1|pos|positive|click|clicked|是)$/i;

/** The condition of an event in config syntax. `range`: of the column's values. `because`: the reason for a guess. */
function labelCondition(
  { name, type }: Pick<Column, 'name' | 'type'>,
  range: { readonly min: string; readonly max: string } | undefined,
): { readonly holds: string; readonly because: Message | null } {
  const column = plain(name);
  if (range === undefined) return { holds: column, because: null };
  const { min, max } = range;
  if (type.kind === 'string' || type.kind === 'enum')
    return {
      holds: `{column: ${column}, op: "=", value: ${plain(yes.test(min) ? min : max)}}`,
      because: message('the values are texts from {0} to {1}; choose the one of the event', min, max),
    };
  const largest = Number(max);
  if (largest > 1)
    return {
      holds: `{column: ${column}, op: ">=", value: ${Math.ceil(largest * 0.8)}}`,
      because: message('the values go up to {0}; choose from which one on', largest),
    };
  // Without another value than `true`, the log has rows of the event only.
  return Number(min) === 1 || min === 'true'
    ? {
        holds: `{column: ${column}, unknown: negative}`,
        because: message('the column has no other value than {0}, so a missing one means that nothing happened', max),
      }
    : { holds: column, because: null };
}
