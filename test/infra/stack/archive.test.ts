import { expect, test } from 'vitest';
import { archiveRecord } from '../../../handlers/reading/archive-batch.ts';
import { bytesOf, hospital, onTheWire, origin } from '../../handlers/reading/builders.ts';
import { resources } from '../template.ts';

/** What the template tells Firehose's processor, by name. */
const parameters = new Map<string, string>(
  resources('AWS::KinesisFirehose::DeliveryStream')
    .flatMap(
      ([, stream]) => stream.ExtendedS3DestinationConfiguration.ProcessingConfiguration?.Processors ?? [],
    )
    .flatMap(({ Parameters }) => Parameters)
    .map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]),
);

/** A record's id as Firehose gives it: 56 digits of a sequence number and 6 more. */
const recordId = '4'.repeat(62);

test.each([
  ['Vigil readings', onTheWire()],
  ['legacy readings', { id: 'bp-1', systolic: 120, diastolic: 80 }],
  ['the shortest readings that there are', { id: '1', systolic: 0, diastolic: 0 }],
])('a full batch of %s is answered within Lambda’s 6 MB', (_what, content) => {
  const bytes = bytesOf(content);
  const row = archiveRecord(
    {
      recordId,
      data: Buffer.from(bytes).toString('base64'),
      kinesisRecordMetadata: { ...origin, approximateArrivalTimestamp: Date.parse(origin.arrivedAt) },
    },
    hospital,
  );
  expect(row.result).toBe('Ok');
  const batchBytes = Number(parameters.get('BufferSizeInMBs')) * 1024 * 1024;
  const answerBytes = Math.ceil(batchBytes / bytes.length) * `${JSON.stringify(row)},`.length;
  expect(answerBytes).toBeLessThan(6 * 1024 * 1024);
});
