// Reporter of a file of tests: prints failures in full as they happen, and at the end one line that scripts/test.mjs
// reads: counts, what failed, the slowest tests, and why tests were skipped. Counts only tests, not suites.
import path from 'node:path';
import { inspect } from 'node:util';
import { root } from './paths.mjs';
import { sourcePlace } from './sourcePlaces.mjs';

export const countsMark = '#counts ';
/** Tests of which the time is reported, the slowest first. */
export const slowestCount = 10;

/** Characters of the reason of a failure that the end of the run repeats. */
const shortReason = 300;

const notSelected = 'test name does not match pattern';

const causeOf = ({ details }) => details.error.cause ?? details.error;

/** The first words of the reason of a failure, on one line. */
function briefly(failure) {
  const cause = causeOf(failure);
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.replace(/\s+/g, ' ').trim().slice(0, shortReason);
}

/** The lines of a failed test: name, place, reason with its stack. */
function describeFailure(failure) {
  const { name, file, line, column } = failure;
  const cause = causeOf(failure);
  // The message of an assertion already contains the difference.
  const reason =
    cause?.code === 'ERR_ASSERTION'
      ? cause.stack
      : cause instanceof Error
        ? inspect(cause, { depth: 6, breakLength: 140 })
        : String(cause);
  const source = file === undefined ? undefined : (sourcePlace(file, line, column)?.file ?? file);
  const place = source === undefined ? '' : `  (${path.relative(root, source)})`;
  return `\n✖ ${name}${place}\n${reason.replace(/^/gm, '    ')}\n`;
}

export default async function* reporter(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  const skips = new Map();
  let slowest = [];
  for await (const { type, data } of events) {
    if (type === 'test:fail') {
      // A parent fails with its children, which are reported themselves.
      if (data.details.error?.failureType === 'subtestsFailed') continue;
      counts.failed++;
      failures.push({ name: data.name, reason: briefly(data) });
      yield describeFailure(data);
    } else if (type === 'test:pass') {
      if (data.skip === notSelected || data.details.type === 'suite') continue;
      if (data.skip === undefined && data.todo === undefined) {
        counts.passed++;
        slowest.push({ name: data.name, seconds: data.details.duration_ms / 1000 });
        slowest = slowest.sort((a, b) => b.seconds - a.seconds).slice(0, slowestCount);
      } else {
        counts.skipped++;
        const why = typeof data.skip === 'string' && data.skip !== '' ? data.skip : data.name;
        skips.set(why, (skips.get(why) ?? 0) + 1);
      }
    } else if (type === 'test:stderr' || type === 'test:stdout') {
      yield data.message;
    } else if (type === 'test:diagnostic' && /^(Error|Warning): /.test(data.message)) {
      // An error after the end of its test, for example.
      yield `${data.message}\n`;
    }
  }
  const reasons = [...skips].map(([why, count]) => ({ why, count }));
  yield `${countsMark}${JSON.stringify({ ...counts, failures, slowest, skips: reasons })}\n`;
}
