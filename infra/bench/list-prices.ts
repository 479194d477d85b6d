/**
 * What AWS charges for what grows with the readings: list prices of us-east-1 in US dollars, without any free tier or
 * reservation. The one place where the arithmetic is.
 */
import type { ReadingCost } from './reading-costs.ts';

const MILLION = 1_000_000;
const GIGABYTE = 1024 ** 3;
const MINUTES_A_MONTH = 730 * 60;

/** https://aws.amazon.com/kinesis/data-streams/pricing/ (on demand; each record counts as whole kilobytes). */
const KINESIS_IN_A_GB = 0.08;
const KINESIS_OUT_A_GB = 0.04;
const KINESIS_KEPT_A_GB_MONTH = 0.1;
/** https://aws.amazon.com/dynamodb/pricing/on-demand/ */
const WRITE_UNIT = 0.625 / MILLION;
const READ_UNIT = 0.125 / MILLION;
/** https://aws.amazon.com/lambda/pricing/ (Arm). */
const INVOCATION = 0.2 / MILLION;
const GB_SECOND = 0.0000133334;
/** https://aws.amazon.com/firehose/pricing/ (each record counts as whole 5 kilobytes), with conversion to Parquet. */
const FIREHOSE_A_GB = 0.029 + 0.018;

/**
 * https://aws.amazon.com/step-functions/pricing/ (Standard): 0.025 dollars for a thousand. Each state that is entered is
 * one, and so is each retry.
 */
export const CENTS_A_STATE_TRANSITION = 0.0025;

/** The consumer's memory; the archive's is the same (infra/stack). */
const LAMBDA_GB = 0.5;
/** The consumer and Firehose's processor read each record, and both run. */
const READERS = 2;

const wholeKilobytes = (bytes: number, unit = 1) => Math.ceil(bytes / (1024 * unit)) * 1024 * unit;
const cents = (dollars: number) => Math.round(dollars * 100) / 100;

/** US dollars a month, by service; `total` is their sum. */
export function pricePerMonth(
  reading: ReadingCost,
  { readingsAMinute }: { readingsAMinute: number },
): Record<string, number> {
  const readings = readingsAMinute * MINUTES_A_MONTH;
  const gigabytes = (readings * wholeKilobytes(reading.kinesisBytes)) / GIGABYTE;
  const keptMonths = 6 / 30;
  const services = {
    kinesis:
      gigabytes * (KINESIS_IN_A_GB + READERS * KINESIS_OUT_A_GB + keptMonths * KINESIS_KEPT_A_GB_MONTH),
    dynamoDb: readings * (reading.dynamoDbWriteUnits * WRITE_UNIT + reading.dynamoDbReadUnits * READ_UNIT),
    lambda:
      readings * (reading.lambdaInvocations * INVOCATION + (reading.lambdaMs / 1000) * LAMBDA_GB * GB_SECOND),
    firehose: ((readings * wholeKilobytes(reading.kinesisBytes, 5)) / GIGABYTE) * FIREHOSE_A_GB,
  };
  const total = Object.values(services).reduce((sum, dollars) => sum + dollars, 0);
  return Object.fromEntries(
    Object.entries({ ...services, total }).map(([name, dollars]) => [name, cents(dollars)]),
  );
}
