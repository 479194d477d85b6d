/** A patient's own limits, for who gave a PIN: what readings are judged by just now, until when, and who says so. */
import { limitsInForce } from '../clinical/patient-limits.ts';
import { type LimitName, limitNames } from '../clinical/policies.ts';
import { type Html, html } from '../web/html.ts';
import { clockTime } from '../web/time.ts';
import { nameOf, type RequestContext } from './request-context.ts';
import { pageWords } from './words.en.ts';

const words = pageWords.inside;

/** Undefined of a patient who has none, and of what is no patient's. */
export function ownLimits({ alert, roster, now }: RequestContext): Html | undefined {
  const { patientId } = alert;
  const own =
    patientId === null ? undefined : limitsInForce({ patientId, arrivedAt: now }, roster.patientLimits);
  if (!own) return undefined;
  const named = limitNames.flatMap((name) => limitInWords(name, own.limits[name]) ?? []);
  const until = clockTime(own.until, roster.zone, now);
  return html`<p>${words.ownLimits(until, nameOf(roster, own.setBy), named)}</p>`;
}

/** `critical systolic below 85`, `emergency systolic 230 or more`. */
function limitInWords(name: LimitName, mmHg: number | undefined): string | undefined {
  if (mmHg === undefined) return undefined;
  const [, severity, pressure = '', side] = /^([a-z]+)(Systolic|Diastolic)(Low|High)$/.exec(name) ?? [];
  return `${severity} ${pressure.toLowerCase()} ${side === 'Low' ? words.below(mmHg) : words.orMore(mmHg)}`;
}
