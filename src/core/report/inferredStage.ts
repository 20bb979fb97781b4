import { message, type Message } from '../message/message.ts';
import { sourceOf } from '../source/sources.ts';
import { figures, percent, range, shortest } from './estimateText.ts';
import type { Estimate, InferredEntry, InferredFacts } from './inferredFacts.ts';
import type { StarterColumns } from '../config/starterColumns.ts';
import { plain, type Comments, type Line } from '../config/starterYaml.ts';

/** The lines of the stage that would produce a finished sample. */
export function inferredStage(facts: InferredFacts, columns: StarterColumns, comments: Comments): Line[] {
  return new InferredStage(facts, columns, comments).lines();
}

/** If fewer negatives than this share were chosen by their user, the choices are accidents, not a missing exclusion. */
const MIN_CHOSEN_SHARE = 0.005;
/** Tolerance factor of the probability of a hit, because the fitted exponent and the counts are estimates. */
const MODEL_ERROR = 0.05;
/** Smallest share of the positives that must have the same number of negatives. */
const MIN_USUAL_SHARE = 0.5;

class InferredStage {
  constructor(
    private readonly facts: InferredFacts,
    private readonly columns: StarterColumns,
    private readonly comments: Comments,
  ) {}

  lines(): Line[] {
    const { stage } = this.facts;
    return [
      this.#unit(),
      ...(stage === 'coarse_ranking'
        ? [
            this.comments.behind(
              'approach: cascade',
              message('cannot be inferred from the file; cascade is the usual one'),
            ),
          ]
        : []),
      'positives:',
      this.#positives(),
      'negatives:',
      stage === 'fine_ranking' ? this.#exposures() : [...this.#amounts(), ...this.#mix()],
      ...(stage === 'recall' ? this.#training() : []),
    ];
  }

  #unit(): string {
    const reasons: Readonly<Record<NonNullable<InferredFacts['unit']>, Message>> = {
      impression: message('the rows are exposures of the log, also where nothing was chosen'),
      positive: message('the negatives belong to positives: each further positive brings further negatives'),
      request: message('further positives of a request bring no further negatives'),
    };
    const { unit } = this.facts;
    return unit === null
      ? this.comments.behind(
          'unit: positive',
          message('each group has the same number of positives: with unit: request, the file would be the same'),
        )
      : this.comments.behind(`unit: ${unit}`, reasons[unit]);
  }

  #positives(): Line[] {
    const { rows, inLog } = this.facts.positives;
    const { name } = this.columns.event;
    return [
      this.comments.behind(
        `events: {${name}: 1}`,
        message('{0} of {1} positives of the file are {2} in the log', inLog, rows, name),
      ),
      this.comments.line(
        message('downsample_hot, max_per_user_per_day: which positives were left out cannot be inferred from the file'),
      ),
    ];
  }

  #exposures(): Line[] {
    const { weight, keptShare, viewed } = this.facts;
    const seen = isViewed(viewed);
    const lines: Line[] = [
      'mix:',
      [
        this.comments.behind(
          `exposed_unclicked: {share: 1${seen ? ', seen: viewed' : ''}}`,
          viewed === null || !seen
            ? message('every row is an exposure')
            : message('all {0} negatives were viewed; {1} % of the exposures were', viewed.rows, percent(viewed.share)),
        ),
        this.comments.line(message('mature_after: how long outcomes were awaited cannot be inferred from the file')),
      ],
    ];
    if (weight !== null && weight.low === weight.high && weight.low > 1)
      return [
        ...lines,
        this.comments.behind(
          `downsample: ${Number((1 / weight.low).toPrecision(6))}`,
          message('each negative has the weight {0}', weight.low),
        ),
        'calibration: weight',
      ];
    if (keptShare === null || keptShare.high >= 0.98) return lines;
    return [
      ...lines,
      this.comments.behind(
        `downsample: ${shortest(keptShare)}`,
        message('{0} of the exposures are in the file', range(keptShare)),
      ),
    ];
  }

  #amounts(): Line[] {
    const { unit, perPositive, usual, chosenNegatives } = this.facts;
    const { name } = this.columns.event;
    const size = this.#size();
    const lines: Line[] = [];
    if (unit !== 'request')
      lines.push(
        size === null || perPositive === null
          ? this.comments.line(message('per_positive: there is no positive in the file'))
          : this.comments.behind(
              `per_positive: ${size}`,
              usual !== null && usual.share >= MIN_USUAL_SHARE
                ? message(
                    '{0} % of the positives have this number; mean {1}',
                    percent(usual.share),
                    figures(perPositive),
                  )
                : message('mean {0}', figures(perPositive)),
            ),
      );
    if (chosenNegatives !== null && chosenNegatives.total > 0)
      lines.push(
        this.#excludesChosen(chosenNegatives.rows / chosenNegatives.total)
          ? this.comments.behind(
              `exclude: {events: [${name}], within: train}`,
              message(
                '{0} of {1} negatives were chosen by their user before',
                chosenNegatives.rows,
                chosenNegatives.total,
              ),
            )
          : this.comments.behind(
              'exclude: none',
              message(
                '{0} of {1} negatives were chosen by their user before',
                chosenNegatives.rows,
                chosenNegatives.total,
              ),
            ),
      );
    return [...lines, ...this.#shortfall()];
  }

  /** True if negatives that their user chose are accidents. Draws without exclusion hit them by chance. */
  #excludesChosen(share: number): boolean {
    const { byChance, entries } = this.facts;
    if (byChance === null) return share <= MIN_CHOSEN_SHARE;
    const hitShare = entries.find(({ source }) => source === 'exposed_clicked')?.share.value ?? 0;
    return hitShare <= Math.min(MIN_CHOSEN_SHARE, byChance.chosen / 2);
  }

  /** Negatives of a positive; null without positives. */
  #size(): number | null {
    const { perPositive, usual } = this.facts;
    if (perPositive === null) return null;
    return usual !== null && usual.share >= MIN_USUAL_SHARE ? usual.size : Math.max(1, Math.round(perPositive.value));
  }

  #shortfall(): Line[] {
    const { usual, unit } = this.facts;
    if (unit === 'request') return ['on_shortfall: keep'];
    const short = this.#written().filter((entry) => this.#isShort(entry));
    if (short.length === 0) return [this.comments.line(message('on_shortfall: no entry with a known quota ran short'))];
    const filler = this.#filler();
    const names = short.map(({ name }) => name).join(', ');
    if (usual === null || usual.share < 0.999 || filler === null)
      return [this.comments.behind('on_shortfall: keep', message('groups are smaller where {0} ran short', names))];
    return [
      this.comments.behind('on_shortfall: refill', message('every group is full, although {0} ran short', names)),
      `refill_from: ${plain(filler.name)}`,
    ];
  }

  /**
   * The number of rows of an entry in most groups; null if it varies. Two neighbouring numbers come from a share that
   * gives no whole number. Numbers below the most frequent one come from shortfalls.
   */
  #quota({ perGroup }: InferredEntry): number | null {
    if (perGroup === null || perGroup.p50 !== perGroup.p95 || perGroup.p50 === 0) return null;
    const { p5, p50 } = perGroup;
    return p5 === p50 || p5 < p50 - 1 ? p50 : null;
  }

  #isShort(entry: InferredEntry): boolean {
    const size = this.#size();
    const quota = this.#quota(entry);
    return size !== null && quota !== null && entry.share.high + this.#hitByChance(entry) < quota / size;
  }

  /** Share of the draws from the corpus that are in other classes, because the item was exposed to the user. */
  #hitByChance({ source }: InferredEntry): number {
    if (!this.facts.isInferred || source !== 'corpus_only') return 0;
    return this.facts.entries
      .filter((entry) => entry.source.startsWith('exposed_') && this.#source(entry) === null)
      .reduce((sum, { share }) => sum + share.high, 0);
  }

  /** The largest entry without a constant number fills the groups. */
  #filler(): InferredEntry | null {
    const others = this.#written().filter((entry) => this.#quota(entry) === null);
    return others.reduce<InferredEntry | null>((a, b) => (a === null || b.rows > a.rows ? b : a), null);
  }

  #mix(): Line[] {
    return this.facts.unit === 'request' ? this.#counts() : this.#shares();
  }

  #counts(): Line[] {
    const lines = this.#written().map((entry) => {
      const { p50 = 0, p95 = 0 } = entry.perGroup ?? {};
      const why = message('{0} in most requests, {1} at most in 95 % of them', p50, p95);
      return this.comments.behind(this.#entry(entry, 'count', Math.max(1, p95)), why);
    });
    return ['per_request:', [...lines, ...this.#left()]];
  }

  #shares(): Line[] {
    const entries = this.#written();
    const size = this.#size();
    const shares = new Map<string, number>();
    const all = entries.reduce((sum, { share }) => sum + share.value, 0);
    for (const entry of entries) {
      const quota = this.#quota(entry);
      const { value, low, high } = entry.share;
      shares.set(
        entry.name,
        quota !== null && size !== null && quota <= size && all > 0.99
          ? Number((quota / size).toFixed(6))
          : shortest({ value: value / all, low: low / all, high: high / all }),
      );
    }
    // Shares must sum to 1, so the filler takes the remaining share, or else the largest entry.
    const last = this.#filler() ?? entries.reduce<InferredEntry | null>((a, b) => (a && a.rows > b.rows ? a : b), null);
    if (last !== null) {
      const others = entries.reduce((sum, { name }) => sum + (name === last.name ? 0 : (shares.get(name) ?? 0)), 0);
      shares.set(last.name, Number((1 - others).toFixed(6)));
    }
    const lines = entries.map((entry) =>
      this.comments.behind(this.#entry(entry, 'share', shares.get(entry.name) ?? 0), this.#because(entry)),
    );
    return ['mix:', [...lines, ...this.#left()]];
  }

  #because(entry: InferredEntry): Message {
    const share = range(entry.share);
    const { pool } = entry;
    const quota = this.#quota(entry);
    const source = this.#source(entry);
    if (pool !== null && source === 'popularity' && !this.facts.isInferred) {
      const { exponent } = pool;
      if (!isExplained(pool) || exponent === null)
        return message('{0}; exponent and count not inferred: {1}', share, explained(pool));
      return quota === null
        ? message('{0}; exponent {1}; {2}', share, exponentFigures(exponent), explained(pool))
        : message(
            '{0}, {1} in most groups; exponent {2}; {3}',
            share,
            quota,
            exponentFigures(exponent),
            explained(pool),
          );
    }
    if (this.facts.isInferred && source === 'coarse_filtered')
      return message(
        '{0}; results that were ranked are among them: which ones cannot be inferred from the file',
        share,
      );
    if (source === 'hard_rank' || source === 'hard_score')
      return message('{0}; the ranks or scores cannot be inferred from the file', share);
    if (this.facts.isInferred && entry.source === 'corpus_only' && this.facts.exponent !== null)
      return message('{0}; exponent {1}', share, exponentFigures(this.facts.exponent));
    return quota === null ? message('{0}', share) : message('{0}, {1} in most groups', share, quota);
  }

  /** Entries that a config can have. */
  #written(): readonly InferredEntry[] {
    return this.facts.entries.filter((entry) => this.#source(entry) !== null);
  }

  /** The source of an entry in a config; null if the file is ambiguous. */
  #source({ source, sharedAttributes, share }: InferredEntry): string | null {
    const { isInferred, exponent, stage } = this.facts;
    if (!isInferred)
      return sourceOf(source) && (source !== 'same_attribute' || sharedAttributes.length > 0) ? source : null;
    if (source === 'exposed_unclicked') return this.#isBelow(share, 'shown') ? null : 'exposed_unclicked';
    if (source === 'corpus_only') return exponent === null || exponent.low <= 0 ? 'global_random' : 'popularity';
    return source === 'candidate' && stage === 'coarse_ranking' ? 'coarse_filtered' : null;
  }

  /** True if draws from the corpus would hit so many items by chance. */
  #isBelow(share: Estimate, kind: 'shown' | 'chosen'): boolean {
    const { byChance } = this.facts;
    return byChance !== null && share.low <= byChance[kind] * (1 + MODEL_ERROR);
  }

  /** Comments about entries that the config does not have. */
  #left(): Line[] {
    return this.facts.entries
      .filter((entry) => this.#source(entry) === null)
      .map((entry) => {
        const { name, share } = entry;
        const texts: Readonly<Record<string, Message>> = {
          exposed_unclicked: message('{0}: {1}; so many random draws were shown by chance', name, range(share)),
          exposed_clicked: this.#isBelow(share, 'chosen')
            ? message('{0}: {1}; so many random draws were chosen by chance', name, range(share))
            : message('{0}: {1}; no entry draws what the user chose', name, range(share)),
          candidate: message(
            '{0}: {1}; the rank or score it was drawn by cannot be inferred from the file',
            name,
            range(share),
          ),
          unknown: message('{0}: {1}; these items are not in the corpus', name, range(share)),
          same_attribute: message('{0}: {1}; its rows share no attribute with their positives', name, range(share)),
        };
        return this.comments.line(
          texts[entry.source] ??
            message('{0}: {1}; {2} is not a source of RecSample', name, range(share), entry.source),
        );
      });
  }

  #entry(entry: InferredEntry, key: 'share' | 'count', amount: number): string {
    const source = this.#source(entry) ?? entry.source;
    const name = this.facts.isInferred ? source : entry.name;
    const options = [
      ...(name === source ? [] : [`source: ${source}`]),
      ...(source === 'same_attribute' ? [`match: [${entry.sharedAttributes.map(plain).join(', ')}]`] : []),
      `${key}: ${amount}`,
      ...(source === 'exposed_unclicked' && isViewed(this.facts.viewed) ? ['seen: viewed'] : []),
      ...(source === 'popularity' ? this.#popularity(entry, key) : []),
    ];
    return options.length === 1 ? `${plain(name)}: ${amount}` : `${plain(name)}: {${options.join(', ')}}`;
  }

  #popularity({ pool }: InferredEntry, key: 'share' | 'count'): string[] {
    const explainedPool = pool !== null && isExplained(pool) ? pool : null;
    const exponent = this.facts.isInferred ? this.facts.exponent : (explainedPool?.exponent ?? null);
    if (exponent === null) return [];
    const { groupBy = null, asOf = 'cut', window = null } = (this.facts.isInferred ? null : explainedPool) ?? {};
    return [
      `exponent: ${allowedExponent(exponent)}`,
      // In counts, the key `count` is the amount.
      ...(key === 'count' ? [] : [`count: ${this.columns.event.name}`]),
      ...(window === null ? [] : [`window: ${window}d`]),
      ...(asOf === 'day' ? ['as_of: day'] : []),
      ...(groupBy === null ? [] : [`group_by: ${plain(groupBy)}`]),
    ];
  }

  #training(): Line[] {
    const { columns } = this.facts.sample;
    if (columns.logq_correction === undefined)
      return [this.comments.line(message('training: the file has no column that depends on the loss'))];
    return [
      this.comments.behind(
        'training: {loss: sampled_softmax, logq: shares}',
        message('the file has logq_correction; if it was made with logq: corpus, data/log-q reports it'),
      ),
      ...(columns.logq_correction_batch === undefined
        ? []
        : [this.comments.line(message('in_batch: the batch size cannot be inferred from the file'))]),
    ];
  }
}

function isViewed(viewed: InferredFacts['viewed']): boolean {
  return viewed !== null && viewed.viewed === viewed.rows && viewed.rows * Math.log(viewed.share) < -10;
}

/** The exponent for a config, which accepts 0 to 1. */
function allowedExponent(exponent: Estimate): number {
  return Math.min(1, Math.max(0, shortest(exponent)));
}

function exponentFigures(exponent: Estimate): Message {
  return exponent.high < 0 || exponent.low > 1
    ? message('{0}, but a config can have 0 to 1', figures(exponent))
    : figures(exponent);
}

/** True if the counts of a pool explain nearly all of its rows. */
function isExplained({ rows, impossible }: NonNullable<InferredEntry['pool']>): boolean {
  return impossible <= rows * 0.001;
}

function explained({ rows, impossible }: NonNullable<InferredEntry['pool']>): Message {
  return message('these counts explain {0} of {1} rows', rows - impossible, rows);
}
