// Reporter of files of tests: prints failures in full as they happen, and at the end of a file one line that
// scripts/testFiles.mjs reads: counts, what failed, the slowest tests, and why tests were skipped. Counts only tests, not
// suites.
import path from 'node:path';
import { inspect } from 'node:util';
import { root } from './paths.mjs';
import { sourcePlace } from './sourcePlaces.mjs';

export const countsMark = '#counts ';
/** Tests of which the time is reported, the slowest first; more if more are slow. */
export const slowestCount = 10;
/** A test that takes more seconds is slow. */
const slowSeconds = 20;

/** The slowest tests, the slowest first: as many as are reported, and all slow ones. */
export const slowestOf = (tests) =>
  tests
    .toSorted((a, b) => b.seconds - a.seconds)
    .filter(({ seconds }, place) => place < slowestCount || seconds > slowSeconds);

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

/** Arguments of scripts/fileGroup.mjs, with the names of its files. A process of one file has none. */
const names = new Set(process.argv.slice(2));

/** A suite around a file of tests (scripts/fileGroup.mjs). */
const isFile = ({ name, nesting, details }) => nesting === 0 && details.type === 'suite' && names.has(name);

/** A test of no file, for example one that started after the end of its file. */
const isStray = (data) => names.size > 0 && data.nesting === 0 && !isFile(data);

/** What is counted for a file. `cpu`: seconds of processors of this process, without those that it started. */
class FileCounts {
  #counts = { passed: 0, failed: 0, skipped: 0 };
  #failures = [];
  #skips = new Map();
  #slowest = [];
  #started = process.cpuUsage();

  pass({ name, details }) {
    this.#counts.passed++;
    this.#slowest = slowestOf([...this.#slowest, { name, seconds: details.duration_ms / 1000 }]);
  }

  fail(failure) {
    this.#counts.failed++;
    this.#failures.push({ name: failure.name, reason: briefly(failure) });
  }

  skip({ name, skip }) {
    this.#counts.skipped++;
    const why = typeof skip === 'string' && skip !== '' ? skip : name;
    this.#skips.set(why, (this.#skips.get(why) ?? 0) + 1);
  }

  /** @param file its name; undefined for the only one of a process, and for tests of no file */
  line(file) {
    const { user, system } = process.cpuUsage(this.#started);
    const skips = [...this.#skips].map(([why, count]) => ({ why, count }));
    const cpu = (user + system) / 1e6;
    const counts = { ...this.#counts, failures: this.#failures, slowest: this.#slowest, skips };
    return `${countsMark}${JSON.stringify({ file, cpu, counts })}\n`;
  }
}

export default async function* reporter(events) {
  let counts = new FileCounts();
  const strays = new FileCounts();
  for await (const { type, data } of events) {
    if (type === 'test:fail') {
      // A parent fails with its children, which are reported themselves.
      if (isStray(data) || data.details.error?.failureType !== 'subtestsFailed') {
        (isStray(data) ? strays : counts).fail(data);
        yield describeFailure(data);
      }
    } else if (type === 'test:pass' && isStray(data)) {
      strays.pass(data);
    } else if (type === 'test:pass') {
      if (data.skip !== notSelected && data.details.type !== 'suite') {
        if (data.skip === undefined && data.todo === undefined) counts.pass(data);
        else counts.skip(data);
      }
    } else if (type === 'test:stderr' || type === 'test:stdout') {
      yield data.message;
    } else if (type === 'test:diagnostic' && /^(Error|Warning): /.test(data.message)) {
      // An error after the end of its test, for example.
      yield `${data.message}\n`;
    }
    if ((type === 'test:fail' || type === 'test:pass') && isFile(data)) {
      yield counts.line(data.name);
      counts = new FileCounts();
    }
  }
  yield (names.size > 0 ? strays : counts).line();
}
