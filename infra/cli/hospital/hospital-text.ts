/** A hospital on a terminal: a label and a text a line, in 100 columns. */
import { DateTime } from 'luxon';
import type { HospitalOverview } from '../../../handlers/on-call/overview.ts';
import { type Finding, lineOf } from '../../../handlers/on-call/parse-roster.ts';
import { isUnreachable, type Preflight, preflightLine } from '../../../handlers/on-call/preflight.ts';

const COLUMNS = 100;

/** Without wards where the file could not be read as a roster. */
export function hospitalText(
  hospital: Partial<HospitalOverview> & { preflight?: Preflight; problems: readonly Finding[] },
): string {
  const { name, zone, at, wards = [], policies = [], timings = [], preflight, problems } = hospital;
  const clock =
    at && DateTime.fromISO(at, { zone }).setLocale('en').toFormat("ccc d LLL yyyy HH:mm '(UTC'ZZ')'");
  return [
    ...(name ? [row('', `${name}, ${zone}, ${clock}`)] : []),
    ...wards.map(wardText),
    ...policies.map(policyText),
    ...timings.map(timingText),
    ...(preflight ? [preflightText(preflight)] : []),
    problemsText(problems),
  ].join('\n\n');
}

function wardText({
  id,
  name,
  fallback,
  checkIn,
  onCall,
  bedNurses,
  everyone,
  policies,
  devices,
  beds,
}: HospitalOverview['wards'][number]) {
  const levels = Object.entries(onCall).map(([level, people]) =>
    row(`  ${level}`, people.length === 0 ? 'nobody' : people.map(called).join(', ')),
  );
  const ofBeds = bedNurses.map((nurse) => `bed ${nurse.bed} ${called(nurse)}`);
  const places = devices.map(({ id, bed, standby }) => `${id} bed ${bed}${standby ? ' (standby)' : ''}`);
  return [
    row('', `${id}: ${name}${fallback ? ' (answers for unknown wards)' : ''}`),
    ...levels,
    ...(ofBeds.length > 0 ? [row('  of beds', ofBeds.join(', '))] : []),
    ...(checkIn ? [row('  check-in', 'whoever begins a shift is asked to confirm')] : []),
    row('  everyone', everyone.length === 0 ? 'nobody' : everyone.join(', ')),
    row(
      '  judged by',
      Object.entries(policies)
        .map(([cohort, policy]) => `${cohort}: ${policy}`)
        .join(', '),
    ),
    row('  devices', places.length === 0 ? 'none' : places.join(', ')),
    ...(beds.length > 0 ? [row('  other beds', beds.join(', '))] : []),
  ].join('\n');
}

function called({ name, id, sms }: { name: string; id: string; sms: boolean }): string {
  return `${name} (${id}${sms ? '; mail, SMS' : ''})`;
}

function policyText({ name, version, validFrom, limits }: HospitalOverview['policies'][number]): string {
  return [
    row('', `Policy ${name}, version ${version}${validFrom ? `, from ${validFrom}` : ''}, in mmHg`),
    ...limits.map(({ limit, mmHg, source }) => {
      const [, severity = '', pressure = '', end] =
        /^([a-z]+)(Systolic|Diastolic)(Low|High)$/.exec(limit) ?? [];
      const value = `${end === 'Low' ? '< ' : '>='} ${mmHg}`;
      return row(`  ${severity.padEnd(9)} ${pressure.toLowerCase().padEnd(9)} ${value}`, source, 29);
    }),
  ].join('\n');
}

function timingText({ of, worstCases }: HospitalOverview['timings'][number]): string {
  return [
    row('', `From a reading to a person or an alarm, at the latest (${of.join(', ')})`),
    ...worstCases.flatMap(({ severity, seconds, most, summands }) => [
      ...summands.map(({ seconds, what }, index) =>
        row(`  ${(index === 0 ? severity : '').padEnd(9)} ${String(seconds).padStart(4)} s`, what, 19),
      ),
      row(`  ${''.padEnd(9)} ${String(seconds).padStart(4)} s`, `in all, of ${most} s`, 19),
    ]),
  ].join('\n');
}

function preflightText({ checkedAt, problems }: Preflight): string {
  return [
    row(
      '',
      `Preflight of ${checkedAt}: ${problems.length === 0 ? 'mail reaches whoever is on call' : ''}`.trimEnd(),
    ),
    ...problems.map((problem) => row(isUnreachable(problem) ? '  alarm' : '  check', preflightLine(problem))),
  ].join('\n');
}

function problemsText(problems: readonly Finding[]): string {
  if (problems.length === 0) return row('', 'No problems found.');
  const refusals = problems.filter(({ level }) => level === 'refusal').length;
  return [
    row('', `Problems: ${refusals} refused, ${problems.length - refusals} to check`),
    ...problems.map((problem) => row(problem.level === 'refusal' ? '  refused' : '  check', lineOf(problem))),
  ].join('\n');
}

/** Long texts go on below themselves. Nothing of the file moves the cursor. */
function row(label: string, text: string, indent = label === '' ? 0 : 14): string {
  const room = COLUMNS - indent;
  const lines = [''];
  for (const word of text
    .replace(/\p{C}/gu, '')
    .split(' ')
    .flatMap((word) => pieces(word, room))) {
    const line = lines.at(-1) as string;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= room) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines
    .map((line, index) => `${(index === 0 ? label : '').padEnd(indent)}${line}`.trimEnd())
    .join('\n');
}

function pieces(word: string, length: number): string[] {
  return word.match(new RegExp(`.{1,${length}}`, 'gu')) ?? [''];
}
