// Compares our expression parser, jsep and a Peggy grammar on the same texts.
import { describeFailure } from '../../src/core/message/failure.ts';
import { parseExpression } from '../../src/core/table/expression/expression.ts';
import { load } from './alternatives.mjs';

const { default: jsep } = await load('jsep');
const { default: peggy } = await load('peggy');
const grammar = peggy.generate(`
  Or = And (_ "or" _ And)*
  And = Compare (_ "and" _ Compare)*
  Compare = "not" _ Compare / Sum (_ ("<=" / ">=" / "!=" / "=" / "<" / ">") _ Sum / _ "between" _ Sum _ "and" _ Sum / _ "is" _ "null")?
  Sum = Value (_ [-+*/] _ Value)*
  Value = $([0-9]+ ("." [0-9]+)?) / "'" [^']* "'" / $[a-z_]+ / "(" _ Or _ ")"
  _ = " "*
`);
const integer = { kind: 'integer', bits: 64, signed: true };
const columns = [
  { name: 'user_id', type: integer },
  { name: 'city', type: { kind: 'string' } },
  { name: 'score', type: { kind: 'float', bits: 64 } },
  { name: 'ts', type: { kind: 'timestamp', unit: 'us', zoned: false } },
];
const texts = [
  'user_id = 9007199254740993',
  'score between 1 and 2',
  'city is null',
  'score > ',
  "citty = 'a'",
  "city = 'a",
];

for (const text of [...texts, 'score = 1 +* 2', 'ts > 5']) {
  const parsed = parseExpression(text, columns);
  const ours = parsed.ok ? 'valid' : `${parsed.range.start}: ${describeFailure(parsed.failure)}`;
  console.log(`${text}\n  ours: ${ours}`);
  for (const [name, parse] of [
    ['jsep', jsep],
    ['Peggy', (one) => grammar.parse(one)],
  ]) {
    try {
      const { type = 'tree' } = parse(text);
      console.log(`  ${name}: ${type}`);
    } catch (error) {
      console.log(`  ${name}: ${error.index ?? error.location.start.offset}: ${error.message}`);
    }
  }
}
