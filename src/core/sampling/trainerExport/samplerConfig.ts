/** Settings of a negative sampler, apart from its name. */
export interface SamplerSettings {
  /** Paths of the tables as the trainer opens them. */
  readonly tables: {
    readonly items: string;
    readonly users: string;
    readonly positives: string;
    readonly hard: string | null;
  };
  /** Number of negatives that all positives of a batch share. */
  readonly samples: number;
  /** Maximum number of hard negatives per row; unused without hard edges. */
  readonly hardSamples: number;
  readonly attributes: readonly string[];
  readonly delimiter: string;
  readonly item: string;
  readonly user: string;
}

/**
 * The message of a negative sampler in protocol buffers' text format, as in EasyRec's `DatasetConfig` and
 * TorchEasyRec's `DataConfig`.
 * @param by `weights`: draws by the weights of the items, without those of the batch; `edges`: draws the items of
 *   positives uniformly, without those of the user
 */
export function samplerConfig(
  by: 'weights' | 'edges',
  { tables, samples, hardSamples, attributes, delimiter, item, user }: SamplerSettings,
): string {
  const hard = tables.hard;
  const plain = by === 'weights' && hard === null;
  const fields: readonly (readonly [string, string | number])[] = [
    ...(plain
      ? [['input_path', tables.items] as const]
      : [['user_input_path', tables.users] as const, ['item_input_path', tables.items] as const]),
    ...(by === 'edges' ? [['pos_edge_input_path', tables.positives] as const] : []),
    ...(hard === null ? [] : [['hard_neg_edge_input_path', hard] as const]),
    ['num_sample', samples],
    ...(hard === null ? [] : [['num_hard_sample', hardSamples] as const]),
    ...attributes.map((name) => ['attr_fields', name] as const),
    ['item_id_field', item],
    ...(plain ? [] : [['user_id_field', user] as const]),
    ...(delimiter === ':' ? [] : [['attr_delimiter', delimiter] as const]),
    ['num_eval_sample', samples],
  ];
  const name = `${hard === null ? '' : 'hard_'}negative_sampler${by === 'edges' ? '_v2' : ''}`;
  return `${name} {\n${fields.map(([field, value]) => `  ${field}: ${typeof value === 'number' ? value : JSON.stringify(value)}`).join('\n')}\n}\n`;
}
