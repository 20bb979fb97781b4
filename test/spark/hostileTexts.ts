/** Where what a name runs leaves a trace. */
export const ranMark = '/tmp/recsample-a-name-ran';

/** Texts that must never be read as program text: of Python, of SQL, or of the program that splits its statements. */
export const hostileTexts = [
  String.raw`\\""" ', __import__("os").system("touch ${ranMark}"), "x""" '`,
  `""", __import__("os").system("touch ${ranMark}"), r"""`,
  `""")\n__import__("os").system("touch ${ranMark}")\nr"""`,
  `x'''); open('${ranMark}', 'w'); ('''`,
  String.raw`\u0022\u0022\u0022 \N{QUOTATION MARK}\\`,
  '\\',
  '${env:HOME}',
  '${spark.app.name}',
  String.raw`a\;b`,
  '; DROP TABLE t; --',
  'one\ntwo',
  'one\r\n-- two',
  "it's /* a */ 'text'",
  '`',
  '负样本 é \u202e\u2028\u0085\u{1f600}',
  '{0} %s {}',
] as const;
