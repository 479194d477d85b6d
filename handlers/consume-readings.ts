/**
 * The stream's consumer: every alarming reading becomes a claim, then an execution of the escalation. What was done before
 * a redelivery changes nothing the second time, so a crash at any line is mended by the next delivery or by the sweeper.
 */
import type { KinesisStreamBatchResponse } from 'aws-lambda';
import pMap from 'p-map';
import { z } from 'zod';
import { claimReading } from './alert/claim-reading.ts';
import { lastSighting } from './alert/newest-place.ts';
import { rememberContacts } from './aws/dynamodb/contact-store.ts';
import { rememberHeard } from './aws/dynamodb/feed-store.ts';
import { rememberReadings } from './aws/dynamodb/vitals-store.ts';
import { quarantine } from './aws/s3/quarantine.ts';
import { loadRoster } from './aws/s3/roster-store.ts';
import { loadIdentityKey } from './aws/secrets.ts';
import { deviceName } from './naming/place.ts';
import { UNREGISTERED } from './naming/stand-in.ts';
import type { Roster } from './on-call/roster.ts';
import type { Contacts, ContactsByDevice } from './reading/contacts.ts';
import type { DeviceRegistry } from './reading/device-registry.ts';
import { tellOfFaults } from './reading/faults.ts';
import { wardsHeard } from './reading/feeds.ts';
import { type Arrival, type Refused, readBatch, recordsOf } from './reading/kinesis-batch.ts';
import { isLive, timelinessOf } from './reading/late.ts';
import { signOf } from './reading/technical.ts';
import { environment } from './runtime/environment.ts';
import { errorName, logger, metrics, publishMetrics } from './runtime/logger.ts';
import { claimAndStart } from './use-cases/claim-and-start.ts';
import { rehearse, rehearsedIn } from './use-cases/rehearse.ts';
import { seeToFaults } from './use-cases/see-to-faults.ts';
import { takeBackIfReplaced } from './use-cases/take-back.ts';
import { wakeDeviceAlert } from './use-cases/wake-device-alert.ts';

/** Patients under way at once: a batch of 100 readings is through in about a second, within the SDK's 50 sockets. */
const AT_ONCE = { concurrency: 10 };

const settings = environment({
  TABLE_NAME: z.string().min(1),
  ESCALATION_ARN: z.string().min(1),
  ARCHIVE_BUCKET: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
  IDENTITY_SECRET_ARN: z.string().min(1),
  TEST_MODE: z.enum(['on', 'off']),
});
type Settings = ReturnType<typeof settings>;

/** Without a roster there are no wards' policies to judge by, without the key no ids: the batch fails, and comes again. */
export async function handler(event: unknown): Promise<KinesisStreamBatchResponse> {
  const now = new Date().toISOString();
  const config = settings();
  const records = recordsOf(event);
  const [roster, identityKey] = await Promise.all([
    loadRoster(config.ROSTER_BUCKET, Date.parse(now)),
    loadIdentityKey(config.IDENTITY_SECRET_ARN),
  ]);
  const batch = readBatch(records, { ...roster, identityKey });
  const { byPatient, refused } = batch;
  const drills = await rehearsedIn(config.TABLE_NAME, batch.arrivals);
  const rehearsed = new Set<Arrival | Refused>(drills.map(({ arrival }) => arrival));
  const others = <Item extends Arrival | Refused>(all: readonly Item[]) =>
    all.filter((item) => !rehearsed.has(item));
  const arrivals = others(batch.arrivals);
  report(arrivals, config.TEST_MODE === 'on');

  const devices = await hearDevices(arrivals, config);
  const contacts = new Map(Array.from(devices, ([deviceId, { heard }]) => [deviceId, heard]));
  const failures = [
    ...(await pMap(
      [...byPatient],
      ([patientId, ofPatient]) => raise(patientId, others(ofPatient), contacts, { ...config, roster, now }),
      AT_ONCE,
    )),
    ...(await pMap(refused, (record) => putAside(record, config), AT_ONCE)),
    // Patients come first.
    ...(await pMap(
      Map.groupBy(others(batch.items), ({ device }) => device),
      ([device, ofDevice]) => faulty(device, ofDevice, devices, { ...config, registry: roster, now }),
      AT_ONCE,
    )),
    ...(await pMap(drills, (drill) => rehearse(drill, { ...config, roster, now }), AT_ONCE)),
  ];
  const readings = live(arrivals).map(({ reading }) => reading);
  await rememberHeard(config.TABLE_NAME, wardsHeard(readings, roster.devices));
  publishMetrics();
  const failed = new Set(failures.flat());
  return {
    batchItemFailures: records
      .map(({ origin }) => origin.sequenceNumber)
      .filter((sequenceNumber) => failed.has(sequenceNumber))
      .map((itemIdentifier) => ({ itemIdentifier })),
  };
}

/** What is known of each device of the batch, this batch included; a device of which nothing could be read is missing. */
async function hearDevices(arrivals: readonly Arrival[], config: Settings): Promise<Map<string, Contacts>> {
  const heard = await pMap(
    heardByDevice(live(arrivals)),
    async ([deviceId, ofDevice]) => {
      const readings = ofDevice.map(({ reading }) => reading);
      return [deviceId, await rememberContacts(config.TABLE_NAME, deviceId, readings)] as const;
    },
    AT_ONCE,
  );
  return new Map(heard.flatMap(([deviceId, contacts]) => (contacts ? [[deviceId, contacts]] : [])));
}

/** By the device that they name, and by the registered one that is known by their key alone: it was heard as well. */
function heardByDevice(
  arrivals: readonly Arrival[],
): Map<string, { deviceId: string; reading: Arrival['reading'] }[]> {
  const heard = arrivals.flatMap(({ reading, device }) => {
    const known = device === UNREGISTERED ? [] : [device];
    return Array.from(new Set([reading.deviceId, ...known]), (deviceId) => ({ deviceId, reading }));
  });
  return Map.groupBy(heard, ({ deviceId }) => deviceId);
}

/** What corrects a measurement, or is re-driven, comes when somebody finds out, and not from the device. */
function live(arrivals: readonly Arrival[]): Arrival[] {
  return arrivals.filter(({ reading }) => isLive(reading));
}

/** Remembers a patient's readings and raises those that alarm; gives the sequence numbers of the records that must come again. */
async function raise(
  patientId: string,
  arrivals: Arrival[],
  contacts: ContactsByDevice,
  config: Settings & { roster: Roster; now: string },
): Promise<string[]> {
  if (arrivals.length === 0) return [];
  const { vitals, failure } = await rememberReadings(config.TABLE_NAME, patientId, arrivals, contacts);
  const failed: string[] = [];
  for (const arrival of arrivals) {
    const { level } = arrival.judgement;
    const heard = contacts.get(arrival.reading.deviceId);
    const timeliness = timelinessOf(arrival.reading, { heard, recent: vitals?.recent });
    if (timeliness === 'clockDoubted') {
      logger.warn('device-clock-off', loggable(arrival.reading));
      metrics.addMetric('DeviceClockOff', 'Count', 1);
    }
    // What was taken back must not go on counting.
    if (arrival.reading.replaces && failure !== undefined) failed.push(arrival.sequenceNumber);
    if (level === null) continue;
    const beside = { lastSeen: lastSighting(vitals?.recent ?? []), hospital: config.roster };
    const claim = claimReading({ ...arrival, ...beside }, level, timeliness, config.now);
    const done = await claimAndStart(config, claim);
    // Vitals that could not be written do not hold an alarm up: it is claimed and started first. But a critical reading
    // that the recheck does not know of could let an older good one close the alert, so its record comes again. A good
    // reading that is forgotten only makes the recheck ask for another one.
    const forgotten = failure !== undefined && arrival.judgement.severity !== 'suspect';
    if (!done || forgotten) failed.push(arrival.sequenceNumber);
  }
  for (const { reading, sequenceNumber } of arrivals) {
    if (!reading.replaces) continue;
    const done = await takeBackIfReplaced(config.TABLE_NAME, reading, vitals?.versions, config.now);
    if (!done) failed.push(sequenceNumber);
  }
  if (failure !== undefined) {
    logger.error('vitals-not-written', { readings: arrivals.length, error: errorName(failure) });
    metrics.addMetric('VitalsNotWritten', 'Count', 1);
  }
  return failed;
}

/** What the items say of a device's faults; gives the sequence numbers of the records that must come again. */
async function faulty(
  device: string,
  items: readonly (Arrival | Refused)[],
  known: ReadonlyMap<string, Contacts>,
  config: Settings & { registry: DeviceRegistry; now: string },
): Promise<string[]> {
  const heardAs = (item: Arrival | Refused) => ('reading' in item ? item.reading.deviceId : device);
  const signs = items.map((item) => signOf(item, known.get(heardAs(item))?.heard ?? []));
  if (!tellOfFaults(signs, known.get(device)?.faults)) return [];
  const ended = await seeToFaults(device, signs, config);
  for (const kind of ended ?? []) await wakeDeviceAlert(config.TABLE_NAME, device, kind);
  if (ended) return [];
  return items.map((item) => ('reading' in item ? item.sequenceNumber : item.origin.sequenceNumber));
}

/** Keeps an item that cannot be read or judged; gives its record's sequence number when that failed. */
async function putAside({ unreadable, origin }: Refused, config: Settings): Promise<string[]> {
  const { sequenceNumber } = origin;
  const { index, reason, technical } = unreadable;
  const record = { sequenceNumber, index, reason, technical };
  try {
    await quarantine(config.ARCHIVE_BUCKET, unreadable, origin);
    logger.warn(unreadable.refused ? 'reading-refused' : 'reading-quarantined', record);
    metrics.addMetric(unreadable.refused ? 'ReadingsRefused' : 'ReadingsQuarantined', 'Count', 1);
    return [];
  } catch (error) {
    logger.error('quarantine-not-written', { ...record, error: errorName(error) });
    metrics.addMetric('QuarantineNotWritten', 'Count', 1);
    return [sequenceNumber];
  }
}

/** A reading as a log may name it: its device only where the roster does, since anything may stand in an id. */
function loggable({ readingId, deviceId, deviceRegistered }: Arrival['reading']) {
  return { readingId, device: deviceRegistered ? deviceName(deviceId) : 'unregistered' };
}

/** What the roster lacks, or a device says wrongly: each has its alarm. */
const unknownMetrics = [
  ['device', 'UnknownDevice'],
  ['ward', 'UnknownWard'],
  ['bed', 'UnknownBed'],
] as const;

/** What the operators are to know of the readings, and in test mode each one: ids and severities, no values. */
function report(arrivals: Arrival[], testMode: boolean): void {
  // Its absence is an alarm: a feed that has stopped says nothing else.
  if (arrivals.length > 0) metrics.addMetric('ReadingsReceived', 'Count', arrivals.length);
  for (const { reading, judgement, ignored, unknown } of arrivals) {
    const { readingId } = reading;
    if (testMode) logger.info('reading-judged', { readingId, severity: judgement.severity });
    if (ignored.length > 0) logger.warn('fields-ignored', { readingId, fields: ignored });
    for (const [what, metric] of unknownMetrics) {
      if (!unknown[what]) continue;
      logger.warn(`${what}-unknown`, loggable(reading));
      metrics.addMetric(metric, 'Count', 1);
    }
  }
}
