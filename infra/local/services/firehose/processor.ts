/** Firehose's processor: the Lambda function that makes of each record what is archived. */
import type { Timer } from '../../engine/clock.ts';
import type { Random } from '../../engine/random.ts';
import type { Account, Caller, Payload } from '../../engine/service.ts';
import type { Properties } from './properties.ts';

/** Firehose's default for a processor's buffer. */
const transformMBs = 1;
/** Firehose's default; the first attempt is not counted. */
const transformRetries = 3;
/** Its pauses are not documented. */
const transformRetryMs = 1000;

export type Buffered = { data: Buffer; at: number; kinesis?: Payload };
export type Delivery = {
  name: string;
  arn: string;
  properties: Properties;
  waiting: Buffered[];
  bytes: number;
  /** When the buffer is delivered, if it is not full before. */
  timer: Timer | undefined;
};

export const callerOf = ({ name, properties }: Delivery): Caller => ({
  name: `firehose ${name}`,
  roleArn: properties.ExtendedS3DestinationConfiguration.RoleARN,
});

function parametersOf({ properties }: Delivery): Map<string, string> {
  const { ProcessingConfiguration } = properties.ExtendedS3DestinationConfiguration;
  return new Map(
    ProcessingConfiguration?.Processors[0].Parameters.map(({ ParameterName, ParameterValue }) => [
      ParameterName,
      ParameterValue,
    ]),
  );
}

/** Answers, for the records of a delivery, which are to be converted and which have failed. */
export function processor(account: Account, random: Random) {
  /** The processor's answer to a batch; undefined when it failed as often as it is tried. */
  async function invoke(delivery: Delivery, records: Payload[]): Promise<Payload[] | undefined> {
    const parameters = parametersOf(delivery);
    const Payload = JSON.stringify({
      invocationId: random.bytes(16).toString('hex'),
      deliveryStreamArn: delivery.arn,
      region: account.region,
      records,
    });
    const retries = Number(parameters.get('NumberOfRetries') ?? transformRetries);
    for (let attempt = 0; attempt <= retries; attempt++) {
      if (attempt > 0) await account.clock.sleep(transformRetryMs);
      const FunctionName = parameters.get('LambdaArn');
      const result = await account
        .call(callerOf(delivery), 'lambda', 'Invoke', { FunctionName, Payload })
        .catch((error: Error) => ({ FunctionError: error.name }));
      if (!result.FunctionError) return JSON.parse(result.Payload)?.records;
    }
    return undefined;
  }

  async function transformBatch(delivery: Delivery, batch: Buffered[]) {
    const answers = await invoke(
      delivery,
      batch.map((record, index) => ({
        recordId: String(index),
        approximateArrivalTimestamp: record.at,
        data: record.data.toString('base64'),
        ...(record.kinesis && { kinesisRecordMetadata: record.kinesis }),
      })),
    );
    const known = Array.isArray(answers) ? answers : [];
    const byId = new Map(known.map((answer) => [answer?.recordId, answer]));
    return batch.map((record, index) => ({ record, answer: byId.get(String(index)) }));
  }

  /** What the processor makes of the records: those to convert, and those that failed. */
  async function transform(delivery: Delivery, records: Buffered[]) {
    if (!delivery.properties.ExtendedS3DestinationConfiguration.ProcessingConfiguration)
      return { ok: records, failed: [] as Buffered[] };
    const ok: Buffered[] = [];
    const failed: Buffered[] = [];
    const most = Number(parametersOf(delivery).get('BufferSizeInMBs') ?? transformMBs) * 1024 * 1024;
    for (let from = 0; from < records.length; ) {
      let to = from;
      for (let bytes = 0; to < records.length && bytes < most; to++)
        bytes += (records[to] as Buffered).data.length;
      for (const { record, answer } of await transformBatch(delivery, records.slice(from, to))) {
        if (answer?.result === 'Ok' && typeof answer.data === 'string')
          ok.push({ ...record, data: Buffer.from(answer.data, 'base64') });
        else if (answer?.result !== 'Dropped') failed.push(record);
      }
      from = to;
    }
    return { ok, failed };
  }

  return transform;
}
