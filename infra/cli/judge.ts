/**
 * `npm run -s judge -- FILE.jsonl [--policy NAME]`: what Vigil makes of each message, for whoever connects a device. A line
 * is `{ "name", "text" | "base64", "arrivedAt"? }`, taken as one record of the stream that arrives then at the sample
 * hospital, or now.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { parseHospital } from '../../handlers/on-call/parse-roster.ts';
import { readBatch } from '../../handlers/reading/kinesis-batch.ts';
import type { WardRegistry } from '../../handlers/reading/parse-record.ts';
import { signOf } from '../../handlers/reading/technical.ts';
import { InputError } from '../input-error.ts';
import { policyNames } from '../local/replay/hospital.ts';
import { runCommand } from './run-command.ts';

const usage = 'Usage: npm run -s judge -- FILE.jsonl [--policy NAME]';
const sampleHospital = new URL('../hospital/hospital.json', import.meta.url);

const Line = z
  .object({
    name: z.string(),
    text: z.string().optional(),
    base64: z.base64().optional(),
    arrivedAt: z.iso
      .datetime({ offset: true })
      .transform((at) => new Date(at).toISOString())
      .optional(),
  })
  .refine(
    ({ text, base64 }) => (text === undefined) !== (base64 === undefined),
    'neither text nor base64, or both',
  );
type Line = z.infer<typeof Line>;

function argumentsOf(argv: string[]): { fileName: string; policy: string | undefined } {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { policy: { type: 'string' } },
  });
  const [fileName, ...more] = positionals;
  if (!fileName || more.length > 0) throw new InputError(usage);
  if (values.policy !== undefined && !policyNames.includes(values.policy))
    throw new InputError(`--policy: none has this name; there are ${policyNames.join(', ')}\n${usage}`);
  return { fileName, policy: values.policy };
}

function linesOf(fileName: string): Line[] {
  let text: string;
  try {
    text = readFileSync(fileName, 'utf8');
  } catch {
    throw new InputError(`${fileName}: cannot be read`);
  }
  return text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      const at = `${fileName}:${index + 1}`;
      let content: unknown;
      try {
        content = JSON.parse(line);
      } catch {
        throw new InputError(`${at}: not JSON`);
      }
      const parsed = Line.safeParse(content);
      if (parsed.success) return [parsed.data];
      const [issue] = parsed.error.issues;
      throw new InputError(`${at}: ${[...(issue?.path ?? []), issue?.message].join(': ')}`);
    });
}

/** The sample hospital; `policy`, where it is given, judges everyone. */
function registryOf(policy: string | undefined): WardRegistry {
  const hospital = parseHospital(readFileSync(sampleHospital, 'utf8'), 'hospital.json');
  const policies = policy === undefined ? undefined : { adult: policy, obstetric: policy, child: policy };
  return {
    ...hospital,
    wards: hospital.wards.map((ward) => ({ ...ward, ...(policies && { policies }) })),
    identityKey: new TextEncoder().encode('no stage'),
  };
}

/** `arrivedAt`: without it a message comes when it says that it was measured, as one that was kept did; else now. */
function received({ text, base64, arrivedAt }: Line, index: number, now: string, registry: WardRegistry) {
  const bytes = Buffer.from(text ?? base64 ?? '', text === undefined ? 'base64' : 'utf8');
  const at = (arrival: string) => ({
    bytes,
    origin: { shardId: 'shardId-000000000000', sequenceNumber: String(index), arrivedAt: arrival },
  });
  const batch = readBatch([at(arrivedAt ?? now)], registry);
  const measuredAt = batch.arrivals
    .map(({ reading }) => reading.measuredAt)
    .sort()
    .at(-1);
  if (arrivedAt !== undefined || measuredAt === undefined || measuredAt >= now) return batch;
  return readBatch([at(measuredAt)], registry);
}

function judged(line: Line, index: number, now: string, registry: WardRegistry) {
  const { name } = line;
  const { items, arrivals, refused } = received(line, index, now, registry);
  return {
    name,
    readings: arrivals.map(({ reading, judgement, ignored }) => ({
      patient: reading.patientId,
      device: reading.deviceId,
      measuredAt: reading.measuredAt,
      systolic: reading.systolicMmHg,
      diastolic: reading.diastolicMmHg,
      meanArterial: reading.meanArterialMmHg,
      severity: judgement.severity,
      readsAs: judgement.readsAs,
      level: judgement.level,
      quality: reading.quality,
      assumed: reading.assumed,
      ignored,
    })),
    refused: refused.map(({ unreadable: { reason } }) => ({ reason })),
    technical: [...new Set(items.flatMap((item) => signOf(item, []).shows))],
  };
}

await runCommand(async () => {
  const { fileName, policy } = argumentsOf(process.argv.slice(2));
  const registry = registryOf(policy);
  const now = new Date().toISOString();
  for (const [index, line] of linesOf(fileName).entries())
    console.log(JSON.stringify(judged(line, index, now, registry)));
  return 0;
}, usage);
