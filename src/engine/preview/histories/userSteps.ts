import type { Sequence } from '../../../core/data/sequences.ts';
import { message } from '../../../core/message/message.ts';
import type { UserSteps } from '../../../core/sampling/userHistories.ts';
import { valueFor } from '../../../core/valueAt.ts';
import type { Work } from '../../database/connections.ts';
import { logicalType } from '../../database/logicalType.ts';
import { Kept } from '../../inputs/kept.ts';
import type { SampledTables } from '../../inputs/sampledTables.ts';
import { amongUsers } from '../../inputs/users/loadUsers.ts';
import { Picked } from '../../inputs/users/picked.ts';
import { stepRows } from '../../sequences/stepRows.ts';
import { stepTables } from '../../sequences/stepsSql.ts';
import { exactText } from '../../sql/cellText.ts';
import { quoteIdentifier } from '../../sql/quote.ts';

const ofEveryStep: ReadonlySet<unknown> = new Set(['item', 'time', 'age', 'session']);

/** The columns of a sequence whose values depend only on the step, without its item and time. */
export function valueColumns({ columns }: Pick<Sequence, 'columns'>): Sequence['columns'] {
  return columns.filter((column) => !ofEveryStep.has(column));
}

/** The steps of users by id. */
type StepsOfUsers = ReadonlyMap<string, UserSteps>;

/** Maximum number of cached steps: a few hundred megabytes of texts. The newest result is always cached. */
const MAX_STEPS = 1_000_000;

/** Steps of users by the SQL that reads them. */
export class StepsCache extends Kept<StepsOfUsers> {
  constructor() {
    super(MAX_STEPS, (users) => [...users.values()].reduce((sum, { time }) => sum + time.length, 1));
  }
}

/** The steps of users by id. A user without steps has an empty list. */
export async function loadSteps(
  { sampled, cache }: { readonly sampled: SampledTables; readonly cache: StepsCache },
  sequence: Sequence,
  users: readonly string[],
  work: Work,
): Promise<(user: string) => UserSteps> {
  const columns = valueColumns(sequence);
  const chosen = amongUsers(users, sampled.userKind());
  const { sql, order, columnOf } = stepRows(sampled, sequence, stepTables(sampled.data.log));
  const steps = `(SELECT * FROM ${sql} WHERE ${chosen})`;
  const loaded = await cache.get(JSON.stringify([steps, columns]), async () => {
    const types = await sampled.tables.columns(`SELECT * FROM ${steps}`, work);
    const texts = columns.map((column) => {
      const name = columnOf(column);
      const type = types.find((other) => other.name === name)?.type;
      return type === undefined ? 'NULL' : exactText(quoteIdentifier(name), logicalType(type));
    });
    const rows = await sampled.tables.columnar(
      `SELECT ${['CAST("user" AS VARCHAR)', 'CAST(epoch_us(time) AS DOUBLE)', 'CAST(item AS VARCHAR)', 'CAST(request AS VARCHAR)', ...texts].join(', ')} FROM ${steps} ORDER BY "user", ${order}`,
      message('Reading the steps of {0}', sequence.name),
      work,
    );
    const picked = new Picked(rows.texts(0));
    const [time, item, request] = [rows.numbers(1), rows.texts(2), rows.texts(3)];
    const values = columns.map((_, k) => rows.texts(4 + k));
    return new Map(
      users.map((user) => {
        const own = picked.of(user);
        const items = own.texts(item).map((text) => text ?? '');
        const further = values.map((texts) => own.texts(texts));
        const ofUser = { time: own.values(time), item: numbersOf(items), items, requests: own.texts(request) };
        return [user, { ...ofUser, values: further }];
      }),
    );
  });
  return (user) => valueFor(loaded, user);
}

/** Equal texts have equal numbers. */
function numbersOf(texts: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(texts, (text) => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
}
