import { removePair, setValue } from '../config/edits.ts';
import type { StageView } from '../config/entries.ts';
import { message, type Message } from '../message/message.ts';
import { teacherRoles } from '../data/teacherRoles.ts';
import type { Report, RuleContext } from './rule.ts';
import { undeclared } from './undeclared.ts';

/** Checks that the entry to refill from exists. */
export function* refillFrom(context: RuleContext): Iterable<Report> {
  const {
    stage: { path, entries, draft },
    document,
  } = context;
  const name = draft.negatives?.refill_from;
  const at = [...path, 'negatives', 'refill_from'];
  if (
    name === undefined ||
    entries.length === 0 ||
    entries.some((entry) => entry.name === name) ||
    hasUnsoundEntry(name, entries, document)
  )
    return;
  yield undeclared(
    name,
    () => entries.map((entry) => entry.name),
    at,
    'value',
    context,
    (near) =>
      near === null
        ? message('There is no entry {0} to refill from', name)
        : message('There is no entry {0} to refill from. Did you mean {1}?', name, near),
  );
}

/** True if the entry exists, but was left out because it is invalid. */
function hasUnsoundEntry(name: string, [first]: StageView['entries'], document: RuleContext['document']): boolean {
  return first !== undefined && document.has([...first.path.slice(0, -1), name]);
}

/** Checks that the stage can have a teacher, and that its column is declared for the candidates. */
export function* teacher(context: RuleContext): Iterable<Report> {
  const {
    config,
    stage: { name: stage, path, draft, unit },
    document,
  } = context;
  // In the other stages, another unit is more likely to be the mistake.
  if (draft.teacher && unit === 'positive' && stage === 'recall') {
    const teacherPath = [...path, 'teacher'];
    yield {
      at: teacherPath,
      severity: 'warning',
      message: message('The teacher has no effect: it needs the unit request or impression'),
      fixes: [{ title: message('Remove the teacher'), changes: removePair(document, teacherPath), safe: false }],
    };
    return;
  }
  const name = draft.teacher?.column;
  if (name === undefined || draft.teacher?.from === 'impressions' || !document.has(['data'])) return;
  const at = [...path, 'teacher', 'column'];
  if (!document.has(['data', 'candidates'])) {
    yield { at, message: message('This needs data.{0}, which is missing in the config', 'candidates') };
    return;
  }
  const columns = ['data', 'candidates', 'columns'];
  if (document.locate(columns).value?.kind !== 'map') return;
  if (document.has([...columns, name])) {
    if (!teacherRoles.some((role) => role === name))
      yield {
        at,
        message: message('{0} is not a role with numbers; a teacher can be {1}', name, teacherRoles.join(', ')),
      };
    return;
  }
  const roles = Object.keys(config.data?.candidates?.columns ?? {});
  const columnRole = roles.find((role) => {
    const choice = config.data?.candidates?.columns?.[role as 'teacher'];
    return (typeof choice === 'string' ? choice : choice?.column) === name;
  });
  const report = undeclared(
    name,
    () => roles,
    at,
    'value',
    context,
    (near) => roleText(name, columnRole ?? near),
  );
  yield columnRole === undefined
    ? report
    : {
        ...report,
        fixes: [
          { title: message('Change to {0}', columnRole), changes: setValue(document, at, columnRole), safe: false },
        ],
      };
}

function roleText(name: string, near: string | null): Message {
  return near === null
    ? message('{0} is not a role under data.candidates.columns', name)
    : message('{0} is not a role under data.candidates.columns. Did you mean {1}?', name, near);
}
