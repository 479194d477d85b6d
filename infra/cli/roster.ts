/**
 * `npm run roster`: `check` and `publish`, the hospital's file, checked and put where Vigil reads it. `check --published`: are
 * there PINs in what is published that anybody guesses? `show`, `gaps`, `at`, `calendar`: who is on call. `swap`: who takes
 * whose shift. `confirm`: a clinician's mail subscription, confirmed with credentials. `test`: a mail to a clinician. `limits`:
 * a patient's own, which a doctor sets for some hours. `unlock`: the tries that wrong PINs have used.
 */
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Finding, lineOf } from '../../handlers/on-call/parse-roster.ts';
import type { Hospital } from '../../handlers/on-call/roster.ts';
import { checkedFile } from '../hospital/hospital-file.ts';
import { confirmSubscription, publishRoster, type RosterTarget } from '../hospital/published-roster.ts';
import { InputError } from '../input-error.ts';
import { clearLimits, limitOptions, limitsIn, setLimits } from './roster/limits.ts';
import { isLookUp, lookUp, lookUpUsage } from './roster/look-up.ts';
import { swapShifts } from './roster/swap.ts';
import { sendTestMail } from './roster/test-mail.ts';
import { runCommand } from './run-command.ts';

const usage = `Usage: npm run roster -- check FILE
       npm run roster -- publish FILE --bucket BUCKET --secret SECRET_ARN
       npm run roster -- check --published --bucket BUCKET --secret SECRET_ARN
${lookUpUsage}
       npm run roster -- swap CLINICIAN --at TIME --with CLINICIAN [--for TIME] [--force] --bucket BUCKET
       npm run roster -- test CLINICIAN --topics CLINICIAN_TOPICS
       npm run roster -- limits PATIENT --by DOCTOR --hours HOURS --LIMIT MMHG ... --bucket BUCKET [--system URI] [--secret IDENTITY_SECRET]
                                      [--table TABLE]
       npm run roster -- limits PATIENT --clear --bucket BUCKET [--system URI] [--secret IDENTITY_SECRET]
       npm run roster -- confirm LINK
       npm run roster -- unlock CLINICIAN --table TABLE
       npm run roster -- unlock --everybody --table TABLE
LIMIT:
${Object.keys(limitOptions)
  .map((name) => `       ${name}`)
  .join('\n')}`;

type Read = { hospital: Hospital; warnings: string[] };

/** The file, unless anything in it is refused: then throws InputError with everything that is to be said of it. */
function readHospital(fileName: string): Read {
  const { roster: hospital, findings } = checkedFile(fileName, new Date().toISOString());
  const linesOf = (wanted: Finding['level']) => findings.filter(({ level }) => level === wanted).map(lineOf);
  const [refusals, warnings] = [linesOf('refusal'), linesOf('warning')];
  if (hospital && refusals.length === 0) return { hospital, warnings };
  throw new InputError(
    [...refusals, ...warnings.map((line) => `warning: ${line}`)]
      .map((line) => `${fileName}: ${line}`)
      .join('\n'),
  );
}

/** By command: an option that it would ignore is a mistake to hear of. */
const optionsOf = new Map([
  ['check', ['published', 'bucket', 'secret']],
  ['publish', ['bucket', 'secret']],
  ['swap', ['at', 'with', 'for', 'force', 'bucket']],
  ['test', ['topics']],
  ['limits', ['by', 'hours', 'clear', 'bucket', 'system', 'secret', 'table', ...Object.keys(limitOptions)]],
  ['confirm', []],
  ['unlock', ['table', 'everybody']],
]);

type Options = Omit<ReturnType<typeof argumentsOf>, 'command' | 'subject'>;

function argumentsOf(argv: string[]) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      bucket: { type: 'string' },
      secret: { type: 'string' },
      table: { type: 'string' },
      published: { type: 'boolean' },
      everybody: { type: 'boolean' },
      clear: { type: 'boolean' },
      system: { type: 'string' },
      by: { type: 'string' },
      hours: { type: 'string' },
      at: { type: 'string' },
      with: { type: 'string' },
      for: { type: 'string' },
      force: { type: 'boolean' },
      topics: { type: 'string' },
      ...limitOptions,
    },
  });
  const [command = '', subject, ...more] = positionals;
  const foreign = Object.keys(values).find((name) => !(optionsOf.get(command) ?? []).includes(name));
  if (foreign !== undefined) throw new InputError(`${command}: no option --${foreign}\n${usage}`);
  // What is meant stands either in a word or in an option.
  const isSaid = values.published || values.everybody;
  if (more.length > 0 || (subject === undefined) !== (isSaid === true)) throw new InputError(usage);
  return { command, subject: subject ?? '', ...values };
}

/** The bucket and the secret that deploy printed; throws InputError when one is not said. */
function targetOf({ bucket, secret }: { bucket?: string; secret?: string }): RosterTarget {
  if (!bucket || !secret) throw new InputError(usage);
  return { bucket, secretArn: secret, s3: new S3Client(), secretsManager: new SecretsManagerClient() };
}

/** What the command does, by its arguments; throws InputError. */
export async function rosterCommand(argv: string[]): Promise<string> {
  const { command, subject, ...options } = argumentsOf(argv);
  if (command === 'confirm' && subject)
    return `${await confirmSubscription(subject, new SNSClient())}: confirmed`;
  if (command === 'unlock') return unlock(subject, options.table);
  if (command === 'check' && options.published) {
    const { checkPublished } = await import('./roster/published-pins.ts');
    return checkPublished(targetOf(options), console.error);
  }
  if (command === 'check' && subject) return check(subject);
  if (command === 'limits' && subject) return limits(subject, options);
  if (command === 'swap' && subject) return swap(subject, options);
  if (command === 'test' && subject && options.topics)
    return sendTestMail(subject, options.topics, new SNSClient());
  if (command === 'publish' && subject) return publish(subject, targetOf(options));
  throw new InputError(usage);
}

/** Sets them, or with --clear ends them. */
async function limits(name: string, options: Options): Promise<string> {
  const { bucket, secret, table, clear, system, by, hours } = options;
  if (!bucket) throw new InputError(usage);
  const patient = { patient: name, system };
  const on = {
    bucket,
    secretArn: secret,
    tableName: table,
    dynamoDb: DynamoDBDocumentClient.from(new DynamoDBClient()),
    s3: new S3Client(),
    secretsManager: new SecretsManagerClient(),
  };
  if (clear) return clearLimits(patient, on);
  const set = limitsIn(options);
  if (!by || !hours || Object.keys(set).length === 0) throw new InputError(usage);
  return setLimits(patient, { limits: set, setBy: by, hours }, on);
}

async function swap(
  clinicianId: string,
  { bucket, at, with: other, for: exchangedFor, force }: Options,
): Promise<string> {
  if (!bucket || !at || !other) throw new InputError(usage);
  const said = { at, with: other, exchangedFor, isForced: force === true };
  return swapShifts(clinicianId, said, { bucket, s3: new S3Client() }, usage);
}

/** Everybody, without a clinician. */
async function unlock(clinicianId: string, tableName: string | undefined): Promise<string> {
  if (!tableName) throw new InputError(usage);
  const { unlockClinician, unlockEverybody } = await import('./roster/unlock.ts');
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  const unlocking = { tableName, now: new Date().toISOString(), by: userInfo().username, client };
  return clinicianId ? unlockClinician(clinicianId, unlocking) : unlockEverybody(unlocking);
}

const countedIn = ({ clinicians, rotations, devices }: Hospital) =>
  `${clinicians.length} clinicians, ${rotations.length} rotations, ${devices.length} devices`;

/** What is legal and may be meant otherwise, below a line about the rest. */
const withWarnings = (line: string, warnings: readonly string[]) =>
  [line, ...warnings.map((warning) => `  ${warning}`)].join('\n');

function check(fileName: string): string {
  const { hospital, warnings } = readHospital(fileName);
  const line = `${fileName}: ${countedIn(hospital)}; no errors${warnings.length > 0 ? '; check:' : ''}`;
  return withWarnings(line, warnings);
}

async function publish(fileName: string, target: RosterTarget): Promise<string> {
  const { hospital, warnings } = readHospital(fileName);
  const remarks = await publishRoster(hospital, target);
  // Only now: the local account publishes too, and does without this client.
  const { zoneRemark } = await import('./roster/deployed-zone.ts');
  const remark = await zoneRemark(hospital.zone, target.secretArn);
  if (remark) remarks.push(remark);
  const line = `${fileName}: published (${countedIn(hospital)})${warnings.length > 0 ? '; check:' : ''}`;
  return [withWarnings(line, warnings), ...remarks].join('\n');
}

if (import.meta.main) {
  await runCommand(async () => {
    const argv = process.argv.slice(2);
    const { text, exitCode } = isLookUp(argv[0])
      ? await lookUp(argv)
      : { text: await rosterCommand(argv), exitCode: 0 };
    console.log(text);
    return exitCode;
  }, usage);
}
