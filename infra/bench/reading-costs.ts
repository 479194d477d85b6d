/**
 * What one reading asks of AWS, as the local account counts it, and what that makes for a hospital. Only what grows with the
 * readings: what stands by is in the README.
 */
import type { Hospital } from '../../handlers/on-call/roster.ts';
import { operator } from '../local/account/account.ts';
import { startVigil, type Vigil } from '../local/account/vigil.ts';
import { minuteMs } from '../local/engine/clock.ts';
import type { Operation, Payload } from '../local/engine/service.ts';
import { type Item, itemBytes } from '../local/services/dynamodb/items.ts';

/** What a reading causes until its page is sent, or until it is put away. */
export type ReadingCost = {
  dynamoDbReads: number;
  dynamoDbWrites: number;
  /** Of the items that were written, as DynamoDB counts them. */
  dynamoDbWrittenBytes: number;
  /** Units as DynamoDB bills them: 1 KB of a write, twice in a transaction; 4 KB of a read. */
  dynamoDbWriteUnits: number;
  dynamoDbReadUnits: number;
  lambdaInvocations: number;
  /** Virtual time: what the account takes for start, calls and their answers. */
  lambdaMs: number;
  kinesisBytes: number;
};

const startAt = '2026-03-02T08:00:00Z';

const nothing = (): ReadingCost => ({
  dynamoDbReads: 0,
  dynamoDbWrites: 0,
  dynamoDbWrittenBytes: 0,
  dynamoDbWriteUnits: 0,
  dynamoDbReadUnits: 0,
  lambdaInvocations: 0,
  lambdaMs: 0,
  kinesisBytes: 0,
});

const unitsOf = (bytes: number, unitBytes: number) => Math.max(1, Math.ceil(bytes / unitBytes));

/** Functions that run by the clock, whatever is measured. */
const byTheClock = /-(?:sweep-overdue|watch-feeds|reconcile-subscriptions)$/;

/** Counts what the account is asked from now on, in `cost.now`. */
function count(vigil: Vigil, cost: { now: ReadingCost }): void {
  type Seen = (input: Payload, output: Payload, ms: number) => unknown;
  const modelOf = (service: string, operation: string): Operation => {
    const model = vigil.services.get(service)?.operations[operation];
    if (!model) throw new Error(`${service}:${operation} is not modelled`);
    return model;
  };
  const watch = (service: string, operation: string, seen: Seen) => {
    const model = modelOf(service, operation);
    const run = model.run;
    model.run = async (input, caller) => {
      const since = vigil.clock.now();
      const output = await run(input, caller);
      const isWatched = ![caller.name, String(input.FunctionName ?? '')].some((name) =>
        byTheClock.test(name),
      );
      if (isWatched) await seen(input, output, vigil.clock.now() - since);
      return output;
    };
  };
  const read = (items: Item[]) => {
    cost.now.dynamoDbReads++;
    cost.now.dynamoDbReadUnits += unitsOf(
      items.reduce((sum, item) => sum + itemBytes(item), 0),
      4096,
    );
  };
  const written = (item: Item, times = 1) => {
    cost.now.dynamoDbWrites++;
    cost.now.dynamoDbWrittenBytes += itemBytes(item);
    cost.now.dynamoDbWriteUnits += times * unitsOf(itemBytes(item), 1024);
  };
  const get = modelOf('dynamodb', 'GetItem').run;
  watch('dynamodb', 'GetItem', (_input, { Item }) => read(Item ? [Item] : []));
  watch('dynamodb', 'Query', (_input, { Items }) => read(Items));
  watch('dynamodb', 'PutItem', ({ Item }) => written(Item));
  watch('dynamodb', 'UpdateItem', async ({ TableName, Key }) =>
    written((await get({ TableName, Key, ConsistentRead: true }, operator)).Item),
  );
  watch('dynamodb', 'TransactWriteItems', ({ TransactItems }) => {
    for (const { Put } of TransactItems) written(Put.Item, 2);
  });
  watch('lambda', 'Invoke', (_input, _output, ms) => {
    cost.now.lambdaInvocations++;
    cost.now.lambdaMs += ms;
  });
}

/** A reading of each device; gives its bytes on average. */
async function send(vigil: Vigil, devices: Hospital['devices'], values: object): Promise<number> {
  const Records = devices.map(({ id, patientId = id, ward, bed }) => {
    const measuredAt = new Date(vigil.clock.now()).toISOString();
    const reading = { deviceId: id, patientId, ward, bed, measuredAt, ...values };
    return { PartitionKey: id, Data: Buffer.from(JSON.stringify(reading)) };
  });
  const StreamName = vigil.outputs.StreamName;
  await vigil.until(vigil.call(operator, 'kinesis', 'PutRecords', { StreamName, Records }));
  await vigil.clock.run(vigil.clock.now() + minuteMs);
  return Records.reduce((sum, { Data }) => sum + Data.length, 0) / Records.length;
}

/** `normal`: on average, where every device of the hospital measures once a minute. */
export type ReadingCosts = { normal: ReadingCost; critical: ReadingCost };

/** Until the patients' vitals hold as much as they ever do (handlers/reading/merge-vitals.ts). */
const MINUTES_BEFORE = 21;
const AVERAGED_MINUTES = 20;

const normalValues = { systolic: 122, diastolic: 78 };
const criticalValues = { systolic: 205, diastolic: 124 };

/** Boots the account, lets it hear the hospital for a while, and counts; then one patient is critical. */
export async function countReadingCosts(hospital: Hospital): Promise<ReadingCosts> {
  const { devices } = hospital;
  const vigil = await startVigil({ stage: 'production', hospital, seed: 1, startAt });
  try {
    for (let minute = 0; minute < MINUTES_BEFORE; minute++) await send(vigil, devices, normalValues);
    const cost = { now: nothing() };
    count(vigil, cost);
    for (let minute = 0; minute < AVERAGED_MINUTES; minute++)
      cost.now.kinesisBytes += devices.length * (await send(vigil, devices, normalValues));
    const normal = divided(cost.now, devices.length * AVERAGED_MINUTES);
    cost.now = nothing();
    cost.now.kinesisBytes = await send(vigil, devices.slice(0, 1), criticalValues);
    return { normal, critical: cost.now };
  } finally {
    vigil.stop();
  }
}

function divided(sum: ReadingCost, by: number): ReadingCost {
  const shares = Object.entries(sum).map(([name, value]) => [name, Math.round((value / by) * 100) / 100]);
  return Object.fromEntries(shares);
}
