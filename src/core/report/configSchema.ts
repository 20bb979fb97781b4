import { ratioConfig } from '../config/definition/config.ts';
import { aboveLastClickForm, durationForm } from '../schema/form.ts';
import { plainValue } from '../config/reading/scalar.ts';
import type { Meaning, RecordShape, Shape } from '../schema/shape.ts';
import { render } from '../message/message.ts';

/** JSON Schema, draft 7, which most editors support. */
type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The language of ratio configs for editors without this extension's language server. Rules check what a schema cannot:
 * whether shares sum to 1, names are declared and columns exist. A value with `${name}` is allowed wherever a scalar
 * is.
 */
export function configSchema(): JsonSchema {
  const definitions = new Map<string, JsonSchema>();
  const top = new SchemaWriter(repeated(ratioConfig), definitions).schema(ratioConfig, 'config');
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Ratio config of RecSample',
    description:
      'Data, seed and sampling of the training samples of one or more stages: *.ratio.yaml, *.ratio.yml, *.ratio.json',
    ...top,
    definitions: {
      variable: {
        type: 'string',
        pattern: '\\$\\{[^}]*\\}',
        description: 'A value with ${name}, which is replaced by a value under vars',
      },
      ...Object.fromEntries(definitions),
    },
  };
}

const variable: JsonSchema = { $ref: '#/definitions/variable' };
const orVariable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, variable] });

const forms: Partial<Readonly<Record<Meaning, string>>> = {
  duration: durationForm.source,
  period: `^none$|${durationForm.source}`,
  'last-click': aboveLastClickForm.source,
  separator: '[\\s\\S]',
  'day-format': '^(?=.*yyyy)(?=.*MM)(?=.*dd)(?:yyyy|MM|dd)[-_.]?(?:yyyy|MM|dd)[-_.]?(?:yyyy|MM|dd)$',
  day: '^\\d{4}-\\d{2}-\\d{2}(?:[T ].+)?$',
};

/** Shapes that the definition uses in more than one place; each is written once. */
function repeated(top: Shape): ReadonlySet<Shape> {
  const seen = new Set<Shape>();
  const again = new Set<Shape>();
  const visit = (shape: Shape): void => {
    if (seen.has(shape)) {
      if (
        shape.kind === 'record' ||
        shape.kind === 'dependent' ||
        shape.kind === 'dictionary' ||
        shape.kind === 'either'
      )
        again.add(shape);
      return;
    }
    seen.add(shape);
    if (shape.kind === 'either') shape.options.forEach(visit);
    else if (shape.kind === 'list') visit(shape.item);
    else if (shape.kind === 'dictionary') visit(shape.value);
    else for (const { fields } of recordsOf(shape)) for (const field of Object.values(fields)) visit(field.shape);
  };
  visit(top);
  return again;
}

function recordsOf(shape: Shape): readonly RecordShape[] {
  return shape.kind === 'record'
    ? [shape]
    : shape.kind === 'dependent'
      ? [...Object.values(shape.cases), shape.otherwise]
      : [];
}

class SchemaWriter {
  readonly #names = new Map<Shape, string>();

  constructor(
    private readonly shared: ReadonlySet<Shape>,
    private readonly definitions: Map<string, JsonSchema>,
  ) {}

  /** `name`: key of the shape; the shape's definition is named after it. */
  schema(shape: Shape, name: string): JsonSchema {
    if (!this.shared.has(shape)) return this.#plain(shape, name);
    let known = this.#names.get(shape);
    if (known === undefined) {
      for (let k = 1; known === undefined || this.definitions.has(known); k++) known = k === 1 ? name : `${name}${k}`;
      this.#names.set(shape, known);
      this.definitions.set(known, {});
      this.definitions.set(known, this.#plain(shape, name));
    }
    return { $ref: `#/definitions/${known}` };
  }

  #plain(shape: Shape, name: string): JsonSchema {
    switch (shape.kind) {
      case 'text': {
        const pattern = forms[shape.meaning];
        return pattern === undefined ? { type: 'string' } : orVariable({ type: 'string', pattern });
      }
      case 'number': {
        const { integer, min, max, above = false } = shape;
        return orVariable({
          type: integer ? 'integer' : 'number',
          ...(min === undefined ? {} : { [above ? 'exclusiveMinimum' : 'minimum']: min }),
          ...(max === undefined ? {} : { maximum: max }),
        });
      }
      case 'boolean':
        return orVariable({ type: 'boolean' });
      case 'choice':
        return orVariable({
          oneOf: shape.choices.map(({ value, doc }) => ({ const: value, description: render(doc) })),
        });
      case 'list':
        return {
          type: 'array',
          items: this.schema(shape.item, name),
          ...(shape.min === undefined ? {} : { minItems: shape.min }),
          ...(shape.max === undefined ? {} : { maxItems: shape.max }),
        };
      case 'record':
        return this.#record(shape);
      case 'dictionary':
        return {
          type: 'object',
          additionalProperties: this.schema(shape.value, name === 'mix' ? 'share' : name),
          description: render(shape.doc),
        };
      case 'dependent':
        return this.#entry(shape);
      case 'either':
        return { anyOf: shape.options.map((option) => this.schema(option, name)) };
    }
  }

  /** A schema cannot see the name of an entry, which may be its source. So it checks options only with `source`. */
  #entry({ cases, otherwise }: Extract<Shape, { readonly kind: 'dependent' }>): JsonSchema {
    const all: RecordShape['fields'] = Object.assign(
      {},
      ...Object.values(cases).map(({ fields }) => fields),
      otherwise.fields,
    ) as RecordShape['fields'];
    const held = Object.entries(cases).map(([source, { fields }]) => ({
      if: { properties: { source: { const: source } }, required: ['source'] },
      then: { propertyNames: { enum: Object.keys(fields) }, required: requiredOf(fields) },
    }));
    return { ...this.#record({ kind: 'record', fields: all }), required: requiredOf(otherwise.fields), allOf: held };
  }

  #record({ fields }: RecordShape): JsonSchema {
    const properties = Object.fromEntries(
      Object.entries(fields).map(([name, { shape, doc, fallback }]) => {
        const schema = this.schema(shape, name);
        // Keywords next to a $ref are ignored.
        return [
          name,
          {
            ...('$ref' in schema ? { allOf: [schema] } : schema),
            description: render(doc),
            ...(fallback === undefined ? {} : { default: defaultOf(fallback) }),
          },
        ];
      }),
    );
    return { type: 'object', properties, required: requiredOf(fields), additionalProperties: false };
  }
}

/** A default as written in a config. */
function defaultOf(fallback: string): unknown {
  const numbers = /^\[([\d, ]+)\]$/.exec(fallback)?.[1];
  return numbers === undefined ? plainValue(fallback) : numbers.split(',').map(Number);
}

function requiredOf(fields: RecordShape['fields']): string[] {
  return Object.entries(fields)
    .filter(([, { required }]) => required)
    .map(([name]) => name);
}
