/** Reads a roster, from a file or from S3, and checks it whole, with its cross-references. */
import type { z } from 'zod';
import { isPolicyName } from '../clinical/choose-policy.ts';
import { oneLine } from '../naming/one-line.ts';
import { hospitalProblems, hospitalRemarks } from './hospital-problems.ts';
import { namingProblems } from './naming-problems.ts';
import { patientLimitProblems, policyProblems, policyRemarks } from './policy-problems.ts';
import { versionProblems } from './policy-versions.ts';
import { Hospital, Roster } from './roster.ts';
import { type Problem, rosterProblems } from './roster-problems.ts';

/** The roster cannot be used; the message has one line for each problem, with the file and the path of its field. */
export class RosterError extends Error {
  override readonly name = 'RosterError';
  /** Where, without what stands there: for a log. */
  readonly fields: readonly string[];
  constructor(message: string, fields: readonly string[] = []) {
    super(message);
    this.fields = fields;
  }
}

/** The hospital's file, checked with its cross-references, for what cannot be meant or not be read; throws RosterError. */
export function parseHospital(text: string, fileName: string): Hospital {
  return parse(Hospital, text, fileName, (hospital) => [
    ...hospitalProblems(hospital),
    ...policyProblems(hospital),
    ...namingProblems(hospital),
  ]);
}

/** What in a hospital's file is legal, and may be meant otherwise: a line each, with the path of the field. */
export function remarksOn(hospital: Hospital): string[] {
  return [...policyRemarks(hospital), ...hospitalRemarks(hospital)].map(
    ({ path, message }) => `${pathOf(path)}${oneLine(message)}`,
  );
}

/** The published roster, checked with its cross-references; throws RosterError. */
export function parseRoster(text: string, fileName: string): Roster {
  return parse(Roster, text, fileName, patientLimitProblems);
}

function parse<Checked extends Hospital | Roster>(
  schema: z.ZodType<Checked>,
  text: string,
  fileName: string,
  furtherProblems: (checked: Checked) => Problem[],
): Checked {
  const parsed = schema.safeParse(jsonOf(text, fileName));
  const problems = parsed.success
    ? [
        ...rosterProblems(parsed.data, (name) => isPolicyName(name, parsed.data)),
        ...versionProblems(parsed.data.policies),
        ...furtherProblems(parsed.data),
      ]
    : parsed.error.issues.map(({ path, message }) => ({ path, message }));
  if (parsed.success && problems.length === 0) return parsed.data;
  throw rosterErrorOf(problems, fileName);
}

/** A line for each problem. */
export function rosterErrorOf(problems: readonly Problem[], fileName: string): RosterError {
  return new RosterError(
    problems.map(({ path, message }) => `${fileName}: ${pathOf(path)}${oneLine(message)}`).join('\n'),
    [...new Set(problems.map(({ path }) => pathOf(path).replace(/: $/, '')))],
  );
}

function jsonOf(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which holds PINs.
    throw new RosterError(`${fileName}: not JSON`);
  }
}

/** e.g. `clinicians[3].email: `. */
function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '';
  return `${path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')}: `.replace(
    /^\./,
    '',
  );
}
