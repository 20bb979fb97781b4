/** Texts that mean something to a parser, a shell, a terminal, SQL, Markdown, HTML or a spreadsheet. */
export const hostileTexts: readonly string[] = [
  '', ' ', '\0', 'a\0b', '\u001b[2J', '\u001f', '\ufeff', '\u202e', '\ud83d\ude00', '杭州', '\r\n', '\t', "'", '"', '`', '\\', "'; DROP TABLE t; --", '"; --', '%s%n', '${dt}', '${', '${${dt}}',
  '{{x}}', '[x](command:recsample.generateSampleFile)', '![](https://host/x.png)', '<img src=x onerror=1>', '=1+1', '@SUM(A1)', '../../../etc/passwd', '/dev/zero', '/proc/self/mem', '..', '*', '**',
  '*a*a*a*a*a*a*b', '[', ']', '{a,b', '?', '~', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'null', 'true', 'yes', '.inf', '.nan', '1e999', '-0', '0x10', '0o17', '1_000', '9007199254740993',
  '9223372036854775808', '170141183460469231731687303715884105728', '2026-02-30', '24:00:00', '9999-12-31', '-9999-01-01', '30m', '-1d', '1e3d', 'P1D', '1.0e-3', '!!binary aGk=', '!<x>', '<<', '&a', '*a', '? x', '- -', '| ', '>-', '%YAML 1.2', '---', '...', '#', 'x'.repeat(5000),
];

export const hostileNumbers: readonly number[] = [0, -0, 1, -1, 0.1, 0.3, 1.0000001, 1e-300, 1e300, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e9, 1e15, 0.5, NaN, Infinity, -Infinity];
